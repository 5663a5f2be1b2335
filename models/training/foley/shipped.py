"""The exported network, step by step, by the runtime it is meant for: Node and onnxruntime-node."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from network import OUTPUTS
from rendered import as_tensor
from vocabulary import BEDS, LOOK_AHEAD, SIZE

SAID = {**OUTPUTS, "beds": len(BEDS)}
"""Outputs that are read, and how many numbers each has."""


def run_steps(path, pictures, names):
    """Pictures, tensor uint8 [steps, 3, SIZE, SIZE] → outputs by name, [steps, n]."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "pictures.u8"), Path(folder, "outputs.f32")
        pictures.numpy().tofile(source)
        command = ["node", Path(__file__).with_name("run-network.mjs"), path, source, str(len(pictures)), str(SIZE), target, *names]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        flat = np.fromfile(target, np.float32)
    ends = np.cumsum([SAID[name] * len(pictures) for name in names])
    return {name: part.reshape(len(pictures), -1) for name, part in zip(names, np.split(flat, ends[:-1]))}


def watch_shipped(folder, pictures):
    """As `watch` of `evaluate.py` has it, of the shipped model in a folder: probabilities of onsets and energies are logits again."""
    pictures = np.concatenate([pictures, np.repeat(pictures[-1:], LOOK_AHEAD, 0)])
    outputs = run_steps(folder / "model.onnx", as_tensor(pictures), SAID)
    for name in ("onset", "energy"):
        share = outputs[name].astype(float).clip(1e-9, 1 - 1e-9)
        outputs[name] = np.log(share / (1 - share))
    return {name: value[:, 0] if value.shape[1] == 1 else value for name, value in outputs.items()}
