"""Referee for `db-text-detect`: the DB post-processing over OpenCV's contours and rectangles.

    /usr/bin/python3 tests/referees/text_detect.py > tests/models/adapters/text/expected-boxes.json

Prints, for each picture of ../shared, the quadrangles in source pixels (pixel centres at half coordinates) with their scores.
The offset of the polygon is written down here (round corners, as pyclipper makes them), since Debian has no pyclipper.
"""

import json
import sys

import cv2
import numpy as np

from referee_model import SHARED, run_model

MODEL = SHARED / "weights/public/text/ch_PP-OCRv3_det_infer.onnx"
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
LONGEST, MULTIPLE = 960, 32
THRESHOLD, BOX_SCORE, UNCLIP, MIN_SIDE = 0.3, 0.5, 1.6, 3


def side(length, ratio):
    return max(MULTIPLE, int(np.floor(length * ratio / MULTIPLE + 0.5)) * MULTIPLE)


def probability_map(image):
    height, width = image.shape[:2]
    ratio = min(1, LONGEST / max(height, width))
    resized = cv2.resize(image, (side(width, ratio), side(height, ratio)), interpolation=cv2.INTER_LINEAR)
    tensor = ((resized.astype(np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)[None]
    return run_model(MODEL, tensor)[0, 0]


def mean_inside(probabilities, corners):
    mask = np.zeros(probabilities.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    return float(probabilities[mask == 1].mean())


def offset(corners, distance):
    """Points of the outline of a convex polygon grown by `distance`, corners rounded."""
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    circle = distance * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grown = (corners[:, None] + circle[None]).reshape(-1, 2).astype(np.float32)
    return cv2.convexHull(grown)


def ordered(corners):
    """Clockwise from the left upper one: of the two most to the left the upper one."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1])]
    right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([left[0], right[0], right[1], left[1]])


def boxes(probabilities):
    contours, _ = cv2.findContours((probabilities > THRESHOLD).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        rectangle = cv2.minAreaRect(contour)
        if min(rectangle[1]) < MIN_SIDE:
            continue
        corners = cv2.boxPoints(rectangle)
        score = mean_inside(probabilities, corners)
        if score < BOX_SCORE:
            continue
        width, height = rectangle[1]
        distance = width * height * UNCLIP / (2 * (width + height))
        yield ordered(cv2.boxPoints(cv2.minAreaRect(offset(corners, distance)))) + 0.5, score


def detect(path):
    image = cv2.imread(str(path))
    height, width = image.shape[:2]
    probabilities = probability_map(image)
    scale = np.array([width / probabilities.shape[1], height / probabilities.shape[0]])
    found = []
    for corners, score in boxes(probabilities):
        quad = np.clip(corners * scale, 0, [width, height])
        found.append({"quad": [[round(float(v), 1) for v in point] for point in quad], "score": round(score, 3)})
    return sorted(found, key=lambda box: (box["quad"][0][1], box["quad"][0][0]))


def main():
    data = SHARED / "data/text"
    pictures = sorted(data.glob("images/*")) + sorted(data.glob("mmocr/det_toy_dataset/imgs/test/*.jpg"))
    result = {str(path.relative_to(data)): detect(path) for path in pictures}
    lines = [f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in result.items()]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
