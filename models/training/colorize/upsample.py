"""The graph that turns low-resolution colours into a frame's chroma planes.

The fast guided filter (He and Sun, 2015): around each sample, chroma is modelled as a linear function of luma.
The coefficients are smooth, so they are what is enlarged; the full-resolution luma then puts the edges back.
Colours stop where objects do, though the network that chose them saw a thumbnail.
"""

from __future__ import annotations

from typing import Callable

from onnx import ModelProto

from onnx_builder import GraphBuilder
from planes import triangle_blur

GUIDE_RADIUS = 5.0
"""Half the width of the guided filter's window, in chroma samples."""

GUIDE_EPSILON = 0.002
"""Luma variance (0-1 squared) below which a window is flat and its colours are simply averaged."""

SLOPE_RADIUS = 2.0
"""Half the width of the window over which its slopes are averaged, in chroma samples."""

FADE_FROM, FADE_TO = 0.48, 0.45
"""Distance of luma from mid-grey at which colour is gone, and at which it is whole again: nothing is
coloured that is nearly black or nearly white, so letter-box bars, titles and blown highlights stay clean."""

OUTSIDE_WHOLE, OUTSIDE_GONE = 1.5, 2.5
"""Distance from the outermost chroma sample, in samples, up to which colours are extended outside the box,
and at which they are gone. The box's own border is at 0.5."""


def upsample(dtype: str, with_original: bool) -> ModelProto:
    """`dtype` is the planes': uint8, or uint16 for more than 8 bits. `with_original` adds the inputs `keep`,
    `originalCb` and `originalCr`, to mix the frame's own chroma in."""
    g = GraphBuilder("upsample")
    luma = g.input("luma", dtype, [1, 1, "H", "W"])
    scale = g.input("lumaScale", "float32", [])
    luma_zero = g.input("lumaZero", dtype, [])
    thumb = g.input("thumb", "float32", [1, 1, "h", "w"])
    cbcr = g.input("cbcr", "float32", [1, 2, "h/2", "w/2"])
    gain = g.input("gain", "float32", [2])
    limit = g.input("limit", "float32", [])
    chroma_zero = g.input("chromaZero", dtype, [])
    box = g.input("box", "int64", [4])
    size = g.input("size", "int64", [2])

    guide = g.DequantizeLinear(luma, scale, luma_zero)
    guide = g.Resize(guide, None, None, g.Concat([1, 1], size, axis=0), mode="linear")
    slope, intercept = _linear_model(g, thumb, g.Mul(cbcr, g.Reshape(gain, [1, 2, 1, 1])))
    enlarge = _enlarger(g, luma, box, size, cbcr)
    chroma = g.Add(g.Mul(enlarge(slope), guide), enlarge(intercept))
    chroma = g.Mul(chroma, _fade(g, guide))
    if with_original:
        chroma = g.Add(chroma, _kept_original(g, dtype, chroma_zero))
    codes = _to_codes(g, dtype, chroma, limit, chroma_zero)
    for name, plane in zip(("cb", "cr"), g.split(codes, [1, 1], 1)):
        g.output(plane, name, dtype, [1, 1, "Hc", "Wc"])
    return g.build()


def _linear_model(g: GraphBuilder, thumb: str, cbcr: str) -> tuple[str, str]:
    """Slope and intercept, each [1, 2, h/2, w/2], of chroma over luma in the window around each sample."""
    halve = lambda plane: g.AveragePool(plane, kernel_shape=[2, 2], strides=[2, 2])  # noqa: E731
    luma = halve(thumb)
    moments = g.Concat(luma, cbcr, halve(g.Mul(thumb, thumb)), g.Mul(luma, cbcr), axis=1)
    means = triangle_blur(g, cbcr, GUIDE_RADIUS)(moments)
    mean_luma, mean_chroma, mean_luma2, mean_product = g.split(means, [1, 2, 1, 2], 1)
    variance = g.Sub(mean_luma2, g.Mul(mean_luma, mean_luma))
    covariance = g.Sub(mean_product, g.Mul(mean_luma, mean_chroma))
    slope = g.Div(covariance, g.Add(variance, GUIDE_EPSILON))
    slope = triangle_blur(g, cbcr, SLOPE_RADIUS)(slope)
    return slope, g.Sub(mean_chroma, g.Mul(slope, mean_luma))


def _enlarger(g: GraphBuilder, luma: str, box: str, size: str, cbcr: str) -> Callable[[str], str]:
    """Bilinear interpolation as two matrices, [Hc, h/2] and [w/2, Wc]: several times faster than Resize,
    and the box that the colours belong to may be any part of the picture."""
    rows = _interpolation(g, luma, box, size, cbcr, axis=0)
    columns = g.Transpose(_interpolation(g, luma, box, size, cbcr, axis=1), perm=[1, 0])
    return lambda plane: g.MatMul(rows, g.MatMul(plane, columns))


def _interpolation(g: GraphBuilder, luma: str, box: str, size: str, cbcr: str, axis: int) -> str:
    """Weight of every chroma sample in every output along one axis, float32 [outputs, samples]."""
    samples, picture = (g.float(g.Gather(g.Shape(planes, start=2), axis)) for planes in (cbcr, luma))
    start, end = (g.float(g.Gather(box, edge)) for edge in (axis, axis + 2))
    outputs = g.Gather(size, axis)
    centre = g.Mul(g.Add(g.float(g.Range(0, outputs, 1)), 0.5), g.Div(picture, g.float(outputs)))
    position = g.Sub(g.Div(g.Mul(g.Sub(centre, start), samples), g.Sub(end, start)), 0.5)
    nearest = g.Clip(position, 0.0, g.Sub(samples, 1.0))
    outside = g.Abs(g.Sub(position, nearest))
    kept = g.Clip(g.Div(g.Sub(OUTSIDE_GONE, outside), OUTSIDE_GONE - OUTSIDE_WHOLE), 0.0, 1.0)
    distance = g.Abs(g.Sub(g.Unsqueeze(nearest, [1]), g.Range(0.0, samples, 1.0)))
    return g.Mul(g.Relu(g.Sub(1.0, distance)), g.Unsqueeze(kept, [1]))


def _fade(g: GraphBuilder, guide: str) -> str:
    steepness = 1 / (FADE_FROM - FADE_TO)
    return g.HardSigmoid(g.Abs(g.Sub(guide, 0.5)), alpha=-steepness, beta=FADE_FROM * steepness)


def _kept_original(g: GraphBuilder, dtype: str, chroma_zero: str) -> str:
    keep = g.input("keep", "float32", [])
    planes = [g.input(name, dtype, [1, 1, "Hc", "Wc"]) for name in ("originalCb", "originalCr")]
    return g.Concat(*(g.DequantizeLinear(plane, keep, chroma_zero) for plane in planes), axis=1)


def _to_codes(g: GraphBuilder, dtype: str, chroma: str, limit: str, chroma_zero: str) -> str:
    if dtype == "uint16":  # ONNX Runtime has no Clip for it.
        return g.QuantizeLinear(g.Clip(chroma, g.Neg(limit), limit), 1.0, chroma_zero)
    codes = g.QuantizeLinear(chroma, 1.0, chroma_zero)
    neutral = g.float(chroma_zero)
    # Clipping bytes takes an eighth of the time of clipping floats.
    return g.Clip(codes, g.uint8(g.Sub(neutral, limit)), g.uint8(g.Add(neutral, limit)))
