#!/usr/bin/env python3
"""Finds poses as one would with OpenCV and two published networks: the script that the top-down pipeline of Vitascope is measured against.

    topdown_pose.py pictures.json results.json --detector rtmdet.onnx --pose movenet.onnx [--detector-score 0.3] [--padding 1.25] [--box-scores]

pictures.json is a list of { id, path }; results.json becomes a list of COCO results. RTMDet-nano finds people, MoveNet Lightning looks at a
square around each. Pictures, boxes, crops and results are Python's; only the networks themselves run in Node (run-networks.mjs), since Debian has no
ONNX Runtime for Python.
"""
import argparse
import json
import subprocess
from pathlib import Path

import cv2
import numpy

DETECTOR_SIDE, POSE_SIDE = 320, 192
MEAN = numpy.float32([103.53, 116.28, 123.675])
STD = numpy.float32([57.375, 57.12, 58.395])
TYPES = {"float32": numpy.float32, "int64": numpy.int64}


class Networks:
    """The networks, by path."""

    def __init__(self) -> None:
        command = ["node", str(Path(__file__).with_name("run-networks.mjs"))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, model: str, tensor: numpy.ndarray) -> list[numpy.ndarray]:
        question = json.dumps({"model": model, "shape": tensor.shape}) + "\n"
        self.process.stdin.write(question.encode() + numpy.ascontiguousarray(tensor, numpy.float32).tobytes())
        self.process.stdin.flush()
        return [self.read(**told) for told in json.loads(self.process.stdout.readline())]

    def read(self, type: str, shape: list[int]) -> numpy.ndarray:
        dtype = numpy.dtype(TYPES[type])
        size = int(numpy.prod(shape)) * dtype.itemsize
        return numpy.frombuffer(self.process.stdout.read(size), dtype).reshape(shape)

    def close(self) -> None:
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit("the networks failed")


def main() -> None:
    options = arguments()
    networks = Networks()
    results = []
    for picture in json.loads(Path(options.pictures).read_text()):
        image = cv2.imread(picture["path"])
        for *box, sure in find_people(networks, options.detector, image):
            if sure < options.detector_score:
                continue
            keypoints = find_keypoints(networks, options.pose, image, numpy.array(box), options.padding)
            score = keypoints[:, 2].mean() * (sure if options.box_scores else 1)
            person = {"image_id": picture["id"], "category_id": 1}
            results.append({**person, "keypoints": keypoints.ravel().tolist(), "score": float(score)})
    networks.close()
    Path(options.results).write_text(json.dumps(results))


def find_people(networks: Networks, model: str, image: numpy.ndarray) -> numpy.ndarray:
    """Rows of x1, y1, x2, y2 in pixels of the picture, and how sure of a person."""
    height, width = image.shape[:2]
    ratio = min(DETECTOR_SIDE / width, DETECTOR_SIDE / height)
    small = cv2.resize(image, (round(width * ratio), round(height * ratio)))
    canvas = numpy.full((DETECTOR_SIDE, DETECTOR_SIDE, 3), 114, numpy.float32)
    canvas[: small.shape[0], : small.shape[1]] = small
    tensor = ((canvas - MEAN) / STD).transpose(2, 0, 1)[None]
    people = networks.run(model, tensor)[0][0].copy()
    people[:, :4] /= ratio
    return people


def find_keypoints(
    networks: Networks, model: str, image: numpy.ndarray, box: numpy.ndarray, padding: float
) -> numpy.ndarray:
    """Rows of x, y, score, in pixels of the picture, for the person in a box; a square that is `padding` times as large is looked at."""
    side = padding * max(box[2] - box[0], box[3] - box[1])
    corner = (box[:2] + box[2:]) / 2 - side / 2
    scale = POSE_SIDE / side
    matrix = numpy.float64([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
    crop = cv2.warpAffine(image, matrix, (POSE_SIDE, POSE_SIDE), flags=cv2.INTER_LINEAR)
    found = networks.run(model, cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(numpy.float32)[None])[0][0, 0]
    return numpy.column_stack([corner[0] + found[:, 1] * side, corner[1] + found[:, 0] * side, found[:, 2]])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures")
    parser.add_argument("results")
    parser.add_argument("--detector", required=True)
    parser.add_argument("--pose", required=True)
    parser.add_argument("--detector-score", type=float, default=0.3)
    parser.add_argument("--padding", type=float, default=1.25)
    parser.add_argument("--box-scores", action="store_true", help="people count by the detector's score too")
    return parser.parse_args()


main()
