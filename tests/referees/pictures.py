"""What the referees of detection, pose, classification and embedding share: pictures, their way into networks, bare runs.

Nothing here follows the project's code: pictures come from OpenCV's decoder (or are computed from planes with numpy), and are resized by OpenCV.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
WEIGHTS = SHARED / "weights/public"
COCO = SHARED / "data/pose/tiny_coco/tiny_coco"

PICTURES = {
    "tennis": COCO / "train2017/000000391895.jpg",
    "river": COCO / "train2017/000000184613.jpg",
    "crossing": COCO / "val2017/000000252219.jpg",
    "kitchen": COCO / "val2017/000000397133.jpg",
    "standing": COCO / "train2017/000000574769.jpg",
    "walking": SHARED / "data/video/woman-walking.mp4",
}


def load(name):
    """BGR uint8."""
    path = PICTURES[name]
    return first_frame(path) if path.suffix == ".mp4" else cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)


def first_frame(path):
    """First frame of an untagged 8-bit 4:2:0 film of 720 rows or more, by the formulas of BT.709, limited range."""
    probe = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0"]
    width, height = map(int, subprocess.run([*probe, path], check=True, capture_output=True, text=True).stdout.split(","))
    command = ["ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    raw = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    size, half = width * height, (height // 2, width // 2)
    y = raw[:size].reshape(height, width).astype(np.float64)
    cb, cr = (
        cv2.resize(plane.reshape(half), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float64) - 128
        for plane in (raw[size : size + size // 4], raw[size + size // 4 :])
    )
    y = (y - 16) * 255 / 219
    cb, cr = cb * 255 / 224, cr * 255 / 224
    rgb = [y + 1.5748 * cr, y - 0.187324 * cb - 0.468124 * cr, y + 1.8556 * cb]
    return np.clip(np.round(np.stack(rgb[::-1], 2)), 0, 255).astype(np.uint8)


def letterbox(image, width, height, value, centre=False):
    """The canvas, and the way back: (x, y) of the canvas → ((x, y) − offset) / scale."""
    rows, columns = image.shape[:2]
    ratio = min(width / columns, height / rows)
    inner = (int(np.floor(columns * ratio + 0.5)), int(np.floor(rows * ratio + 0.5)))
    left, top = ((width - inner[0]) // 2, (height - inner[1]) // 2) if centre else (0, 0)
    canvas = np.full((height, width, 3), value, np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner, interpolation=cv2.INTER_LINEAR)
    return canvas, np.array([left, top], np.float64), np.array([inner[0] / columns, inner[1] / rows])


def planar(image):
    return np.ascontiguousarray(image.astype(np.float32).transpose(2, 0, 1)[None])


def run_models(jobs):
    """For each (model, tensor): the outputs of the bare model."""
    with tempfile.TemporaryDirectory() as folder:
        listed = []
        for n, (model, tensor) in enumerate(jobs):
            kind = "float16" if tensor.dtype == np.float16 else "float32"
            np.ascontiguousarray(tensor).tofile(f"{folder}/{n}.in")
            listed.append({"model": str(WEIGHTS / model), "type": kind, "shape": tensor.shape, "input": f"{n}.in"})
        Path(folder, "jobs.json").write_text(json.dumps(listed))
        command = ["node", Path(__file__).with_name("run_models.mjs"), folder]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        types = {"float32": np.float32, "float16": np.float16, "int64": np.int64}
        return [
            [np.fromfile(f"{folder}/{n}.{i}.bin", types[t["type"]]).reshape(t["shape"]) for i, t in enumerate(outputs)]
            for n, outputs in enumerate(told)
        ]


def rounded(value, digits=3):
    return np.round(np.asarray(value, np.float64), digits).tolist()


def write(path, value):
    """A small JSON file: a line for each entry of the outer two levels."""
    blocks = []
    for name, entries in value.items():
        lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(entry)}" for key, entry in entries.items())
        blocks.append(f"  {json.dumps(name)}: {{\n{lines}\n  }}")
    Path(path).write_text("{\n" + ",\n".join(blocks) + "\n}\n")
