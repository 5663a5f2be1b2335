"""The pixel work around the network, as small ONNX graphs: no per-pixel code is left to the caller.

    thumbnail.{u8,u16}        full-resolution luma -> thumbnail for the network
    propagate                 last frame's colours + this frame's prediction -> stable colours
    upsample.{u8,u16}         stable colours + full-resolution luma -> chroma planes
    upsample-blend.{u8,u16}   the same, mixed with the frame's own chroma

Between them chroma is always float32 [1, 2, h/2, w/2]: Cb and Cr as offsets from neutral in 8-bit codes,
BT.601, full range; h and w are the sides of the thumbnail.
"""

from __future__ import annotations

from onnx import ModelProto

from propagate import propagate
from thumbnail import thumbnail
from upsample import upsample

ELEMENT_TYPES = {"u8": "uint8", "u16": "uint16"}
"""The suffix of a graph's file, and the element type of the planes that it reads and writes."""


def all_graphs() -> dict[str, ModelProto]:
    """Every graph, by the name of its file."""
    graphs = {"propagate.onnx": propagate()}
    for suffix, dtype in ELEMENT_TYPES.items():
        graphs[f"thumbnail.{suffix}.onnx"] = thumbnail(dtype)
        graphs[f"upsample.{suffix}.onnx"] = upsample(dtype, with_original=False)
        graphs[f"upsample-blend.{suffix}.onnx"] = upsample(dtype, with_original=True)
    return graphs
