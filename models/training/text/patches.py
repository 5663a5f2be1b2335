"""Things with text on them: how they look before they come into a picture, where they come to lie, and where their lines are then."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from drawing import LUMA, blurred, board, curved, grown, over, ramp, shifted

FAINTEST = 22
"""Text straight on a photograph that differs from it by less, of 255, is not asked for."""


@dataclass
class Line:
    """A line of text: corners clockwise from the text's left upper one, pixels [4, 2], and those of its words."""

    text: str
    quad: np.ndarray
    words: list = field(default_factory=list)
    ignored: bool = False
    """Too small, too faint or cut off: neither to be found nor a mistake."""

    @property
    def height(self):
        return float(np.linalg.norm(self.quad[3] - self.quad[0]) + np.linalg.norm(self.quad[2] - self.quad[1])) / 2


@dataclass
class Patch:
    """Something with text on it, before it is put into the picture: RGB, how much of it covers what is behind it, and its lines."""

    colours: np.ndarray
    cover: np.ndarray
    lines: list
    bare: bool = False
    """Text without a board: where it lies, it may be hard to see."""


def line_at(text, span, words, offset=(0, 0), scale=1.0):
    """A lying line from rectangles (x0, y0, x1, y1) of it and of its words."""
    return Line(text, _quad(span) * scale + offset, [_quad(word) * scale + offset for word in words])


def _quad(span, room=0.06):
    """A rectangle with a little room above and below."""
    x0, y0, x1, y1 = span
    more = room * (y1 - y0)
    return np.float32([[x0 - more, y0 - more], [x1 + more, y0 - more], [x1 + more, y1 + more], [x0 - more, y1 + more]])


def wrapped(text, characters):
    """Between words, into lines of so many characters at most."""
    rows = [""]
    for word in text.split():
        if rows[-1] and len(rows[-1]) + 1 + len(word) > characters:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows


def corners_of(shape):
    """Of all of a picture of this shape, clockwise."""
    height, width = shape[:2]
    return np.float32([[0, 0], [width, 0], [width, height], [0, height]])


def turned(points, angle):
    """Round their middle, clockwise, radians."""
    centre = points.mean(0)
    cos, sin = np.cos(angle), np.sin(angle)
    return (points - centre) @ np.array([[cos, sin], [-sin, cos]]) + centre


def _colours(chance, contrast):
    """Of text and of what it stands on: their lumas differ by `contrast` at least."""
    while True:
        text, ground = chance.uniform(0, 255, (2, 3)).astype(np.float32)
        if chance.random() < 0.4:
            text[:] = chance.choice([5, 250])
        if chance.random() < 0.3:
            ground[:] = chance.uniform(0, 255)
        if abs((text - ground) @ LUMA) >= contrast:
            return text, ground


def painted(chance, mask, spans, texts, height, picture):
    """A patch: text alone, or on a board, with borders."""
    lines = [line_at(text, span, words) for text, (span, words) in zip(texts, spans)]
    text, ground = _colours(chance, np.clip(chance.normal(110, 40), 45, 200))
    shape = (*mask.shape, 3)
    if len(texts) == 1 and chance.random() < 0.12:
        mask = curved(chance, mask, height)
    if chance.random() < 0.35:
        if chance.random() < 0.6:
            text[:] = chance.choice([8, 248])
        cover = mask * chance.uniform(0.8, 1)
        colours = np.broadcast_to(text, shape).astype(np.float32)
        if chance.random() < 0.5:
            rim = np.float32(0 if text @ LUMA > 127 else 255)
            wide = grown(mask, chance.uniform(0.04, 0.12) * height) if chance.random() < 0.5 else blurred(shifted(mask, *chance.uniform(-0.15, 0.15, 2) * height), 0.08 * height)
            colours = over(np.full(shape, rim, np.float32), mask, text)
            cover = np.maximum(cover, wide * chance.uniform(0.5, 1))
        return Patch(colours, cover, lines, bare=True)
    ground = np.broadcast_to(ground, shape).astype(np.float32)
    if chance.random() < 0.4:
        ground = ground + chance.uniform(10, 45) * ramp(chance, *mask.shape)[..., None]
    if chance.random() < 0.3:
        texture = cv2.resize(picture, mask.shape[::-1], interpolation=cv2.INTER_AREA)
        ground = ground + chance.uniform(0.05, 0.25) * (texture - texture.mean((0, 1)))
    ground = np.ascontiguousarray(over(ground, mask, text))
    cover = np.ones(mask.shape, np.float32)
    if chance.random() < 0.5:
        thick, inset = max(1, int(chance.uniform(0.05, 0.25) * height)), int(chance.choice([0, 0.15, 0.3]) * height)
        edge = text if chance.random() < 0.6 else chance.uniform(0, 255, 3)
        cv2.rectangle(ground, (inset, inset), (shape[1] - 1 - inset, shape[0] - 1 - inset), tuple(map(float, edge)), thick)
    if chance.random() < 0.3:
        cover = board(mask.shape, (0, 0, shape[1] - 1, shape[0] - 1), min(shape[:2]) * chance.uniform(0.1, 0.4))
    return Patch(ground, cover, lines)


def titled(chance, behind, mask, size):
    """Subtitles over `behind`: outline, shadow, or a dark bar."""
    colour = np.float32([[255, 255, 255], [250, 235, 60], [230, 230, 230], [90, 240, 240]])[chance.choice(4, p=[0.6, 0.25, 0.1, 0.05])]
    draw = chance.random()
    if draw < 0.2:
        behind = behind * (1 - chance.uniform(0.4, 1))
    elif draw < 0.85:
        behind = over(behind, grown(mask, chance.uniform(0.04, 0.1) * size), np.float32(0))
    if draw > 0.6:
        reach = chance.uniform(0.03, 0.08) * size
        behind = over(behind, blurred(shifted(mask, reach, reach), chance.uniform(0, 0.08) * size), np.float32(0))
    return over(behind, mask, colour)


def placed(chance, shape, target):
    """Where a patch comes to lie: the homography, and its corners."""
    height, width = shape
    corners = corners_of(shape).astype(np.float64) - np.array([width, height]) / 2
    draw = chance.random()
    angle = chance.normal(0, 5) if draw < 0.75 else chance.normal(0, 25) if draw < 0.94 else 90 * chance.choice([-1, 1]) + chance.normal(0, 3)
    if chance.random() < 0.6:
        lean = np.clip(chance.normal(0, 0.15), -0.4, 0.4)
        corners[:, 1] *= 1 + lean * np.sign(corners[:, 0])
        corners[:, 0] *= 1 - abs(lean) * chance.uniform(0, 0.8)
        corners[:, 0] *= 1 + np.clip(chance.normal(0, 0.08), -0.2, 0.2) * np.sign(corners[:, 1])
        corners[:, 1] += chance.normal(0, 0.1) * corners[:, 0]
    corners = turned(corners, np.radians(angle))
    reach = np.ptp(corners, 0) / 2
    room = np.array(target[1::-1], np.float64)
    beyond = 0.3 * reach if chance.random() < 0.08 else np.zeros(2)
    low, high = reach - beyond, room - reach + beyond
    middle = (corners.min(0) + corners.max(0)) / 2
    at = np.where(high > low, chance.uniform(np.minimum(low, high), np.maximum(low, high)), room / 2)
    outline = corners - middle + at
    return cv2.getPerspectiveTransform(corners_of(shape), np.float32(outline)), outline


def pasted(chance, picture, patch, matrix, outline):
    """Lays the patch into the picture; its lines where they are now."""
    low = np.maximum(np.floor(outline.min(0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(outline.max(0)).astype(int) + 2, picture.shape[1::-1])
    if (high <= low).any():
        return []
    moved = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]]) @ matrix
    size = tuple(int(v) for v in high - low)
    colours = cv2.warpPerspective(patch.colours, moved, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(patch.cover, moved, size, flags=cv2.INTER_LINEAR)
    light = 1 + chance.uniform(0, 0.3) * ramp(chance, size[1], size[0])[..., None]
    behind = picture[low[1] : high[1], low[0] : high[0]]
    now = over(behind, cover, np.clip(colours * light, 0, 255))
    seen = cover > 0.5
    faint = patch.bare and (not seen.any() or np.abs((now - behind)[seen] @ LUMA).mean() < FAINTEST)
    behind[:] = now

    def through(quad):
        return cv2.perspectiveTransform(quad[None].astype(np.float64), matrix)[0].astype(np.float32)

    return [Line(line.text, through(line.quad), [through(word) for word in line.words], faint) for line in patch.lines]
