"""Colours that stay put: last frame's chroma is carried along the motion and averaged with the new prediction.

A network that colours frames one by one flickers. Here each sample of the chroma grid looks for itself in
the previous thumbnail, first over a wide range on a coarse grid, then in the neighbourhood of what was found,
and takes the colours it had there: an average over the candidates, weighted by how well their patches match
(non-local means, Buades, Coll and Morel, 2005, along the motion). Where nothing matches, something new has
come into view and the prediction is taken instead; where nothing matches anywhere, it is a cut.
"""

from __future__ import annotations

import numpy as np
from onnx import ModelProto

from onnx_builder import GraphBuilder
from planes import triangle_blur

COARSE_REACH = 4
"""The coarse search covers this many steps each way; a step is 4 thumbnail pixels."""

COARSE_RADIUS = 3.5
"""Half the width of the coarse search's patch, in coarse steps."""

COARSE_EFFORT = 2e-5
"""Cost of a coarse step of motion: without it flat areas would drift at random."""

FINE_REACH = 1
"""The fine search looks at this many chroma samples each way around what the coarse one found."""

CANDIDATES = 1 + (2 * FINE_REACH + 1) ** 2
"""The sample that stayed where it was, then those of the fine search, row by row."""

STILL_PREFERENCE = 5e-3
"""Cost of having moved, where staying explains the picture too."""

FINE_EFFORT = 1e-4
"""Cost of a fine step of motion."""

BRIGHTNESS_TOLERANCE = 0.7
"""Share of a patch's mean luma difference that is forgiven: lamps flicker, exposure drifts."""

SELECTIVITY = 6e-4
"""Cost difference, on top of the noise, that makes one candidate count e times as much as another."""

MISMATCH = 1.5e-3
"""Cost above the noise, at which trust in the carried colour has fallen to 1/e."""

CUT_SCALE = 2.4
"""Brings the cut score's natural threshold to 0.5."""


def propagate() -> ModelProto:
    g = GraphBuilder("propagate")
    thumb = g.input("thumb", "float32", [1, 1, "h", "w"])
    cbcr = g.input("cbcr", "float32", [1, 2, "h/2", "w/2"])
    previous_thumb = g.input("previousThumb", "float32", [1, 1, "h", "w"])
    previous_cbcr = g.input("previousCbcr", "float32", [1, 2, "h/2", "w/2"])
    has_prediction = g.input("hasPrediction", "float32", [])
    has_previous = g.input("hasPrevious", "float32", [])
    strength = g.input("strength", "float32", [])
    cut_threshold = g.input("cutThreshold", "float32", [])

    previous_thumb = _same_exposure(g, previous_thumb, thumb)
    shrink = lambda plane: g.AveragePool(plane, kernel_shape=[4, 4], strides=[4, 4])  # noqa: E731
    coarse, previous_coarse = shrink(thumb), shrink(previous_thumb)
    luma = _four_channels(g, thumb)
    previous = g.Concat(_four_channels(g, previous_thumb), previous_cbcr, axis=1)
    moved = _follow(g, previous, _coarse_motion(g, coarse, previous_coarse))
    candidates = g.Concat(previous, *_neighbours(g, moved), axis=0)
    carried, mismatch, noise = _average_by_match(g, candidates, luma)

    doubt = g.Relu(g.Sub(mismatch, g.Mul(noise, 2.0)))
    trust = g.Exp(g.Neg(g.Div(doubt, g.Add(g.Mul(noise, 2.0), MISMATCH))))
    cut = g.Mul(has_previous, _cut_score(g, trust, coarse, previous_coarse))
    known = g.Mul(has_previous, g.float(g.LessOrEqual(cut, cut_threshold)))
    trust = g.Add(1.0, g.Mul(has_prediction, g.Sub(g.Mul(trust, strength), 1.0)))
    share = g.Mul(trust, known)
    predicted = g.Mul(cbcr, has_prediction)
    stable = g.Add(predicted, g.Mul(share, g.Sub(carried, predicted)))
    g.output(stable, "stable", "float32", [1, 2, "h/2", "w/2"])
    g.output(cut, "cut", "float32", [])
    return g.build()


def _same_exposure(g: GraphBuilder, previous: str, current: str) -> str:
    """The previous thumbnail with the current one's mean and, within reason, contrast."""
    means = [g.ReduceMean(plane) for plane in (previous, current)]
    spreads = [
        g.Sqrt(g.Add(g.Sub(g.ReduceMean(g.Mul(plane, plane)), g.Mul(mean, mean)), 1e-5))
        for plane, mean in zip((previous, current), means)
    ]
    contrast = g.Clip(g.Div(spreads[1], spreads[0]), 0.7, 1.4)
    return g.Add(g.Mul(g.Sub(previous, means[0]), contrast), means[1])


def _cut_score(g: GraphBuilder, trust: str, current: str, previous: str) -> str:
    """High only if the parts match badly *and* the whole looks different: either alone happens within a shot."""
    halve = lambda plane: g.AveragePool(plane, kernel_shape=[2, 2], strides=[2, 2])  # noqa: E731
    whole = []
    for plane in (halve(current), halve(previous)):
        centred = g.Sub(plane, g.ReduceMean(plane))
        spread = g.Sqrt(g.ReduceMean(g.Mul(centred, centred)))
        whole.append(g.Div(centred, g.Add(spread, 0.01)))
    likeness = g.ReduceMean(g.Mul(*whole), keepdims=0)
    strangeness = g.Sqrt(g.Clip(g.Sub(1.0, likeness), 0.0, 1.0))
    distrust = g.Sub(1.0, g.ReduceMean(trust, keepdims=0))
    return g.Clip(g.Mul(g.Mul(distrust, strangeness), CUT_SCALE), 0.0, 1.0)


def _four_channels(g: GraphBuilder, thumb: str) -> str:
    """The four thumbnail pixels under each chroma sample, as channels."""
    return g.SpaceToDepth(thumb, blocksize=2)


def _coarse_motion(g: GraphBuilder, current: str, previous: str) -> str:
    """Index into the shift table, int64 [h/4, w/4]: where each coarse cell was in the previous frame."""
    side = 2 * COARSE_REACH + 1
    every_shift = np.eye(side * side, dtype=np.float32).reshape(-1, 1, side, side)
    padded = g.Pad(previous, [0, 0, COARSE_REACH, COARSE_REACH] * 2, mode="edge")
    difference = g.Sub(g.Conv(padded, every_shift, kernel_shape=[side, side]), current)
    patch = triangle_blur(g, current, COARSE_RADIUS)
    cost = _cost(g, patch(difference), patch(g.Mul(difference, difference)))
    steps = np.hypot(*_coarse_shifts().T).astype(np.float32)
    cost = g.Add(cost, (COARSE_EFFORT * steps).reshape(1, -1, 1, 1))
    return g.Squeeze(g.ArgMin(cost, axis=1, keepdims=0), [0])


def _coarse_shifts() -> np.ndarray:
    """Down and right of every coarse candidate, int64 [81, 2]."""
    axis = np.arange(-COARSE_REACH, COARSE_REACH + 1)
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)


def _follow(g: GraphBuilder, previous: str, motion: str) -> str:
    """Fetches every sample of `previous` [1, 6, h/2, w/2] from where the coarse motion says it was."""
    margin = 2 * COARSE_REACH
    sides = g.Shape(previous, start=2)
    height, width = g.split(sides, [1, 1], 0)
    rows = g.Transpose(g.Pad(previous, [0, 0, margin, margin] * 2, mode="edge"), perm=[0, 2, 3, 1])
    stride = g.Add(width, 2 * margin)
    shifts = 2 * _coarse_shifts() + margin
    offset = g.Add(g.Mul(g.Gather(shifts[:, 0], motion), stride), g.Gather(shifts[:, 1], motion))
    twice = g.Expand(g.Unsqueeze(offset, [1, 3]), np.array([1, 2, 1, 2]))
    down = g.Unsqueeze(g.Mul(g.Range(0, g.Squeeze(height), 1), stride), [1])
    right = g.Range(0, g.Squeeze(width), 1)
    source = g.Add(g.Reshape(twice, sides), g.Add(down, right))
    fetched = g.Gather(g.Reshape(rows, [-1, 6]), source, axis=0)
    return g.Unsqueeze(g.Transpose(fetched, perm=[2, 0, 1]), [0])


def _neighbours(g: GraphBuilder, planes: str) -> list[str]:
    """The planes themselves, and shifted by one sample in all eight directions."""
    sides = g.Shape(planes, start=2)
    padded = g.Pad(planes, [0, 0, FINE_REACH, FINE_REACH] * 2, mode="edge")
    return [
        g.Slice(padded, [down, right], g.Add(sides, [down, right]), [2, 3])
        for down in range(2 * FINE_REACH + 1)
        for right in range(2 * FINE_REACH + 1)
    ]


def _average_by_match(g: GraphBuilder, candidates: str, luma: str) -> tuple[str, str, str]:
    """Candidates [10, 6, h/2, w/2] to carried chroma [1, 2, ..], mismatch [1, 1, ..] and the noise level."""
    candidate_luma, candidate_chroma = g.split(candidates, [4, 2], 1)
    difference = g.Sub(candidate_luma, luma)
    mean = lambda value: g.ReduceMean(value, [1], keepdims=1)  # noqa: E731
    # The patch is the sample itself, four thumbnail pixels: larger ones measured worse, they straddle edges.
    cost = _cost(g, mean(difference), mean(g.Mul(difference, difference)))
    best = g.ReduceMin(cost, [0], keepdims=1)
    # The harmonic mean: what moves or changes hardly counts, what is left is grain.
    noise = g.Reciprocal(g.ReduceMean(g.Reciprocal(g.Add(best, 1e-5))))
    scaled = g.Div(g.Add(cost, _effort(g, cost, noise)), g.Add(g.Mul(noise, 0.5), SELECTIVITY))
    weight = g.Exp(g.Sub(g.ReduceMin(scaled, [0], keepdims=1), scaled))
    total = g.ReduceSum(weight, [0], keepdims=1)
    weight = g.Div(weight, total)
    carried = g.ReduceSum(g.Mul(candidate_chroma, weight), [0], keepdims=1)
    mismatch = g.ReduceSum(g.Mul(cost, weight), [0], keepdims=1)
    return carried, mismatch, noise


def _effort(g: GraphBuilder, cost: str, noise: str) -> str:
    """What a candidate has to be better by. Where staying is as good as the noise allows, nothing else may
    have a say: averaging over flat areas frame after frame would wash their colours out."""
    staying, _ = g.split(cost, [1, CANDIDATES - 1], 0)
    doubt = g.Div(g.Relu(g.Sub(staying, g.Mul(noise, 2.0))), noise)
    moves = np.ones((CANDIDATES, 1, 1, 1), np.float32)
    moves[0] = 0
    axis = np.arange(-FINE_REACH, FINE_REACH + 1)
    steps = np.concatenate([[0], np.hypot(axis[:, None], axis).ravel()]).astype(np.float32)
    return g.Add(
        g.Mul(g.Exp(g.Neg(doubt)), STILL_PREFERENCE * moves), (FINE_EFFORT * steps).reshape(-1, 1, 1, 1)
    )


def _cost(g: GraphBuilder, mean_difference: str, mean_square: str) -> str:
    """Mean squared difference over a patch, less the forgiven part of its mean difference."""
    return g.Sub(mean_square, g.Mul(g.Mul(mean_difference, mean_difference), BRIGHTNESS_TOLERANCE))
