"""A canvas seen through a camera: shapes are given in the world, whose unit is the height of the picture."""

import math

import cv2
import numpy as np

SHIFT = 4
"""Binary places of sub-pixel coordinates."""
BACKDROP = 400
"""Pixels of a side of what is painted once; it covers -0.5 to 1.5 of the world."""
TO_BACKDROP = np.float32([[BACKDROP / 2, 0, BACKDROP / 4], [0, BACKDROP / 2, BACKDROP / 4]])


def compose(first, second):
    """The affine map [2, 3] that applies `first`, then `second`."""
    return (np.vstack([second, [0, 0, 1]]) @ np.vstack([first, [0, 0, 1]]))[:2].astype(np.float32)


def rounded(points, turns=2):
    """Corners cut twice (Chaikin)."""
    points = np.asarray(points, np.float32)
    for _ in range(turns):
        after = np.roll(points, -1, 0)
        points = np.stack([0.75 * points + 0.25 * after, 0.25 * points + 0.75 * after], 1).reshape(-1, 2)
    return points


class Stage:
    """Draws into `canvas` (uint8 [h, w, 3], owned); `view` maps the world to its pixels."""

    def __init__(self, canvas, view):
        self.canvas = canvas
        self.view = view
        self.scale = float(np.sqrt(abs(np.linalg.det(view[:, :2]))))

    @classmethod
    def backdrop(cls, picture):
        return cls(cv2.resize(picture, (BACKDROP, BACKDROP)), TO_BACKDROP)

    @classmethod
    def look(cls, backdrop, view, size):
        """A new stage of `size` pixels with what a backdrop shows there."""
        there = compose(cv2.invertAffineTransform(TO_BACKDROP), view)
        return cls(cv2.warpAffine(backdrop.canvas, there, (size, size), borderMode=cv2.BORDER_REFLECT_101), view)

    def pixels(self, points):
        return np.asarray(points, np.float32).reshape(-1, 2) @ self.view[:, :2].T + self.view[:, 2]

    def polygon(self, points, colour):
        fixed = np.rint(self.pixels(points) * 2**SHIFT).astype(np.int32)
        cv2.fillPoly(self.canvas, [fixed], tuple(map(float, colour)), cv2.LINE_AA, SHIFT)

    def lines(self, points, colour, width, closed=False):
        fixed = np.rint(self.pixels(points) * 2**SHIFT).astype(np.int32)
        cv2.polylines(self.canvas, [fixed], closed, tuple(map(float, colour)), max(1, round(width * self.scale)), cv2.LINE_AA, SHIFT)

    def disc(self, middle, radius, colour, squash=1.0, angle=0.0):
        x, y = np.rint(self.pixels(middle)[0] * 2**SHIFT).astype(int).tolist()
        axes = tuple(int(max(0.4, one * self.scale) * 2**SHIFT) for one in (radius, radius * squash))
        cv2.ellipse(self.canvas, (x, y), axes, angle, 0, 360, tuple(map(float, colour)), -1, cv2.LINE_AA, SHIFT)

    def limb(self, a, b, width_a, width_b, colour):
        """A round-ended bar that may taper, with a lighter side."""
        a, b = np.float32(a), np.float32(b)
        along = b - a
        across = np.float32([-along[1], along[0]]) / (np.hypot(*along) + 1e-6)
        colour = np.asarray(colour, np.float32)
        self.disc(a, width_a / 2, colour)
        self.disc(b, width_b / 2, colour)
        self.polygon([a + across * width_a / 2, b + across * width_b / 2, b - across * width_b / 2, a - across * width_a / 2], colour)
        light = np.minimum(colour * 1.25 + 12, 255)
        self.polygon([a + across * width_a * 0.4, b + across * width_b * 0.4, b + across * width_b * 0.1, a + across * width_a * 0.1], light)

    def textured(self, points, texture, origin, angle=0.0, scale=1.0, light=1.0):
        """A polygon of a texture that lies at `origin`, turned by `angle` radians; one texture is `scale` of the world wide."""
        fixed = self.pixels(points)
        box = self.clipped(fixed.min(0) - 1, fixed.max(0) + 2)
        if box is None:
            return
        (x0, y0), (x1, y1) = box
        c, s = np.cos(angle) * scale / texture.shape[1], np.sin(angle) * scale / texture.shape[1]
        place = compose(np.float32([[c, -s, origin[0]], [s, c, origin[1]]]), self.view)
        place[:, 2] -= (x0, y0)
        piece = cv2.warpAffine(texture, place, (x1 - x0, y1 - y0), borderMode=cv2.BORDER_REFLECT_101)
        if light != 1:
            piece = cv2.convertScaleAbs(piece, alpha=light)
        self.blend(box, piece, self.mask(fixed, box))

    def shade(self, points, strength):
        """Darkens a polygon; 0–1."""
        fixed = self.pixels(points)
        box = self.clipped(fixed.min(0) - 3, fixed.max(0) + 4)
        if box is None:
            return
        (x0, y0), (x1, y1) = box
        mask = cv2.blur(self.mask(fixed, box), (3, 3))
        piece = np.zeros((y1 - y0, x1 - x0, 3), np.uint8)
        self.blend(box, piece, cv2.convertScaleAbs(mask, alpha=strength))

    def mask(self, fixed, box):
        (x0, y0), (x1, y1) = box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [np.rint((fixed - (x0, y0)) * 2**SHIFT).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
        return mask

    def blend(self, box, piece, mask):
        (x0, y0), (x1, y1) = box
        below = self.canvas[y0:y1, x0:x1]
        share = cv2.merge([mask, mask, mask])
        below[:] = cv2.add(cv2.multiply(piece, share, scale=1 / 255), cv2.multiply(below, 255 - share, scale=1 / 255))

    def clipped(self, low, high):
        """Whole pixels of the canvas between two corners, or nothing."""
        height, width = self.canvas.shape[:2]
        # Plain numbers: NumPy takes ten times as long for two.
        x0, y0 = (min(max(math.floor(value), 0), most) for value, most in zip(low.tolist(), (width, height)))
        x1, y1 = (min(max(math.ceil(value), 0), most) for value, most in zip(high.tolist(), (width, height)))
        return ((x0, y0), (x1, y1)) if x1 - x0 > 2 and y1 - y0 > 2 else None

    def bend(self, middle, radius, move):
        """Displaces what is within `radius` of a place: `move(dx, dy, d)` gives displacements in the world for offsets and their length, in radii."""
        at = self.pixels(middle)[0]
        reach = radius * self.scale
        box = self.clipped(at - reach, at + reach)
        if box is None:
            return
        (x0, y0), (x1, y1) = box
        x = np.arange(x1 - x0, dtype=np.float32)[None] + np.zeros((y1 - y0, 1), np.float32)
        y = np.arange(y1 - y0, dtype=np.float32)[:, None] + np.zeros((1, x1 - x0), np.float32)
        dx, dy = (x + x0 - at[0]) / reach, (y + y0 - at[1]) / reach
        mx, my = move(dx, dy, np.sqrt(dx * dx + dy * dy))
        piece = np.ascontiguousarray(self.canvas[y0:y1, x0:x1])
        moved = cv2.remap(piece, (x - mx * self.scale).astype(np.float32), (y - my * self.scale).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        self.canvas[y0:y1, x0:x1] = moved
