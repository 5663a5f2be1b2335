"""The graph that makes the network's input from a full-resolution luma plane."""

from __future__ import annotations

from onnx import ModelProto

from onnx_builder import GraphBuilder


def thumbnail(dtype: str) -> ModelProto:
    """`dtype` is the luma's: uint8, or uint16 for more than 8 bits."""
    g = GraphBuilder("thumbnail")
    luma = g.input("luma", dtype, [1, 1, "H", "W"])
    scale = g.input("lumaScale", "float32", [])
    zero = g.input("lumaZero", dtype, [])
    box = g.input("box", "int64", [4])
    size = g.input("size", "int64", [2])

    top_left, bottom_right = g.split(box, [2, 2], 0)
    inside = g.Slice(luma, top_left, bottom_right, [2, 3])
    full_range = g.DequantizeLinear(inside, scale, zero)
    # A triangle filter as wide as the reduction: no aliasing from any size, grain averaged away.
    small = g.Resize(full_range, None, None, g.Concat([1, 1], size, axis=0), mode="linear", antialias=1)
    g.output(g.Clip(small, 0.0, 1.0), "thumb", "float32", [1, 1, "h", "w"])
    return g.build()
