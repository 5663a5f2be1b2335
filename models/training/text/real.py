"""Real pictures with labels, for judging alone: ten of ICDAR 2015 and ten words, as MMOCR's tests have them."""

import json
from pathlib import Path

import cv2
import numpy as np

from patches import Line

GAP = 0.8
"""Words less far apart than this times their height are of one line."""


def icdar_pictures(folder):
    """RGB picture, its words, and "icdar"; words that nobody could read are ignored."""
    facts = json.loads((Path(folder) / "textdet_test.json").read_text())
    pictures = []
    for entry in facts["data_list"]:
        path = next(Path(folder).rglob(Path(entry["img_path"]).name))
        lines = [Line("", _clockwise(np.float32(word["polygon"]).reshape(-1, 2)), ignored=bool(word.get("ignore"))) for word in entry["instances"]]
        pictures.append((np.ascontiguousarray(cv2.imread(str(path))[..., ::-1]), lines, "icdar"))
    return pictures


def _clockwise(quad):
    return quad if cv2.contourArea(quad, oriented=True) > 0 else np.ascontiguousarray(quad[::-1])


def joined(words):
    """Words next to each other, as lines."""
    free = [word for word in words if not word.ignored]
    parents = list(range(len(free)))

    def root(at):
        while parents[at] != at:
            at = parents[at]
        return at

    for a, first in enumerate(free):
        for b, second in enumerate(free):
            if a != b and _follows(first, second):
                parents[root(b)] = root(a)
    groups = {}
    for at, word in enumerate(free):
        groups.setdefault(root(at), []).append(word)
    lines = [Line("", cv2.boxPoints(cv2.minAreaRect(np.concatenate([word.quad for word in group]))) if len(group) > 1 else group[0].quad) for group in groups.values()]
    return lines + [word for word in words if word.ignored]


def _follows(first, second):
    """Whether `second` stands right of `first`, in its direction and about as high."""
    along = first.quad[1] - first.quad[0]
    along = along / max(1e-6, np.linalg.norm(along))
    height = min(first.height, second.height)
    end, start = (first.quad[1] + first.quad[2]) / 2, (second.quad[0] + second.quad[3]) / 2
    gap = start - end
    forward, aside = float(gap @ along), float(abs(gap[0] * along[1] - gap[1] * along[0]))
    return -0.3 * height < forward < GAP * height and aside < 0.4 * height and max(first.height, second.height) < 1.6 * height


def word_crops(folder):
    """Luma pictures of words, and their texts."""
    facts = json.loads((Path(folder) / "labels.json").read_text())
    crops = []
    for entry in facts["data_list"]:
        path = Path(folder) / "imgs" / entry["img_path"]
        crops.append((cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), entry["instances"][0]["text"]))
    return crops
