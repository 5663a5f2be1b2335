"""How well quadrangles are found: one to one, where they share half of what they cover together."""

import cv2
import numpy as np

IOU = 0.5


def area(quad):
    return float(cv2.contourArea(np.float32(quad)))


def shared(a, b):
    """Area that two convex quadrangles share."""
    a, b = np.float32(a), np.float32(b)
    if (a.max(0) < b.min(0)).any() or (b.max(0) < a.min(0)).any():
        return 0.0
    return float(cv2.intersectConvexConvex(a, b)[0])


def iou(a, b):
    common = shared(a, b)
    return common / max(1e-6, area(a) + area(b) - common)


def height_of(quad):
    lengths = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1)
    return float(min(lengths[0] + lengths[2], lengths[1] + lengths[3])) / 2


def counted(found, lines, least=0.0):
    """Right ones, found ones and those that there are. Lines less high than `least` pixels are neither asked for nor mistakes, nor are boxes of that size without a line."""
    free = [line for line in lines if not line.ignored]
    others = [line.quad for line in lines if line.ignored]
    wanted = sum(height_of(line.quad) >= least for line in free)
    pairs = sorted(((iou(quad, line.quad), f, t) for f, (quad, _) in enumerate(found) for t, line in enumerate(free)), key=lambda pair: -pair[0])
    taken_found, taken_lines, right, small = set(), set(), 0, 0
    for overlap, f, t in pairs:
        if overlap < IOU:
            break
        if f in taken_found or t in taken_lines:
            continue
        taken_found.add(f)
        taken_lines.add(t)
        if height_of(free[t].quad) >= least:
            right += 1
        else:
            small += 1
    nobody = 0
    for f, (quad, _) in enumerate(found):
        if f not in taken_found:
            excused = height_of(quad) < least or any(shared(quad, other) > 0.5 * area(quad) for other in others)
            nobody += excused
    return np.array([right, len(found) - small - nobody, wanted])


def figures(counts):
    """Precision, recall and F."""
    right, found, wanted = map(float, counts)
    precision, recall = right / max(1.0, found), right / max(1.0, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)
