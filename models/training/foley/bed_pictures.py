"""Pictures of places with what is heard there: photographs labelled by eye, clothes on people and floors (mostly rooms), and drawn places.

`photo-beds.csv` names the photographs of BSDS500 and of imagenet-sample-images: what one would hear who stood there, several words joined with `+`, or `none` where
that cannot be told. One in five never trains: those whose name's CRC-32 is a multiple of five.
"""

import csv
import subprocess
import tempfile
import zlib
from pathlib import Path

import cv2
import numpy as np

from scenes import render
from vocabulary import BEDS

SIDE = 144
"""Pixels of a side that is kept, of which training cuts out parts."""
CROPS = 8
"""Of a photograph."""
CLOTHES, CLOTHES_CROPS, CLOTHES_WEIGHT = 1500, 2, 0.1
DRAWN, DRAWN_SEED = 2500, 3_000_000
TAUGHT_SIDE = 224
TAUGHT_MEAN = np.float32([104, 117, 123])
"""Of blue, green and red, as the teacher has learned."""
CLASSES = 1000


def is_judged(name):
    return zlib.crc32(name.encode()) % 5 == 0


class Pictures:
    """uint8 [n, SIDE, SIDE, 3] BGR; beds float32 [n, BEDS]; weights [n]; `teacher` [n, CLASSES], probabilities, NaN where nobody was asked; `judged` [n], bool."""

    def __init__(self, pictures, beds, weights, judged):
        self.pictures, self.beds, self.weights, self.judged = pictures, beds, weights, judged
        self.teacher = np.full((len(pictures), CLASSES), np.nan, np.float32)


def gather(photos, backgrounds, teacher, r):
    """All there is in the folder `photos`. `teacher` is an ImageNet classifier (SqueezeNet), `backgrounds` photographs that drawn places may use."""
    rows, asked = [], []
    for name, said in csv.reader(Path(__file__).with_name("photo-beds.csv").open()):
        picture = cv2.imread(str(next(photos.rglob(name))))
        for part in parts(picture, CROPS, r):
            rows.append((small(part), beds_of(said), 1.0, is_judged(name)))
            asked.append(part)
    for path in r.permutation(sorted((photos / "clothing").rglob("*.jp*g")))[:CLOTHES]:
        for part in parts(cv2.imread(str(path)), CLOTHES_CROPS, r):
            rows.append((small(part), beds_of("room"), CLOTHES_WEIGHT, False))
            asked.append(part)
    rows += drawn(backgrounds)
    pictures = Pictures(np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows]), np.float32([row[2] for row in rows]), np.array([row[3] for row in rows]))
    if teacher:
        pictures.teacher[: len(asked)] = ask(teacher, asked)
    return pictures


def parts(picture, count, r):
    """The whole, and other parts of it."""
    height, width = picture.shape[:2]
    yield picture
    for _ in range(count - 1):
        share, stretch = r.uniform(0.55, 1), np.exp(r.normal(0, 0.15))
        h, w = int(height * share), int(min(width, width * share * stretch))
        y, x = int(r.integers(height - h + 1)), int(r.integers(width - w + 1))
        yield picture[y : y + h, x : x + w]


def small(picture, side=SIDE):
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)


def beds_of(said):
    words = said.split("+")
    return np.float32([bed in words for bed in BEDS])


def drawn(backgrounds):
    """One picture of each of many drawn clips whose sound of the place is known."""
    rows, seed = [], DRAWN_SEED
    while len(rows) < DRAWN:
        r = np.random.default_rng((seed, 1))
        step = int(r.integers(5, 35))
        pictures, truth = render(seed, 40, backgrounds, wanted=lambda truth, step=step: [step], calm=r.random() < 0.5)
        seed += 1
        if not np.isnan(truth.beds[step]).any():
            rows.append((cv2.resize(pictures[step], (SIDE, SIDE)), truth.beds[step], 0.5, False))
    return rows


def ask(teacher, parts):
    """Probabilities of ImageNet's classes, [n, CLASSES], by a classifier's ONNX file of one float16 input [1, 3, 224, 224]."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "parts.f16"), Path(folder, "classes.f16")
        with source.open("wb") as file:
            for part in parts:
                planes = (small(part, TAUGHT_SIDE).astype(np.float32) - TAUGHT_MEAN).transpose(2, 0, 1)
                planes.astype(np.float16).tofile(file)
        subprocess.run(["node", Path(__file__).with_name("run-teacher.mjs"), teacher, source, str(len(parts)), target], check=True)
        return np.fromfile(target, np.float16).reshape(len(parts), CLASSES).astype(np.float32)
