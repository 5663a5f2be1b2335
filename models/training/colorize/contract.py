"""`model.json`: for every file what goes in, what comes out, and what it means."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import onnx

NETWORK_FILE = "model.onnx"

PURPOSES = {
    NETWORK_FILE: "The colour network: thumbnail in, chroma out. Stateless.",
    "thumbnail": "Full-resolution luma to the network's input. Stateless.",
    "propagate": "Steadies the network's colours over time, along the motion. Its state is its own output.",
    "upsample": "Low-resolution colours to a frame's chroma planes, along the edges of its luma. Stateless.",
    "upsample-blend": "The same, with a share of the frame's own chroma mixed in. Stateless.",
}

MEANINGS = {
    "luma": "the frame's Y plane, rows contiguous",
    "lumaScale": "1 / (white - black) in luma codes: limited range 1/219 (8 bit) or 1/876 (10 bit), full 1/255 or 1/1023",
    "lumaZero": "luma code of black: limited range 16 or 64, full 0",
    "box": "top, left, bottom, right of the picture inside letter-box bars, in luma pixels, bottom and right exclusive; "
    "the whole frame is 0, 0, H, W",
    "thumb": "full-range luma inside the box, 0-1; h and w are multiples of 16, short side 96-160",
    "temperature": "0.3-1: lower is more vivid and more patchy, 1 is the plain expectation",
    "cbcr": "Cb and Cr as offsets from neutral in 8-bit codes, BT.601, full range; covers the box",
    "previousThumb": "`thumb` of the frame before; any values of the right shape when hasPrevious is 0",
    "previousCbcr": "`stable` of the frame before; likewise",
    "hasPrediction": "1: cbcr holds this frame's prediction; 0: it is ignored and colours are carried only",
    "hasPrevious": "0: first frame, or the box or the thumbnail's size changed; else 1",
    "strength": "0-1: share of the carried colour where it matches perfectly; 0 trusts the prediction alone",
    "cutThreshold": "a cut score above this drops what was carried; 0.5 suits films, more than 1 never drops",
    "stable": "the frame's colours, like cbcr; neutral after a cut without a prediction",
    "cut": "0-1: how much the frame looks like the first of another shot; 0 when hasPrevious is 0",
    "gain": "output codes per 8-bit full-range BT.601 code, for Cb and Cr: saturation x strength x matrix "
    "(BT.601 1, 1; BT.709 0.95495, 0.89027) x range (limited 224/255, full 1) x 2^(bits - 8)",
    "limit": "largest distance from chromaZero: limited range 112 x 2^(bits - 8), full 127 x 2^(bits - 8)",
    "chromaZero": "neutral chroma code, 2^(bits - 1)",
    "keep": "share of the frame's own chroma, 0-1; with the gain scaled by 1 - keep it is a cross-fade",
    "originalCb": "the frame's own Cb plane, rows contiguous",
    "originalCr": "the frame's own Cr plane, rows contiguous",
    "cb": "Cb plane",
    "cr": "Cr plane",
}

MEANINGS_OF_SIZE = {
    "thumbnail": "height and width of the thumbnail",
    "upsample": "height and width of the chroma planes: 4:2:0 ceil(H/2), ceil(W/2); 4:2:2 H, ceil(W/2); 4:4:4 H, W",
}

TYPE_NAMES = {1: "float32", 2: "uint8", 4: "uint16", 7: "int64"}


def write_contract(folder: Path) -> Path:
    files = {path.name: describe(path) for path in sorted(folder.glob("*.onnx"))}
    content = {
        "id": "colorize-small",
        "task": "colorize",
        "licence": "see CARD.md",
        "files": files,
        "defaults": {"shortSide": 96, "temperature": 0.4, "saturation": 1.4, "strength": 0.9, "cutThreshold": 0.5},
    }
    path = folder / "model.json"
    path.write_text(json.dumps(content, indent=2) + "\n")
    return path


def describe(path: Path) -> dict:
    kind = path.name if path.name == NETWORK_FILE else path.name.split(".")[0]
    stored = path.read_bytes()
    graph = onnx.load_from_string(stored).graph
    return {
        "purpose": PURPOSES[kind],
        "bytes": len(stored),
        "sha256": hashlib.sha256(stored).hexdigest(),
        "inputs": [describe_tensor(value, kind) for value in graph.input],
        "outputs": [describe_tensor(value, kind) for value in graph.output],
    }


def describe_tensor(value: onnx.ValueInfoProto, kind: str) -> dict:
    tensor = value.type.tensor_type
    meaning = MEANINGS_OF_SIZE[kind.split("-")[0]] if value.name == "size" else MEANINGS[value.name]
    return {
        "name": value.name,
        "type": TYPE_NAMES[tensor.elem_type],
        "shape": [dimension.dim_param or dimension.dim_value for dimension in tensor.shape.dim],
        "meaning": meaning,
    }
