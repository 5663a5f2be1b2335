"""Expected pictures of image-to-image models, computed with numpy and a bare session of ONNX Runtime.

    python tests/referees/image_to_image.py ../shared/weights/public > tests/referees/image-to-image.json

Needs numpy and onnxruntime. The tests compare the adapter with the JSON, so that they need no Python.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort

SAMPLES = 400

# `order`: channels of the model among R, G, B. The styles say in their files that they take and give BGR.
CASES = [
    {"model": "stylize/style_candy.onnx", "width": 720, "height": 720, "shift": [0, 0], "range": 255, "scale": 1, "work": [720, 720], "order": [2, 1, 0]},
    {"model": "stylize/style_la_muse.onnx", "width": 480, "height": 360, "shift": [1, 1], "range": 255, "scale": 1, "work": [720, 720], "order": [2, 1, 0]},
    {"model": "upscale/realesr-animevideov3-x4.onnx", "width": 96, "height": 64, "shift": [1, 1], "range": 1, "scale": 4, "work": None, "order": [0, 1, 2]},
]


def picture(width: int, height: int, shift: list[int]) -> list[np.ndarray]:
    """Limited-range codes: waves of integers, the same as in the test."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    luma = 40 + (x * 3 + y * 2) % 97 + ((x // 8) * (y // 8)) % 83
    h, w = (height + shift[1]) >> shift[1], (width + shift[0]) >> shift[0]
    y, x = np.mgrid[:h, :w].astype(np.int64)
    cb = 90 + (x + 2 * y) % 71
    cr = 100 + (3 * x + y) % 61
    return [plane.astype(np.float64) for plane in (luma, cb, cr)]


def matrix() -> np.ndarray:
    """BT.709: R'G'B' 0-255 to limited-range 8-bit codes, [3, 4]."""
    kr, kb = 0.2126, 0.0722
    kg = 1 - kr - kb
    luma = np.array([kr, kg, kb])
    cb = (np.array([0, 0, 1]) - luma) / (2 * (1 - kb))
    cr = (np.array([1, 0, 0]) - luma) / (2 * (1 - kr))
    rows = np.stack([luma * 219 / 255, cb * 224 / 255, cr * 224 / 255])
    return np.concatenate([rows, [[16], [128], [128]]], axis=1)


def weights(size: int, wanted: int) -> np.ndarray:
    """Triangle filter, as wide as an output pixel where the picture gets smaller; the border repeats: [wanted, size]."""
    ratio = size / wanted
    support = max(1.0, ratio)
    centre = (np.arange(wanted) + 0.5) * ratio - 0.5
    table = np.zeros((wanted, size))
    for at in range(-int(support) - 1, size + int(support) + 1):
        share = np.maximum(0, 1 - np.abs(at - centre) / support)
        table[:, min(size - 1, max(0, at))] += share
    return table / table.sum(axis=1, keepdims=True)


def resize(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    return weights(plane.shape[-2], height) @ plane @ weights(plane.shape[-1], width).T


def to_rgb(planes: list[np.ndarray]) -> np.ndarray:
    m = matrix()
    codes = np.stack(planes) - m[:, 3].reshape(3, 1, 1)
    return np.clip(np.einsum("ij,jhw->ihw", np.linalg.inv(m[:, :3]), codes), 0, 255)


def average(plane: np.ndarray, shift: list[int]) -> np.ndarray:
    h, w = plane.shape
    bh, bw = 1 << shift[1], 1 << shift[0]
    return plane.reshape(h // bh, bh, w // bw, bw).mean(axis=(1, 3))


def run(case: dict, root: Path) -> dict:
    width, height, scale = case["width"], case["height"], case["scale"]
    planes = picture(width, height, case["shift"])
    work = case["work"] or [height, width]
    rgb = to_rgb([resize(plane, *work) for plane in planes])
    session = ort.InferenceSession(str(root / case["model"]), providers=["CPUExecutionProvider"])
    image = (rgb / 255 * case["range"]).astype(np.float32)[None, case["order"]]
    given = session.run(None, {session.get_inputs()[0].name: image})[0][0].astype(np.float64)[case["order"]]
    styled = np.clip(given / case["range"] * 255, 0, 255)
    styled = np.stack([resize(plane, height * scale, width * scale) for plane in styled])
    m = matrix()
    codes = np.einsum("ij,jhw->ihw", m[:, :3], styled) + m[:, 3].reshape(3, 1, 1)
    outputs = [codes[0], average(codes[1], case["shift"]), average(codes[2], case["shift"])]
    return {
        **{key: case[key] for key in ("model", "width", "height", "scale")},
        "planes": [sampled(plane.ravel()) for plane in outputs],
    }


def sampled(values: np.ndarray) -> dict:
    step = max(1, len(values) // SAMPLES) | 1
    return {"step": step, "mean": round(float(values.mean()), 3), "values": [round(float(v), 2) for v in values[::step]]}


if __name__ == "__main__":
    print(json.dumps([run(case, Path(sys.argv[1])) for case in CASES], separators=(",", ":")))
