"""Referee of the pose estimators: PoseNet decoded after the paper, MoveNet on crops cut by OpenCV; pictures of ../shared.

    /usr/bin/python3 tests/referees/pose.py [FOLDER for drawings]

Writes tests/models/adapters/pose/expected.json: for each model and picture a list of people { score, keypoints: [x, y, score] }; source
pixels, pixel centres at half coordinates. For MoveNet also the box that was cut around, and the key points that are `steady`: those that stay
where they are under noise of ±1 in the picture. The others are ties between places in its heat maps, which any rounding decides.
"""

import heapq
import sys

import cv2
import numpy as np
from pictures import PICTURES, ROOT, load, rounded, run_models, write

NAMES = "nose eyeL eyeR earL earR shoulderL shoulderR elbowL elbowR wristL wristR hipL hipR kneeL kneeR ankleL ankleR".split()
EDGES = [
    tuple(NAMES.index(name) for name in edge.split("-"))
    for edge in (
        "nose-eyeL eyeL-earL nose-eyeR eyeR-earR nose-shoulderL shoulderL-elbowL elbowL-wristL shoulderL-hipL hipL-kneeL kneeL-ankleL "
        "nose-shoulderR shoulderR-elbowR elbowR-wristR shoulderR-hipR hipR-kneeR kneeR-ankleR"
    ).split()
]
STRIDE, RADIUS, LEAST, REFINEMENTS = 16, 20, 0.25, 5
# Area of the input where the size is free, and the boxes that MoveNet is shown.
AREA = 353 * 481
TRIALS = 12
BOXES = {
    "tennis": [[340, 22, 494, 323]],
    "crossing": [[326, 175, 397, 372], [10, 167, 132, 393], [510, 171, 634, 387]],
    "kitchen": [[389, 70, 498, 348]],
    "standing": [[103, 133, 334, 555]],
}


def posenet_size(image):
    height, width = image.shape[:2]
    ratio = np.sqrt(AREA / (width * height))
    return tuple(int(np.floor((side * ratio - 1) / 16 + 0.5)) * 16 + 1 for side in (width, height))


def posenet_tensor(image):
    resized = cv2.resize(image, posenet_size(image), interpolation=cv2.INTER_LINEAR)
    return cv2.cvtColor(resized, cv2.COLOR_BGR2RGB).astype(np.float32)[None]


def exact(field, point, channel):
    """One channel at a point (y, x) between the cells, bilinear."""
    y, x = np.clip(point, 0, np.array(field.shape[:2]) - 1)
    rows, columns = np.arange(field.shape[0]), np.arange(field.shape[1])
    weights_y, weights_x = np.maximum(0, 1 - abs(rows - y)), np.maximum(0, 1 - abs(columns - x))
    return float(weights_y @ field[:, :, channel].astype(np.float64) @ weights_x)


def posenet(image, outputs):
    heat, short, mid = (output[0] for output in outputs)
    limits = np.array(heat.shape[:2]) - 1

    def corrected(point, k):
        move = np.array([exact(short, point, k), exact(short, point, 17 + k)]) / STRIDE
        return np.clip(point + move, 0, limits)

    def neighbours(k, point):
        for edge, (parent, child) in enumerate(EDGES):
            if k not in (parent, child):
                continue
            first, target = (edge, child) if k == parent else (32 + edge, parent)
            move = np.array([exact(mid, point, first), exact(mid, point, first + 16)]) / STRIDE
            place = np.clip(point + move, 0, limits)
            for _ in range(REFINEMENTS):
                place = corrected(place, target)
            yield target, place

    probability = lambda logit: 1 / (1 + np.exp(-logit))
    spread = cv2.dilate(heat, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=(-1e9,) * 4)
    peaks = [(float(heat[y, x, k]), y, x, k) for y, x, k in np.argwhere((heat == spread) & (probability(heat) >= LEAST))]
    people = []
    for _, y, x, k in sorted(peaks, reverse=True):
        start = corrected(np.array([y, x], np.float64), k)
        if any(np.linalg.norm(person[k][0] - start) * STRIDE <= RADIUS for person in people):
            continue
        person, queue = {}, [(-exact(heat, start, k), 0, k, start)]
        while queue:
            logit, _, joint, place = heapq.heappop(queue)
            if joint in person:
                continue
            person[joint] = (place, probability(-logit))
            for target, next_place in neighbours(joint, place):
                if target not in person:
                    heapq.heappush(queue, (-exact(heat, next_place, target), len(person) * 100 + target, target, next_place))
        if np.mean([score for _, score in person.values()]) >= LEAST:
            people.append(person)
    people.sort(key=lambda person: -np.mean([score for _, score in person.values()]))
    scored = []
    for rank, person in enumerate(people):
        own = [
            0 if any(np.linalg.norm(better[k][0] - place) * STRIDE <= RADIUS for better in people[:rank]) else score
            for k, (place, score) in person.items()
        ]
        scored.append((float(np.mean(own)), person))
    scale = np.array(posenet_size(image)) / np.array([image.shape[1], image.shape[0]])
    return [
        {
            "score": rounded(score),
            "keypoints": rounded([[*((person[k][0][::-1] * STRIDE + 0.5) / scale), person[k][1]] for k in range(17)]),
        }
        for score, person in sorted(scored, key=lambda pair: -pair[0])
        if score >= LEAST
    ]


def movenet_crop(image, box=None):
    """Square around the box, as large as its longer side, or around the picture; black outside. The way back is a scale and a corner."""
    x1, y1, x2, y2 = box or (0, 0, image.shape[1], image.shape[0])
    side = max(x2 - x1, y2 - y1)
    corner = np.array([(x1 + x2 - side) / 2, (y1 + y2 - side) / 2])
    scale = side / 192
    # Pixel n of the crop has its centre at (n + 0.5) · scale + corner, which is 0.5 more than OpenCV's coordinate of that point.
    offset = corner + 0.5 * scale - 0.5
    back = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
    crop = cv2.warpAffine(image, back, (192, 192), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(np.float32)[None], corner, np.array([side, side])


def movenet(outputs, corner, size):
    """Rows of x, y, score."""
    rows = outputs[0][0, 0].astype(np.float64)
    return np.stack([corner[0] + rows[:, 1] * size[0], corner[1] + rows[:, 0] * size[1], rows[:, 2]], 1)


def noisy(tensor, seed):
    noise = np.random.default_rng(seed).uniform(-1, 1, tensor.shape)
    return np.clip(tensor + noise, 0, 255).astype(np.float32)


def movenet_people(images):
    """Pairs of kind and picture with what MoveNet says of them."""
    cuts = [(name, box, movenet_crop(images[name], box)) for name, boxes in BOXES.items() for box in boxes]
    cuts += [(name, None, movenet_crop(image)) for name, image in images.items()]
    jobs = [tensor if seed == 0 else noisy(tensor, seed) for _, _, (tensor, _, _) in cuts for seed in range(1 + TRIALS)]
    results = iter(run_models([("pose/movenet_singlepose_lightning_f32.onnx", tensor) for tensor in jobs]))
    for name, box, (_, corner, size) in cuts:
        first, *others = [movenet(next(results), corner, size) for _ in range(1 + TRIALS)]
        moved = np.max([np.linalg.norm((other - first)[:, :2], axis=1) for other in others], axis=0)
        person = {"score": rounded(first[:, 2].mean()), "keypoints": rounded(first)}
        person["steady"] = np.flatnonzero(moved < 1).tolist()
        yield ("movenet-lightning, whole picture", name, person) if box is None else ("movenet-lightning", name, person | {"box": box})


def draw(folder, name, image, people):
    for person in people:
        points = person["keypoints"]
        for a, b in EDGES:
            if min(points[a][2], points[b][2]) > 0.2:
                cv2.line(image, tuple(map(int, points[a][:2])), tuple(map(int, points[b][:2])), (0, 255, 0), 2)
    cv2.imwrite(f"{folder}/{name}.png", image)


def main():
    images = {name: load(name) for name in PICTURES}
    expected = {"posenet": {}, "movenet-lightning": {}, "movenet-lightning, whole picture": {}}
    results = run_models([("pose/posenet_mobilenet_v1_075_f32_dyn.onnx", posenet_tensor(image)) for image in images.values()])
    for name, outputs in zip(images, results):
        expected["posenet"][name] = posenet(images[name], outputs)
    for kind, name, person in movenet_people(images):
        expected[kind].setdefault(name, []).append(person)
    if len(sys.argv) > 1:
        for kind, people in expected.items():
            for name, found in people.items():
                draw(sys.argv[1], f"{kind.replace(', ', '-').replace(' ', '-')}-{name}", images[name].copy(), found)
    write(ROOT / "tests/models/adapters/pose/expected.json", expected)


main()
