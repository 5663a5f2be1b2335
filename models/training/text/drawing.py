"""Text as masks of ink, and what it is painted onto: shared by lines and scenes. Everything is float32 luma or RGB, 0–255, and masks 0–1."""

from pathlib import Path

import cv2
import numpy as np

from fonts import load

KEPT_PHOTOS = 400
LUMA = np.float32([0.299, 0.587, 0.114])


class Photos:
    """Photographs of folders and of those in them, RGB, at most 800 pixels a side; made-up ones without folders."""

    def __init__(self, folders=()):
        suffixes = (".jpg", ".jpeg", ".png")
        self.paths = sorted(path for folder in folders or () for path in Path(folder).rglob("*") if path.suffix.lower() in suffixes)
        self.kept = {}

    def draw(self, chance):
        if not self.paths:
            return blotches(chance, 320, 480, 3)
        at = chance.integers(len(self.paths))
        if at not in self.kept:
            if len(self.kept) >= KEPT_PHOTOS:
                self.kept.pop(next(iter(self.kept)))
            self.kept[at] = self.read(self.paths[at])
        return self.kept[at]

    @staticmethod
    def read(path):
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            raise SystemExit(f"{path} is no picture that can be read")
        scale = min(1.0, 800 / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        return np.ascontiguousarray(small[..., ::-1])

    def piece(self, chance, height, width):
        """A piece of a photograph of this size, uint8 RGB; enlarged at most four times."""
        picture = self.draw(chance)
        scale = max(height / picture.shape[0], width / picture.shape[1], 0.25) * chance.uniform(1, 1.6)
        rows, columns = min(picture.shape[0], int(height / scale) + 1), min(picture.shape[1], int(width / scale) + 1)
        top, left = chance.integers(picture.shape[0] - rows + 1), chance.integers(picture.shape[1] - columns + 1)
        piece = picture[top : top + rows, left : left + columns]
        piece = cv2.resize(piece, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        return piece[:, ::-1] if chance.random() < 0.5 else piece


def blotches(chance, height, width, channels):
    """Smooth chance colours, uint8."""
    coarse = chance.integers(0, 256, (2 + chance.integers(6), 2 + chance.integers(8), channels)).astype(np.float32)
    coarse = coarse.mean() + chance.uniform(0.2, 1) * (coarse - coarse.mean())
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
    return np.clip(smooth, 0, 255).astype(np.uint8)


def ramp(chance, height, width):
    """Rises linearly in a chance direction, -1 to 1, float32 [h, w]."""
    angle = chance.uniform(0, 2 * np.pi)
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    return (np.float32(np.cos(angle)) * x[None, :] + np.float32(np.sin(angle)) * y[:, None]) / np.float32(1.42)


class Ink:
    """A line of text drawn lying: `mask` float32 [h, w], cut to what is drawn, and `words`: where the words stand, (x0, x1) in its pixels."""

    def __init__(self, text, path, size, spacing=0.0):
        """`size`: pixels of an em; `spacing`: between letters, ems, beyond what the font has. Raises `ValueError` where nothing is drawn."""
        font = load(path, int(size))
        extra = int(round(spacing * size))
        mask, (left, top) = _drawn(font, text) if extra == 0 else _spaced(font, text, extra)
        rows, columns = np.flatnonzero(mask.max(1) > 32), np.flatnonzero(mask.max(0) > 32)
        if len(rows) == 0:
            raise ValueError(f"{path} draws nothing of {text!r}")
        self.left, self.top = left + columns[0], top + rows[0]
        self.mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32) / 255
        self.words = self._words(font, text, extra)

    def _words(self, font, text, extra):
        spans, at = [], 0
        for word in text.split(" "):
            start = font.getlength(text[:at]) + extra * at - self.left
            end = font.getlength(text[: at + len(word)]) + extra * (at + len(word) - 1) - self.left
            spans.append((max(0.0, start), min(float(self.mask.shape[1]), end)))
            at += len(word) + 1
        return spans


def _drawn(font, text):
    core, offset = font.getmask2(text, mode="L")
    width, height = core.size
    if width == 0 or height == 0:
        raise ValueError(f"nothing is drawn of {text!r}")
    return np.frombuffer(bytes(core), np.uint8).reshape(height, width), offset


def _spaced(font, text, extra):
    ascent, descent = font.getmetrics()
    pad = ascent + descent
    width = int(font.getlength(text)) + max(0, extra) * len(text) + 2 * pad
    canvas = np.zeros((3 * pad, width), np.uint8)
    for at, letter in enumerate(text):
        if letter == " ":
            continue
        mask, (left, top) = _drawn(font, letter)
        x, y = int(font.getlength(text[:at])) + extra * at + left + pad, top + pad
        part = canvas[y : y + mask.shape[0], max(0, x) : x + mask.shape[1]]
        np.maximum(part, mask[: part.shape[0], mask.shape[1] - part.shape[1] :] if x < 0 else mask[: part.shape[0], : part.shape[1]], out=part)
    return canvas, (-pad, -pad)


def over(below, mask, colour):
    """`colour` laid over `below` [h, w, c] where `mask` [h, w] is."""
    alpha = mask[..., None]
    return below + alpha * (colour - below)


def grown(mask, radius):
    """The mask thicker by `radius` pixels on all sides."""
    whole = max(1, int(round(radius)))
    return cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * whole + 1, 2 * whole + 1)))


def board(shape, corners, radius):
    """A mask of a rectangle (x0, y0, x1, y1) with round corners."""
    mask = np.zeros(shape, np.float32)
    x0, y0, x1, y1 = (int(v) for v in corners)
    r = int(max(0, min(radius, (x1 - x0) / 2, (y1 - y0) / 2)))
    cv2.rectangle(mask, (x0 + r, y0), (x1 - r, y1), 1, -1)
    cv2.rectangle(mask, (x0, y0 + r), (x1, y1 - r), 1, -1)
    for x in (x0 + r, x1 - r):
        for y in (y0 + r, y1 - r):
            cv2.circle(mask, (x, y), r, 1, -1, cv2.LINE_AA)
    return mask


def shifted(mask, x, y):
    return cv2.warpAffine(mask, np.float32([[1, 0, x], [0, 1, y]]), mask.shape[::-1])


def blurred(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0.2 else picture


def motion_blurred(chance, picture, length):
    """Along a chance direction, mostly the horizontal one."""
    side = int(length) // 2 * 2 + 1
    kernel = np.zeros((side, side), np.float32)
    angle = chance.normal(0, 0.5)
    middle = side // 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    cv2.line(kernel, tuple(int(round(v)) for v in middle - reach), tuple(int(round(v)) for v in middle + reach), 1)
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def grainy(chance, picture, sigma, coarse):
    """Noise of this deviation; `coarse` pixels a grain."""
    height, width = picture.shape[:2]
    shape = (int(height / coarse) + 2, int(width / coarse) + 2)
    noise = np.empty(shape, np.float32)
    cv2.setRNGSeed(int(chance.integers(2**31)))
    cv2.randn(noise, 0, sigma)
    noise = noise[:height, :width] if coarse <= 1 else cv2.resize(noise, (width, height))
    return picture + (noise if picture.ndim == 2 else noise[..., None])


def compressed(picture, quality):
    """As JPEG has it, uint8 to uint8; RGB or luma."""
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1], cv2.IMREAD_UNCHANGED)


def curved(chance, mask, size):
    """Bent up or down in the middle by at most a sixth of an em."""
    height, width = mask.shape
    bend = chance.uniform(-0.18, 0.18) * size
    x = np.arange(width, dtype=np.float32)
    dy = bend * np.cos(np.pi * (x / width - 0.5) * min(1.0, width / (4 * size))).astype(np.float32)
    map_x = np.repeat(x[None], height, 0)
    map_y = np.arange(height, dtype=np.float32)[:, None] + (dy - dy.mean())[None]
    return cv2.remap(mask, map_x, map_y, cv2.INTER_LINEAR)


def film(chance, picture, noise):
    """Luma with grain, dust, scratches and darker sides, as silent films have them; `noise` 0–1."""
    height, width = picture.shape
    picture = picture * (1 - chance.uniform(0, 0.25) * np.abs(ramp(chance, height, width)))
    picture = blurred(picture, chance.uniform(0, 1.0))
    if chance.random() < 0.2:
        picture = picture + chance.uniform(0.2, 0.6) * blurred(picture, 3.0)
    for _ in range(chance.poisson(0.6)):
        x = int(chance.integers(width))
        picture[:, x : x + 1] += chance.uniform(-60, 60)
    for _ in range(chance.poisson(1.0)):
        spot = (int(chance.integers(width)), int(chance.integers(height)))
        cv2.circle(picture, spot, int(chance.integers(1, 3)), float(chance.choice([20, 220])), -1)
    return grainy(chance, picture, abs(chance.normal(0, 18)) * noise, chance.uniform(1, 2))


def as_bytes(picture):
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8)


def sheet(pictures, columns, gap=4):
    """Pictures uint8 RGB in rows, each row as high as its highest."""
    rows = []
    for start in range(0, len(pictures), columns):
        row = pictures[start : start + columns]
        canvas = np.full((max(p.shape[0] for p in row) + gap, sum(p.shape[1] + gap for p in row), 3), 40, np.uint8)
        x = 0
        for picture in row:
            canvas[: picture.shape[0], x : x + picture.shape[1]] = picture
            x += picture.shape[1] + gap
        rows.append(canvas)
    width = max(row.shape[1] for row in rows)
    return np.concatenate([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows])
