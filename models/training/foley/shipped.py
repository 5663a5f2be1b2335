"""The exported network, step by step, by the runtime it is meant for: Node and onnxruntime-node."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from network import OUTPUTS
from rendered import as_tensor
from vocabulary import ACTIONS, BEDS, LOOK_AHEAD, MATERIALS, SIZE

SAID = {**OUTPUTS, "beds": len(BEDS)}
"""Outputs that are read, and how many numbers each has."""
SEEN = {"material": len(MATERIALS), "action": len(ACTIONS), "position": 2}
"""The same of the network that looks at what is hit."""


def run_steps(path, pictures, names):
    """Pictures, tensor uint8 [steps, 3, SIZE, SIZE] → outputs by name, [steps, n]."""
    flat = run("run-network.mjs", path, [pictures], lambda source, target: [source, str(len(pictures)), str(SIZE), target, *names])
    return by_name(flat, len(pictures), {name: SAID[name] for name in names})


def run_looks(path, pictures, given):
    """Pictures, tensor uint8 [n, 3 · moments, SIZE, SIZE], and the places that are given, tensor float32 [n, 2] → outputs by name, [n, …]."""
    flat = run("run-look.mjs", path, [pictures, given], lambda *files: files)
    return by_name(flat, len(pictures), SEEN)


def run(script, path, tensors, arguments):
    """What a script of Node writes, given files of tensors."""
    with tempfile.TemporaryDirectory() as folder:
        sources, target = [Path(folder, f"{k}.bin") for k in range(len(tensors))], Path(folder, "outputs.f32")
        for source, tensor in zip(sources, tensors):
            tensor.numpy().tofile(source)
        subprocess.run(["node", Path(__file__).with_name(script), path, *arguments(*sources, target)], check=True, stdout=subprocess.DEVNULL)
        return np.fromfile(target, np.float32)


def by_name(flat, rows, lengths):
    """Outputs one after the other → by name, [rows, length]."""
    ends = np.cumsum([rows * length for length in lengths.values()])
    return {name: part.reshape(rows, -1) for name, part in zip(lengths, np.split(flat, ends[:-1]))}


def watch_shipped(folder, pictures):
    """As `watch` of `evaluate.py` has it, of the shipped model in a folder: probabilities of onsets and energies are logits again."""
    pictures = np.concatenate([pictures, np.repeat(pictures[-1:], LOOK_AHEAD, 0)])
    outputs = run_steps(folder / "model.onnx", as_tensor(pictures), SAID)
    for name in ("onset", "energy"):
        share = outputs[name].astype(float).clip(1e-9, 1 - 1e-9)
        outputs[name] = np.log(share / (1 - share))
    return {name: value[:, 0] if value.shape[1] == 1 else value for name, value in outputs.items()}
