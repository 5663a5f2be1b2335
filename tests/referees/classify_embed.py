"""Referee of classification and embedding: pictures of ../shared through OpenCV and numpy.

    /usr/bin/python3 tests/referees/classify_embed.py

Writes tests/models/adapters/classify/expected.json (for each picture the five best: class, probability) and
tests/models/adapters/embed/expected.json (the cosines between the people in the boxes, and the first 16 numbers of each vector).
"""

import cv2
import numpy as np
from pictures import PICTURES, ROOT, load, planar, rounded, run_models, write

# Whole pixels, so that cutting is exact.
PEOPLE = [
    ("tennis", [340, 22, 494, 323]),
    ("crossing", [326, 175, 397, 372]),
    ("crossing", [10, 167, 132, 393]),
    ("standing", [103, 133, 334, 555]),
    ("standing", [110, 140, 340, 560]),
]
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def squeezenet_tensor(image):
    height, width = image.shape[:2]
    ratio = 256 / min(height, width)
    size = (int(np.floor(width * ratio + 0.5)), int(np.floor(height * ratio + 0.5)))
    resized = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    top, left = -((224 - size[1]) // 2), -((224 - size[0]) // 2)
    crop = resized[top : top + 224, left : left + 224]
    return planar(crop - np.float32([104, 117, 123])).astype(np.float16)


def osnet_tensor(image, box):
    x1, y1, x2, y2 = box
    crop = cv2.resize(image[y1:y2, x1:x2], (128, 256), interpolation=cv2.INTER_LINEAR)
    return planar((crop[:, :, ::-1].astype(np.float32) / 255 - MEAN) / STD)[0]


def main():
    images = {name: load(name) for name in PICTURES}
    people = [osnet_tensor(images[name], box) for name, box in PEOPLE]
    batch = np.stack(people + [people[-1]] * (16 - len(people)))
    jobs = [("classify/SqueezeNet_fp16.onnx", squeezenet_tensor(image)) for image in images.values()]
    *classified, embedded = run_models([*jobs, ("detect/osnet_x0_25_msmt17.onnx", batch)])
    best = {}
    for name, outputs in zip(images, classified):
        probabilities = outputs[0].astype(np.float64).ravel()
        best[name] = [[int(k), *rounded([probabilities[k]], 4)] for k in np.argsort(-probabilities)[:5]]
    write(ROOT / "tests/models/adapters/classify/expected.json", {"squeezenet": best})
    vectors = embedded[0][: len(PEOPLE)].astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = {
        "people": {str(n): {"picture": name, "box": box, "start": rounded(vectors[n, :16], 4)} for n, (name, box) in enumerate(PEOPLE)},
        "cosines": {str(n): rounded(row, 4) for n, row in enumerate(vectors @ vectors.T)},
    }
    write(ROOT / "tests/models/adapters/embed/expected.json", expected)


main()
