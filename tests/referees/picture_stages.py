"""Referee of the stages before networks: planes of a small pattern → tensors, with numpy and OpenCV's resize of float planes.

    /usr/bin/python3 tests/referees/picture_stages.py

Writes tests/models/adapters/picture/expected.json: cases with what went in and the tensor that must come out.
"""

import json
from pathlib import Path

import cv2
import numpy as np

TARGET = Path(__file__).resolve().parents[2] / "tests/models/adapters/picture/expected.json"
SHIFTS = {"yuv420p": (1, 1), "yuv422p10": (1, 0), "yuv444p": (0, 0), "yuv420p10": (1, 1)}
# Red and blue weights of luma by H.273 code.
WEIGHTS = {1: (0.2126, 0.0722), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}


def planes(case):
    """The pattern; the tests draw the same one."""
    width, height, shift = case["width"], case["height"], SHIFTS[case["pixelFormat"]]
    small = (-(-width // (1 << shift[0])), -(-height // (1 << shift[1])))
    unit = 4 if case["pixelFormat"].endswith("10") else 1
    made = []
    for (w, h), (a, b, modulus, base) in zip([(width, height), small, small], [(17, 29, 190, 30), (23, 11, 120, 60), (13, 31, 110, 70)]):
        x, y = np.meshgrid(np.arange(w), np.arange(h))
        made.append((unit * (base + (a * x + b * y) % modulus)).astype(np.float32))
    return made


def to_rgb(case, y, cb, cr):
    """By the equations of H.273; 0–255, clipped."""
    bits = 10 if case["pixelFormat"].endswith("10") else 8
    y, cb, cr = (plane.astype(np.float64) for plane in (y, cb, cr))
    if case["range"] == "pc":
        top = 2**bits - 1
        y, cb, cr = y / top, (cb - 2 ** (bits - 1)) / top, (cr - 2 ** (bits - 1)) / top
    else:
        unit = 2 ** (bits - 8)
        y = (y / unit - 16) / 219
        cb, cr = (cb / unit - 128) / 224, (cr / unit - 128) / 224
    red, blue = WEIGHTS[case["matrix"]]
    r = y + 2 * (1 - red) * cr
    b = y + 2 * (1 - blue) * cb
    g = (y - red * r - blue * b) / (1 - red - blue)
    return np.clip(np.stack([r, g, b]) * 255, 0, 255)


def bilinear(plane, x, y):
    """Reads a plane at points whose pixel centres are at half coordinates, borders repeated."""
    h, w = plane.shape
    x, y = np.clip(x - 0.5, 0, w - 1), np.clip(y - 0.5, 0, h - 1)
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    x1, y1 = np.minimum(x0 + 1, w - 1), np.minimum(y0 + 1, h - 1)
    fx, fy = x - x0, y - y0
    top = plane[y0, x0] * (1 - fx) + plane[y0, x1] * fx
    return top * (1 - fy) + (plane[y1, x0] * (1 - fx) + plane[y1, x1] * fx) * fy


def placed(case):
    """The picture on its canvas: RGB, and a margin value outside."""
    inner_w, inner_h = case["inner"]
    resized = [cv2.resize(plane, (inner_w, inner_h), interpolation=cv2.INTER_LINEAR) for plane in planes(case)]
    rgb = to_rgb(case, *resized)
    canvas_w, canvas_h = case["canvas"]
    left, top = case["at"]
    canvas = np.full((3, canvas_h, canvas_w), float(case.get("pad", 0)))
    for row in range(canvas_h):
        for column in range(canvas_w):
            y, x = row - top, column - left
            if 0 <= y < inner_h and 0 <= x < inner_w:
                canvas[:, row, column] = rgb[:, y, x]
    return canvas


def warped(case):
    width, height = case["canvas"]
    y_plane, cb, cr = planes(case)
    pieces = []
    for homography in case["homographies"]:
        column, row = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
        x, y, w = np.einsum("ij,jhw->ihw", np.reshape(homography, (3, 3)), np.stack([column, row, np.ones_like(row)]))
        x, y = x / w, y / w
        read = lambda plane: bilinear(plane, x * plane.shape[1] / case["width"], y * plane.shape[0] / case["height"])
        piece = to_rgb(case, read(y_plane), read(cb), read(cr))
        if case["outside"] != "edge":
            inside = (x >= 0) & (x <= case["width"]) & (y >= 0) & (y <= case["height"])
            piece = np.where(inside, piece, case["outside"])
        pieces.append(piece)
    return np.stack(pieces)


def formatted(images, image):
    """[N, 3, h, w], RGB 0–255 → what a network wants."""
    channels = image.get("channels", "RGB")
    if channels == "BGR":
        images = images[:, ::-1]
    if channels == "gray":
        images = np.tensordot([0.299, 0.587, 0.114], images, ([0], [1]))[:, None]
    low, high = image.get("range", [0, 255])
    values = images / 255 * (high - low) + low
    shape = (1, -1, 1, 1)
    values = (values - np.reshape(image.get("mean", [0]), shape)) / np.reshape(image.get("std", [1]), shape)
    return values.transpose(0, 2, 3, 1) if image.get("layout") == "NHWC" else values


IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
SMALL = {"pixelFormat": "yuv420p", "width": 9, "height": 7, "matrix": 6, "range": "tv"}
HD = {"pixelFormat": "yuv422p10", "width": 12, "height": 6, "matrix": 1, "range": "pc"}
FULL = {"pixelFormat": "yuv444p", "width": 8, "height": 8, "matrix": 1, "range": "tv"}

PLACED = {
    "letterboxed to the top": SMALL | {"canvas": [8, 8], "inner": [8, 6], "at": [0, 0], "pad": 114, "fit": {"fit": "letterbox"}},
    "letterboxed in the middle, BGR in rows": SMALL
    | {"canvas": [8, 8], "inner": [8, 6], "at": [0, 1], "fit": {"fit": "letterbox", "anchor": "centre"}}
    | {"image": {"layout": "NHWC", "channels": "BGR", "mean": [103.53, 116.28, 123.675], "std": [57.375, 57.12, 58.395]}},
    "stretched, ten bits, full range": HD | {"canvas": [5, 7], "inner": [5, 7], "at": [0, 0], "fit": {"fit": "stretch"}, "image": {"range": [0, 1], **IMAGENET}},
    "cut to the middle": HD | {"canvas": [4, 4], "inner": [10, 5], "at": [-3, -1], "fit": {"fit": "crop", "short": 5}, "image": {"range": [-1, 1]}},
    "as large as it is, grey": FULL | {"canvas": [8, 8], "inner": [8, 8], "at": [0, 0], "fit": {"fit": "stretch"}, "image": {"channels": "gray", "range": [0, 1]}},
    "of BT.2020": FULL | {"matrix": 9, "canvas": [3, 3], "inner": [3, 3], "at": [0, 0], "fit": {"fit": "stretch"}},
}
TURNED = [0.8, -0.6, 3, 0.6, 0.8, -1, 0, 0, 1]
TILTED = [1.2, 0.1, 0.5, 0.2, 0.9, 0.4, 0.03, 0.02, 1]
WARPED = {
    "turned and tilted": FULL | {"canvas": [5, 4], "homographies": [TURNED, TILTED], "outside": "edge"},
    "of subsampled chroma": SMALL | {"width": 10, "height": 8, "canvas": [5, 4], "homographies": [TILTED], "outside": "edge"},
    "reaching beyond the picture": FULL | {"canvas": [6, 3], "homographies": [[2, 0, -3, 0, 3, -1, 0, 0, 1]], "outside": 50, "image": {"channels": "BGR"}},
}


def told(case, images):
    tensor = formatted(images, case.get("image", {}))
    return {**case, "shape": list(tensor.shape), "values": np.round(tensor, 3).ravel().tolist()}


cases = {
    "placed": {name: told(case, placed(case)[None]) for name, case in PLACED.items()},
    "warped": {name: told(case, warped(case)) for name, case in WARPED.items()},
}
blocks = [f"  {json.dumps(kind)}: {{\n" + ",\n".join(f"    {json.dumps(n)}: {json.dumps(c)}" for n, c in named.items()) + "\n  }" for kind, named in cases.items()]
TARGET.write_text("{\n" + ",\n".join(blocks) + "\n}\n")
