"""Writes the folder that the package ships: the network and the graphs as ONNX, and their contract.

    python3 export.py CHECKPOINT --out ../../embedded/colorize-small

Weights are stored as float16 behind Casts, which the runtime folds when it loads: half the size, same arithmetic.
The result is compared with PyTorch through Node and onnxruntime-node, the runtime it is meant for.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import ModelProto

from bins import soft_limited
from checkpoint import load_network
from contract import NETWORK_FILE, write_contract
from graphs import all_graphs

sys.path.append(str(Path(__file__).resolve().parent.parent))
from half_weights import halve_weights  # noqa: E402

NETWORK_OPSET = 17
PARITY_CODES = 0.05
"""Largest deviation from PyTorch allowed, in 8-bit chroma codes."""


class Colorizer(torch.nn.Module):
    """The network with its decoder: luma and temperature to chroma offsets."""

    def __init__(self, checkpoint: str) -> None:
        super().__init__()
        self.network, bins = load_network(checkpoint)
        for parameter in self.network.parameters():
            parameter.data = parameter.data.half().float()
        self.register_buffer("centres", bins.centres.t().contiguous())

    def forward(self, thumb: torch.Tensor, temperature: torch.Tensor) -> torch.Tensor:
        """`ChromaBins.decode` and the soft limit. The softmax runs over rows that lie together in memory: over any other axis the
        runtime would spend more than a third of the network's time on it."""
        logits = self.network(thumb) / temperature
        rows = logits.permute(0, 2, 3, 1).reshape(-1, self.centres.shape[1])
        chroma = F.linear(self.centres, rows.softmax(1))
        return soft_limited(chroma.reshape(1, 2, *logits.shape[2:]))


def export_network(colorizer: Colorizer) -> ModelProto:
    buffer = io.BytesIO()
    torch.onnx.export(
        colorizer,
        (torch.rand(1, 1, 96, 160), torch.tensor(0.5)),
        buffer,
        opset_version=NETWORK_OPSET,
        input_names=["thumb", "temperature"],
        output_names=["cbcr"],
        dynamic_axes={"thumb": {2: "h", 3: "w"}, "cbcr": {2: "h/2", 3: "w/2"}},
    )
    model = onnx.load_from_string(buffer.getvalue())
    for dimension, size in zip(model.graph.output[0].type.tensor_type.shape.dim, (1, 2)):
        dimension.dim_value = size
    halve_weights(model)
    onnx.checker.check_model(model)
    return model


def parity(colorizer: Colorizer, path: Path) -> float:
    """Largest difference between PyTorch and ONNX Runtime on a picture-like input, in 8-bit chroma codes."""
    luma = F.interpolate(torch.rand(1, 1, 12, 18), size=(96, 144), mode="bicubic").clamp(0, 1)
    with torch.no_grad():
        expected = colorizer(luma, torch.tensor(0.5)).numpy()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "thumb.f32"), Path(folder, "cbcr.f32")
        luma.numpy().tofile(source)
        script = Path(__file__).with_name("run-network.mjs")
        height, width = luma.shape[2:]
        subprocess.run(["node", script, path, source, str(height), str(width), "0.5", target], check=True)
        actual = np.fromfile(target, np.float32).reshape(expected.shape)
    return float(np.abs(actual - expected).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", nargs="?", help="without it the network already in --out is kept")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    if options.checkpoint:
        colorizer = Colorizer(options.checkpoint).eval()
        path = options.out / NETWORK_FILE
        path.write_bytes(export_network(colorizer).SerializeToString())
        difference = parity(colorizer, path)
        print(f"{path}: {path.stat().st_size} bytes, at most {difference:.4f} codes from PyTorch")
        if difference > PARITY_CODES:
            raise SystemExit(f"the exported network differs from PyTorch by more than {PARITY_CODES} codes")
    for name, model in all_graphs().items():
        (options.out / name).write_bytes(model.SerializeToString())
    print(f"{write_contract(options.out)}: written")


if __name__ == "__main__":
    main()
