"""Filters on small planes, shared by the graphs."""

from __future__ import annotations

from typing import Callable

from onnx_builder import GraphBuilder


def triangle_blur(g: GraphBuilder, like: str, radius: float) -> Callable[[str], str]:
    """A separable triangle filter for planes of the size of `like`, as two band matrices: at these sizes
    a fraction of the cost of AveragePool, and its window ends softly."""
    matrices = []
    for axis in (0, 1):
        index = g.Range(0.0, g.float(g.Gather(g.Shape(like, start=2), axis)), 1.0)
        distance = g.Abs(g.Sub(g.Unsqueeze(index, [0]), g.Unsqueeze(index, [1])))
        weight = g.Relu(g.Sub(1.0, g.Mul(distance, 1 / radius)))
        matrices.append(g.Div(weight, g.ReduceSum(weight, [1 - axis], keepdims=1)))
    return lambda planes: g.MatMul(matrices[0], g.MatMul(planes, matrices[1]))
