"""Runs a bare ONNX model through Node for the referees."""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def run_model(model: Path, tensor: np.ndarray) -> np.ndarray:
    """First output of `model` for its first input, float32."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.bin", Path(folder) / "out.bin"
        np.ascontiguousarray(tensor, np.float32).tofile(source)
        command = ["node", Path(__file__).with_name("run_model.mjs"), model, source, target, *map(str, tensor.shape)]
        shape = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        return np.fromfile(target, np.float32).reshape(shape)
