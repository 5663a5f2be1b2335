"""Writes the folders that the package ships: the network that finds text and the one that reads it as ONNX, and their contracts.

    python3 export.py --detect detect.pt --read read.pt --out ../../embedded [--threshold 0.3 --score 0.5 --unclip 1.0]

Weights are stored as float16 behind Casts, those of the reader as int8. Both are compared with PyTorch through Node and onnxruntime-node, the runtime they are meant for, and timed there.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import sys
from pathlib import Path

import numpy as np
import onnx
import torch

import detect
import read
from db import BOX_SCORE, THRESHOLD, UNCLIP
from detect_network import DetectNet
from lines import HEIGHT
from read_network import ReadNet
from vocabulary import ALPHABET, BLANK, CLASSES

sys.path.append(str(Path(__file__).resolve().parent.parent))
from half_weights import SMALLEST, byte_rounded, byte_weights, halve_weights  # noqa: E402

OPSET = 17
PARITY = 0.02
"""Largest deviation of probabilities from PyTorch's allowed."""
TIMES = 20
LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "nl", "da", "sv", "nb"]
IMAGE = {"layout": "NCHW", "range": [0, 1], "mean": [0.5], "std": [0.5]}


class Finds(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.sigmoid(self.network(x))


class Reads(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.softmax(self.network(x), 2)


def rounded(network):
    """With weights as they will be stored, rounded to float16."""
    for parameter in network.parameters():
        parameter.data = parameter.data.half().float()
    return network.eval()


def byte_rounded_layers(network):
    """Likewise, rounded to int8. (What normalizations fold into them scales whole outputs, which changes nothing.)"""
    for layer in network.modules():
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)) and layer.weight.numel() >= SMALLEST:
            layer.weight.data = torch.from_numpy(byte_rounded(layer.weight.detach().numpy()))
    return network.eval()


def to_onnx(module, example, axes, make_smaller):
    buffer = io.BytesIO()
    torch.onnx.export(module.eval(), (example,), buffer, opset_version=OPSET, input_names=["x"], output_names=["y"], dynamic_axes=axes)
    model = onnx.load_from_string(buffer.getvalue())
    make_smaller(model)
    return model


def finds_to_onnx(network):
    return to_onnx(Finds(network), torch.rand(1, 3, 96, 128), {"x": {2: "h", 3: "w"}, "y": {2: "h", 3: "w"}}, halve_weights)


def reads_to_onnx(network):
    model = to_onnx(Reads(network), torch.rand(2, 1, HEIGHT, 100), {"x": {0: "n", 3: "w"}, "y": {0: "n", 1: "t"}}, byte_weights)
    # One character a line; the adapter appends the space.
    entry = model.metadata_props.add()
    entry.key, entry.value = "character", "\n".join(ALPHABET[:-1])
    return model


def parity(module, path, shape):
    """Largest difference between PyTorch and ONNX Runtime on a smooth picture of a shape other than that of the export; and how long a run takes on one core."""
    small = torch.rand(shape[0], shape[1], shape[2] // 4, shape[3] // 4) * 2 - 1
    picture = torch.nn.functional.interpolate(small, size=shape[2:], mode="bicubic").clamp(-1, 1)
    with torch.no_grad():
        expected = module(picture).numpy().ravel()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "x.f32"), Path(folder, "y.f32")
        picture.numpy().tofile(source)
        script = Path(__file__).with_name("run-network.mjs")
        run = subprocess.run(["node", script, path, source, ",".join(map(str, shape)), target, str(TIMES)], check=True, capture_output=True, text=True)
        return float(np.abs(np.fromfile(target, np.float32) - expected).max()), run.stdout.strip()


def write(folder, module, model, shape, most_bytes, contract):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    (difference, took), size = parity(module, path, shape), path.stat().st_size
    print(f"{path}: {size} bytes, at most {difference:.1g} from PyTorch, {took} for {shape} on one core")
    if difference > PARITY or size > most_bytes:
        raise SystemExit(f"wanted: at most {PARITY} from PyTorch, and at most {most_bytes} bytes")
    contract["files"]["model.onnx"].update(bytes=size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    (folder / "model.json").write_text(json.dumps(contract, indent=2, ensure_ascii=False) + "\n")


def finds_contract(options):
    return {
        "id": "text-detect-small",
        "title": "Where lines of text are, for CPUs",
        "task": "text-detect",
        "family": "db-text-detect",
        "version": "1",
        "licence": "see CARD.md",
        "adapter": {
            **IMAGE, "channels": "RGB", "size": [384, 640], "multipleOf": detect.STEP, "sizeRange": [detect.STEP, 1536], "fit": "stretch",
            "threshold": options.threshold, "boxScore": options.score, "unclip": options.unclip,
        },
        "files": {"model.onnx": {
            "purpose": "Picture in, probability of the kernels of lines of text out. Stateless.",
            "inputs": [{"name": "x", "type": "float32", "shape": [1, 3, "h", "w"], "meaning": f"RGB, -1 to 1; h and w are multiples of {detect.STEP}"}],
            "outputs": [{"name": "y", "type": "float32", "shape": [1, 1, "h", "w"], "meaning": "probability of a kernel, 0-1"}],
        }},
    }  # fmt: skip


CHARACTERS = "language.arpa.gz"
MOST_READER_BYTES = 6_000_000


def with_characters(folder, source):
    """Puts what characters follow each other beside the reader, and says so in its model.json."""
    contract = json.loads((folder / "model.json").read_text())
    shutil.copyfile(source, folder / CHARACTERS)
    data = (folder / CHARACTERS).read_bytes()
    contract["adapter"].update(characterModel=CHARACTERS, characterWeight=0.6, characterBonus=1.5)
    contract["files"][CHARACTERS] = {
        "purpose": "Which characters follow which, for the beam: n-grams of small letters as ARPA.", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(contract, indent=2, ensure_ascii=False) + "\n")
    size = sum(file["bytes"] for file in contract["files"].values())
    print(f"{folder}: {size} bytes with n-grams")
    if size > MOST_READER_BYTES:
        raise SystemExit(f"wanted: at most {MOST_READER_BYTES} bytes")


def reads_contract():
    return {
        "id": "text-read-latin",
        "title": "Reads lines of text in languages of western Europe, for CPUs",
        "task": "text-read",
        "family": "ctc-ppocr",
        "version": "1",
        "licence": "see CARD.md",
        "adapter": {
            **IMAGE, "channels": "gray", "size": [HEIGHT, read.LEAST_WIDTH], "fit": "height", "pad": 0.5, "padRight": read.ROUND // 2, "blank": BLANK, "alphabetKey": "character", "appendSpace": True,
            "languages": LANGUAGES,
        },
        "files": {"model.onnx": {
            "purpose": "Lines of text in, probabilities of characters along them out. Stateless. The characters are in the metadata `character`, one a line; the space comes last.",
            "inputs": [{"name": "x", "type": "float32", "shape": ["n", 1, HEIGHT, "w"], "meaning": "luma, -1 to 1; 0 right of shorter lines"}],
            "outputs": [{"name": "y", "type": "float32", "shape": ["n", "t", CLASSES], "meaning": "probabilities, two steps for each four pixels begun; class 0 is the blank"}],
        }},
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--detect", type=Path)
    parser.add_argument("--read", type=Path)
    parser.add_argument("--characters", type=Path, help="n-grams of characters.py, shipped beside the reader")
    parser.add_argument("--untrained", action="store_true", help="networks as they begin, to try the rest")
    parser.add_argument("--out", type=Path, required=True, help="folder for both folders")
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help="as detect.py judge has found best; likewise the next two")
    parser.add_argument("--score", type=float, default=BOX_SCORE)
    parser.add_argument("--unclip", type=float, default=UNCLIP)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.detect or options.untrained:
        network = rounded(detect.load_network(options.detect) if options.detect else DetectNet())
        write(options.out / "text-detect-small", Finds(network), finds_to_onnx(network), (1, 3, 352, 640), 4_000_000, finds_contract(options))
    if options.read or options.untrained:
        network = byte_rounded_layers(read.load_network(options.read) if options.read else ReadNet())
        write(options.out / "text-read-latin", Reads(network), reads_to_onnx(network), (3, 1, HEIGHT, 254), MOST_READER_BYTES, reads_contract())
        if options.characters:
            with_characters(options.out / "text-read-latin", options.characters)


if __name__ == "__main__":
    main()
