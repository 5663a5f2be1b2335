"""Writes the folder that the package ships: the network as ONNX, and its contract.

    python3 export.py pose.pt --teacher posenet_mobilenet_v1_075_f32_dyn.onnx --out ../../embedded/pose-small

Weights are stored as float16 behind Casts, which the runtime folds when it loads: half the size, same arithmetic. The result is compared with PyTorch
through Node and onnxruntime-node, the runtime it is meant for.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from network import EDGES, HEAT, MAPS, MID, SHORT, FinePoseNet, PoseNet

sys.path.append(str(Path(__file__).resolve().parent.parent))
from half_weights import halve_weights  # noqa: E402

OPSET = 17
# Largest deviation from PyTorch allowed: of logits and of pixels.
PARITY = 0.02
OUTPUTS = {
    "heat": (HEAT, "logits of key points, cell n on pixel 8 n"),
    "short": (SHORT, "y of 17, then x of 17, pixels: from near a key point to it"),
    "mid": (MID, "displacements along the skeleton, pixels: y and x from parent to child, y and x from child to parent"),
}


class Maps(torch.nn.Module):
    """The network's maps one by one, channels last, as `PoseNet` conversions have them."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, image):
        maps = self.network(image).permute(0, 2, 3, 1)
        return torch.split(maps, [channels for channels, _ in OUTPUTS.values()], 3)


def load_network(checkpoint, teacher, keep):
    """What began as PoseNet goes back to it by the share `keep`: pictures unlike those of the training are seen better so (Wortsman et al., Robust
    fine-tuning of zero-shot models, 2022)."""
    network = FinePoseNet()
    network.load_state_dict(torch.load(checkpoint)["average"])
    begun = PoseNet().load_onnx(teacher).state_dict()
    for name, value in network.coarse.state_dict().items():
        value.lerp_(begun[name], keep)
    for parameter in network.parameters():
        parameter.data = parameter.data.half().float()
    return network.eval()


def to_onnx(network):
    buffer = io.BytesIO()
    axes = {"image": {2: "h", 3: "w"}, **{name: {1: "rows", 2: "columns"} for name in OUTPUTS}}
    torch.onnx.export(Maps(network), (torch.rand(1, 3, 129, 161),), buffer, opset_version=OPSET, input_names=["image"], output_names=list(OUTPUTS), dynamic_axes=axes)
    model = onnx.load_from_string(buffer.getvalue())
    halve_weights(model)
    onnx.checker.check_model(model)
    return model


def parity(network, path):
    """Largest difference between PyTorch and ONNX Runtime on a picture-like input, at a size other than that of the export."""
    small = torch.rand(1, 3, 12, 18) * 2 - 1
    image = torch.nn.functional.interpolate(small, size=(193, 257), mode="bicubic").clamp(-1, 1)
    with torch.no_grad():
        expected = network(image).permute(0, 2, 3, 1).reshape(-1, MAPS).numpy()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "image.f32"), Path(folder, "maps.f32")
        image.numpy().tofile(source)
        script = Path(__file__).with_name("run-network.mjs")
        subprocess.run(["node", script, path, source, *map(str, image.shape[2:]), target, *OUTPUTS], check=True)
        flat = np.fromfile(target, np.float32)
    rows = len(expected)
    ends = np.cumsum([channels * rows for channels, _ in OUTPUTS.values()])
    actual = np.concatenate([part.reshape(rows, -1) for part in np.split(flat, ends[:-1])], 1)
    return float(np.abs(actual - expected).max())


def write_contract(folder):
    path = folder / "model.onnx"
    content = {
        "id": "pose-small",
        "title": "Several people and their key points, for CPUs",
        "task": "pose",
        "family": "posenet",
        "version": "1",
        "licence": "see CARD.md and LICENSE.md",
        "weightsLicence": "Apache-2.0",
        "adapter": {
            "layout": "NCHW", "channels": "RGB", "range": [0, 255], "mean": [128], "std": [128], "size": [417, 561],
            "multipleOf": 16, "multiplePlus": 1, "sizeRange": [129, 1025], "fit": "stretch", "interpolation": "area", "strides": [8],
            "activation": "sigmoid", "keypoints": "coco-17",
        },
        "files": {
            path.name: {
                "purpose": f"Picture in, maps of 17 key points and of {len(EDGES)} edges of the skeleton out. Stateless.",
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "inputs": [{"name": "image", "type": "float32", "shape": [1, 3, "h", "w"], "meaning": "RGB, (value - 128) / 128; h and w are 16 k + 1"}],
                "outputs": [
                    {"name": name, "type": "float32", "shape": [1, "rows", "columns", channels], "meaning": meaning}
                    for name, (channels, meaning) in OUTPUTS.items()
                ],
            }
        },
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(content, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--teacher", required=True, help="PoseNet as ONNX")
    parser.add_argument("--keep", type=float, default=0.5, help="0-1: share of PoseNet's weights")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    network = load_network(options.checkpoint, options.teacher, options.keep)
    path = options.out / "model.onnx"
    path.write_bytes(to_onnx(network).SerializeToString())
    difference = parity(network, path)
    print(f"{path}: {path.stat().st_size} bytes, at most {difference:.4f} from PyTorch")
    if difference > PARITY:
        raise SystemExit(f"the exported network differs from PyTorch by more than {PARITY}")
    write_contract(options.out)


if __name__ == "__main__":
    main()
