"""Referee of the detectors: what they find in pictures of ../shared, decoded with numpy, boxes chosen by OpenCV.

    /usr/bin/python3 tests/referees/detect.py [FOLDER for drawings]

Writes tests/models/adapters/detect/expected.json: for each model and picture, rows of x1, y1, x2, y2, score, class; source pixels.
"""

import sys

import cv2
import numpy as np
from pictures import PICTURES, ROOT, letterbox, load, planar, rounded, run_models, write


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def chosen(boxes, scores, least, overlap):
    """Each box for its best class; NMS by class, greedy, by OpenCV."""
    best = scores.argmax(1)
    rows = []
    for klass in np.unique(best):
        mine = np.flatnonzero(best == klass)
        sizes = np.concatenate([boxes[mine, :2], boxes[mine, 2:] - boxes[mine, :2]], 1)
        kept = cv2.dnn.NMSBoxes(sizes.tolist(), scores[mine, klass].tolist(), least, overlap)
        rows += [[*boxes[mine[k]], scores[mine[k], klass], klass] for k in np.reshape(kept, -1).astype(int)]
    return np.array(rows, np.float64).reshape(-1, 6)


def yolox_tensor(image):
    return planar(letterbox(image, 416, 416, 114)[0])


def yolox(image, outputs):
    _, offset, scale = letterbox(image, 416, 416, 114)
    raw = outputs[0][0].astype(np.float64)
    cells = []
    for stride in (8, 16, 32):
        rows, columns = np.mgrid[0 : 416 // stride, 0 : 416 // stride]
        cells.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], 1))
    cells = np.concatenate(cells)
    centre = (raw[:, :2] + cells[:, :2]) * cells[:, 2:]
    size = np.exp(raw[:, 2:4]) * cells[:, 2:]
    boxes = np.concatenate([centre - size / 2, centre + size / 2], 1)
    return in_picture(chosen(boxes, raw[:, 4:5] * raw[:, 5:], 0.3, 0.45), image, offset, scale)


def fastestdet_tensor(image):
    return planar(cv2.resize(image, (352, 352), interpolation=cv2.INTER_LINEAR)) / 255


def fastestdet(image, outputs):
    boxes, scores = [], []
    for row in range(22):
        for column in range(22):
            cell = outputs[0][0, :, row, column].astype(np.float64)
            x, y = (column + np.tanh(cell[1])) / 22, (row + np.tanh(cell[2])) / 22
            w, h = sigmoid(cell[3]), sigmoid(cell[4])
            boxes.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
            scores.append(cell[0] ** 0.6 * cell[5:] ** 0.4)
    return relative(chosen(np.array(boxes) * 352, np.array(scores), 0.65, 0.45), image, 352, 352)


MEAN, STD = np.float32([103.53, 116.28, 123.675]), np.float32([57.375, 57.12, 58.395])


def rtmdet_tensor(image):
    return planar((letterbox(image, 320, 320, 114)[0] - MEAN) / STD)


def rtmdet(image, outputs):
    _, offset, scale = letterbox(image, 320, 320, 114)
    dets, labels = outputs[0][0].astype(np.float64), outputs[1][0]
    rows = np.concatenate([dets, labels[:, None]], 1)
    return in_picture(rows[dets[:, 4] >= 0.3], image, offset, scale)


def faces_tensor(image):
    rgb = cv2.cvtColor(cv2.resize(image, (320, 240), interpolation=cv2.INTER_LINEAR), cv2.COLOR_BGR2RGB)
    return planar((rgb.astype(np.float32) - 127) / 128)


def faces(image, outputs):
    scores, boxes = outputs[0][0].astype(np.float64), outputs[1][0].astype(np.float64)
    canvas = np.array([320, 240, 320, 240])
    return relative(chosen(boxes * canvas, scores[:, 1:], 0.7, 0.3), image, 320, 240)


def relative(rows, image, width, height):
    return in_picture(rows, image, np.zeros(2), np.array([width / image.shape[1], height / image.shape[0]]))


def in_picture(rows, image, offset, scale):
    rows = rows.copy()
    rows[:, :2] = (rows[:, :2] - offset) / scale
    rows[:, 2:4] = (rows[:, 2:4] - offset) / scale
    rows[:, 0:4:2] = np.clip(rows[:, 0:4:2], 0, image.shape[1])
    rows[:, 1:4:2] = np.clip(rows[:, 1:4:2], 0, image.shape[0])
    return rows[np.argsort(-rows[:, 4])]


MODELS = {
    "yolox-nano": ("detect/yolox_nano.onnx", yolox_tensor, yolox),
    "fastestdet": ("detect/FastestDet.onnx", fastestdet_tensor, fastestdet),
    "rtmdet-nano-person": ("pose/rtmdet_nano_person_end2end.onnx", rtmdet_tensor, rtmdet),
    "rfb-320": ("detect/face_version-RFB-320.onnx", faces_tensor, faces),
}


def draw(folder, model, picture, image, rows):
    for x1, y1, x2, y2, score, klass in rows:
        cv2.rectangle(image, (int(x1), int(y1)), (int(x2), int(y2)), (0, 255, 0), 2)
        cv2.putText(image, f"{int(klass)} {score:.2f}", (int(x1), int(y1) + 12), 0, 0.4, (0, 0, 255), 1)
    cv2.imwrite(f"{folder}/{model}-{picture}.png", image)


def main():
    images = {name: load(name) for name in PICTURES}
    tasks = [(model, picture) for model in MODELS for picture in images]
    results = run_models([(MODELS[model][0], MODELS[model][1](images[picture])) for model, picture in tasks])
    expected = {model: {} for model in MODELS}
    for (model, picture), outputs in zip(tasks, results):
        rows = MODELS[model][2](images[picture], outputs)
        expected[model][picture] = rounded(rows)
        if len(sys.argv) > 1:
            draw(sys.argv[1], model, picture, images[picture].copy(), rows)
    write(ROOT / "tests/models/adapters/detect/expected.json", expected)


main()
