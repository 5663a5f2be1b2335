"""Photographs labelled by a teacher, PP-OCRv3's detector, as shards of scenes: text that nobody drew, and railings, windows and leaves that are none.

    python3 teach.py drawn/scenes --teacher ch_PP-OCRv3_det_infer.onnx --photos PHOTOS

The shards train beside drawn ones. What the teacher is unsure of is neither asked for nor a mistake.
"""

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

from db import boxes
from drawing import Photos
from patches import Line
from rendered import SCENES, scenes_arrays

FIRST_SHARD = 500
SIDE, STEP = 736, 32
"""Pixels of the longer side that the teacher is shown, and what sides are multiples of."""
MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
UNCLIP = 1.5
"""As PaddleOCR uses it."""
SURE, UNSURE = 0.65, 0.35


class Teacher:
    """The network, once for each shape of pictures: OpenCV's, having seen one shape, finds nothing in another."""

    def __init__(self, path):
        self.path, self.networks = str(path), {}

    def probabilities(self, values):
        """float32 [1, 3, h, w] → [h, w]."""
        if values.shape not in self.networks:
            self.networks[values.shape] = cv2.dnn.readNetFromONNX(self.path)
        network = self.networks[values.shape]
        network.setInput(values)
        return network.forward()[0, 0]


def labelled(teacher, picture):
    """Lines in a picture, uint8 RGB [h, w, 3]."""
    height, width = picture.shape[:2]
    scale = SIDE / max(height, width)
    shown_height, shown_width = (max(STEP, round(side * scale / STEP) * STEP) for side in (height, width))
    shown = cv2.resize(picture, (shown_width, shown_height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    # PaddleOCR's networks take BGR with the means of RGB.
    values = (shown[..., ::-1].astype(np.float32) / 255 - MEAN) / DEVIATION
    seen = teacher.probabilities(np.ascontiguousarray(values.transpose(2, 0, 1)[None]))
    back = np.float32([width / shown_width, height / shown_height])
    found = boxes(seen, 0.3, UNSURE, UNCLIP)
    return [Line("", _clockwise(quad) * back, [], score < SURE) for quad, score in found]


def _clockwise(quad):
    """From the corner at the upper left."""
    along = np.roll(quad, -1, 0) - quad
    turn = along[0, 0] * along[1, 1] - along[0, 1] * along[1, 0]
    return np.float32(np.roll(quad if turn > 0 else quad[::-1], -int(np.argmin((quad if turn > 0 else quad[::-1]).sum(1))), 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    teacher = Teacher(options.teacher)
    photos = Photos(options.photos)
    for shard, start in enumerate(range(0, len(photos.paths), SCENES)):
        path = options.folder / f"{FIRST_SHARD + shard}.npz"
        if path.exists():
            continue
        pictures = [photos.read(each) for each in photos.paths[start : start + SCENES]]
        seen = [(picture, labelled(teacher, picture), "taught") for picture in pictures]
        np.savez(options.folder / f"{path.stem}.new", **scenes_arrays(seen))
        os.replace(options.folder / f"{path.stem}.new.npz", path)
        lines = [line for _, lines, _ in seen for line in lines]
        print(f"{path.stem}: {len(seen)} photographs, {sum(not line.ignored for line in lines)} lines, {sum(line.ignored for line in lines)} unsure", flush=True)


if __name__ == "__main__":
    main()
