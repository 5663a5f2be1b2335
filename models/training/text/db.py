"""Maps of differentiable binarization (Liao et al. 2020) from lines of text, and back, as `models/adapters/text/db-boxes.ts` goes back."""

import cv2
import numpy as np

UNCLIP = 1.0
"""Boxes grow by area × this ÷ perimeter. With 1, the kernel of a long line is half as high as the line, so that lines of 8 pixels keep one of 4, and lines that nearly touch
stay apart."""
THRESHOLD, BOX_SCORE = 0.3, 0.5
MIN_SIDE = 3
SMALLEST = 6.0
"""Pixels; less high lines are left out of the loss."""
T_LOW, T_HIGH = 0.3, 0.7
"""Of the threshold map, far from and at the outline of a line."""


def shrink_distance(width, height):
    """How far the sides of a width × height rectangle move inwards such that growing as `boxes` does takes them back: 2 d (w + h − 4 d) = u (w − 2 d)(h − 2 d)."""
    a, b, c = 8 + 4 * UNCLIP, -(2 + 2 * UNCLIP) * (width + height), UNCLIP * width * height
    return (-b - np.sqrt(max(0.0, b * b - 4 * a * c))) / (2 * a)


def _sides(quad):
    lengths = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1)
    return max(lengths[0], lengths[2]), (lengths[1] + lengths[3]) / 2


def moved_in(quad, distance):
    """A convex quadrangle, clockwise on the screen, whose sides lie further in by `distance`, or further out."""
    along = np.roll(quad, -1, 0) - quad
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    inward = np.stack([-along[:, 1], along[:, 0]], 1)
    points = quad + distance * inward
    corners = []
    for at in range(4):
        # Where a side meets the one before it.
        a, b = along[at - 1], along[at]
        cross = a[0] * b[1] - a[1] * b[0]
        if abs(cross) < 1e-3:
            return quad
        gap = points[at] - points[at - 1]
        corners.append(points[at - 1] + a * (gap[0] * b[1] - gap[1] * b[0]) / cross)
    return np.float32(corners)


def maps_of(lines, height, width):
    """What is to be learnt: `kernels` 0 or 1, `asked` 0 where nothing is asked for, `edges` T_LOW–T_HIGH and `near` 1 where edges are asked for; float32 [h, w]."""
    kernels, asked = np.zeros((height, width), np.uint8), np.ones((height, width), np.uint8)
    edges, near = np.zeros((height, width), np.float32), np.zeros((height, width), np.uint8)
    for line in lines:
        wide, high = _sides(line.quad)
        whole = _fixed(line.quad)
        if line.ignored or min(wide, high) < SMALLEST:
            cv2.fillConvexPoly(asked, whole, 0, shift=4)
            continue
        distance = shrink_distance(wide, high)
        # All pixels that the outline touches are filled: the half pixel on all sides that measuring between centres takes off.
        cv2.fillConvexPoly(kernels, _fixed(moved_in(line.quad, distance)), 1, shift=4)
        _mark_edges(edges, near, line.quad, distance)
    return kernels.astype(np.float32), asked.astype(np.float32), T_LOW + (T_HIGH - T_LOW) * edges, near.astype(np.float32)


def _fixed(quad):
    return np.int32(np.round((quad - 0.5) * 16))


def _mark_edges(edges, near, quad, distance):
    """1 at the outline, falling to 0 at `distance` from it on both sides."""
    outer = moved_in(quad, -distance)
    low = np.clip(np.floor(outer.min(0)).astype(int), 0, None)
    high = np.minimum(np.ceil(outer.max(0)).astype(int) + 1, edges.shape[::-1])
    if (high <= low).any():
        return
    x, y = np.meshgrid(np.arange(low[0], high[0], dtype=np.float32) + 0.5, np.arange(low[1], high[1], dtype=np.float32) + 0.5)
    inside = np.full(x.shape, np.inf, np.float32)
    for at in range(4):
        a, b = quad[at], quad[(at + 1) % 4]
        length = max(1e-6, float(np.linalg.norm(b - a)))
        inside = np.minimum(inside, ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / length)
    value = np.clip(1 - np.abs(inside) / distance, 0, 1)
    part = edges[low[1] : high[1], low[0] : high[0]]
    np.maximum(part, value, out=part)
    near[low[1] : high[1], low[0] : high[0]] |= (value > 0).astype(np.uint8)


def boxes(probabilities, threshold=THRESHOLD, box_score=BOX_SCORE, unclip=UNCLIP):
    """Quadrangles and scores, from a map of probabilities float32 [h, w]."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((probabilities > threshold).astype(np.uint8), connectivity=8)
    found = []
    for label in range(1, count):
        left, top, width, height, _ = stats[label]
        if max(width, height) <= MIN_SIDE:
            continue
        part = labels[top : top + height, left : left + width] == label
        contours, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        (x, y), (w, h), angle = cv2.minAreaRect(np.concatenate(contours))
        if min(w, h) < MIN_SIDE:
            continue
        inner = cv2.boxPoints(((x, y), (w, h), angle))
        inside = np.zeros((height, width), np.uint8)
        cv2.fillConvexPoly(inside, np.int32(np.round(inner)), 1)
        score = float(probabilities[top : top + height, left : left + width][inside > 0].mean())
        if score < box_score:
            continue
        grow = w * h * unclip / (2 * (w + h))
        centre = (x + left + 0.5, y + top + 0.5)
        found.append((cv2.boxPoints((centre, (w + 2 * grow, h + 2 * grow), angle)), score))
    return found
