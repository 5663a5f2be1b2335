"""Whole pictures with text in them, and where it stands: photographs with signs, boards, posters, subtitles; pages; intertitles. Endless, the same for the same seed.

    python3 scenes.py sheet.png --pairs PAIRS --photos PHOTOS       # look at them, with what is marked in them
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from drawing import LUMA, Ink, Photos, as_bytes, blotches, blurred, compressed, film, grainy, motion_blurred, over, sheet
from fonts import Fonts
from lines import SANS, SERIF
from patches import Patch, corners_of, line_at, painted, pasted, placed, titled, turned, wrapped
from words import Words

SIZES = ((640, 360), (640, 360), (640, 480), (480, 640), (576, 576), (640, 272))
"""Widths and heights, pixels."""
KINDS = {"street": 0.62, "film": 0.14, "page": 0.1, "intertitle": 0.09, "nothing": 0.05}
SMALLEST = 7.0
"""Lines less high than this, pixels, are not asked for."""
MOST_OBJECTS = 24


class Scenes:
    """Draws pictures."""

    def __init__(self, pairs=None, photos=None, judged=False):
        self.words, self.fonts, self.photos = Words(pairs, judged), Fonts(judged), Photos(photos)

    def draw(self, seed, kind=None):
        """uint8 RGB [h, w, 3], its lines of text, and the kind."""
        chance = np.random.default_rng(seed)
        kind = str(kind or chance.choice(list(KINDS), p=list(KINDS.values())))
        width, height = SIZES[chance.integers(len(SIZES))]
        picture, lines = getattr(self, f"_{kind}")(chance, height, width)
        for line in lines:
            line.ignored = line.ignored or line.height < SMALLEST or _is_cut(line.quad, height, width)
        return _seen(chance, picture, kind), lines, kind

    def _nothing(self, chance, height, width):
        return self.photos.piece(chance, height, width).astype(np.float32), []

    def _street(self, chance, height, width):
        picture = self.photos.piece(chance, height, width).astype(np.float32)
        if chance.random() < 0.08:
            picture = blotches(chance, height, width, 3).astype(np.float32)
        taken, lines = np.zeros((height, width), np.uint8), []
        for _ in range(1 + int(min(MOST_OBJECTS, chance.exponential(8)))):
            lines += self._put(chance, picture, taken)
        if chance.random() < 0.15:
            lines += self._titles(chance, picture, taken)
        return picture, lines

    def _film(self, chance, height, width):
        picture = self.photos.piece(chance, height, width).astype(np.float32)
        taken = np.zeros((height, width), np.uint8)
        lines = self._titles(chance, picture, taken)
        for _ in range(chance.integers(3)):
            lines += self._put(chance, picture, taken)
        return picture, lines

    def _put(self, chance, picture, taken):
        """Something with text, somewhere where nothing is yet."""
        height = float(np.clip(np.exp(chance.normal(2.95, 0.55)), SMALLEST, 0.3 * picture.shape[0]))
        try:
            patch = self._patch(chance, height, picture)
        except ValueError:
            return []
        for _ in range(10):
            matrix, outline = placed(chance, patch.cover.shape, picture.shape)
            area = np.zeros_like(taken)
            cv2.fillConvexPoly(area, np.int32(outline.round()), 1)
            if area.any() and not (area & taken).any():
                taken |= cv2.dilate(area, np.ones((5, 5), np.uint8))
                return pasted(chance, picture, patch, matrix, outline)
        return []

    def _patch(self, chance, height, picture):
        """`height`: of its capitals, pixels."""
        most = int(np.clip(1.6 * picture.shape[1] / height, 1, 40))
        text = self.words.text(chance)[0]
        if chance.random() < 0.25:
            text = self.words.paragraph(chance, chance.integers(30, 40 + 8 * most))
        texts = wrapped(text, chance.integers(min(8, most), most + 1))[: 1 + chance.integers(8)]
        path = self._font(chance, texts)
        rows, words = self._set(chance, texts, path, height / 0.72)
        return painted(chance, rows, words, texts, height, picture)

    def _font(self, chance, texts, style=None):
        path = self.fonts.draw(chance, "".join(texts), style if chance.random() < 0.8 else None)
        if path is None:
            raise ValueError("no font has all of the text")
        return path

    def _set(self, chance, texts, path, size, alignment=None, leading=None):
        """A mask of the lines one below the other, float32, and for each line its spans (x0, y0, x1, y1): of all of it, and of its words."""
        alignment = chance.choice([0, 0.5]) if alignment is None else alignment
        leading = chance.uniform(1.1, 1.6) if leading is None else leading
        capitals = all(text == text.upper() for text in texts)
        spacing = chance.uniform(0.02, 0.5 if capitals else 0.12) if chance.random() < 0.15 else 0.0
        inks = [Ink(text, path, max(6, size), spacing) for text in texts]
        pad = int(0.7 * size) + 2
        width = max(ink.mask.shape[1] for ink in inks) + 2 * pad
        tops = [int(pad + at * leading * size + ink.top - inks[0].top) for at, ink in enumerate(inks)]
        above = min(tops) - pad
        tops = [top - above for top in tops]
        mask = np.zeros((max(top + ink.mask.shape[0] for top, ink in zip(tops, inks)) + pad, width), np.float32)
        spans = []
        for top, ink in zip(tops, inks):
            rows, columns = ink.mask.shape
            left = pad + int(alignment * (width - 2 * pad - columns))
            np.maximum(mask[top : top + rows, left : left + columns], ink.mask, out=mask[top : top + rows, left : left + columns])
            spans.append(((left, top, left + columns, top + rows), [(left + x0, top, left + x1, top + rows) for x0, x1 in ink.words]))
        return mask, spans

    def _titles(self, chance, picture, taken):
        """Subtitles: one to three lines in the middle below, sometimes above."""
        rows, columns = picture.shape[:2]
        size = chance.uniform(0.045, 0.095) * min(rows, 0.75 * columns) * 1.15
        text = self.words.paragraph(chance, chance.integers(10, 70)) if chance.random() < 0.8 else self.words.text(chance)[0]
        texts = wrapped(text, max(12, int(1.7 * columns / size)))[: 1 + chance.integers(3)]
        try:
            path = self._font(chance, texts, SANS)
            mask, spans = self._set(chance, texts, path, size, 0.5, chance.uniform(1.1, 1.35))
        except ValueError:
            return []
        if mask.shape[1] > columns:
            return []
        left = (columns - mask.shape[1]) // 2
        margin = int(chance.uniform(0, 0.07) * rows)
        top = margin if chance.random() < 0.12 else rows - mask.shape[0] - margin
        if top < 0 or taken[top : top + mask.shape[0], left : left + mask.shape[1]].any():
            return []
        taken[top : top + mask.shape[0], left : left + mask.shape[1]] = 1
        behind = picture[top : top + mask.shape[0], left : left + mask.shape[1]]
        behind[:] = titled(chance, behind, mask, size)
        return [line_at(text, span, words, (left, top)) for text, (span, words) in zip(texts, spans)]

    def _intertitle(self, chance, height, width):
        level = chance.uniform(0, 40)
        ground = np.full((height, width), level, np.float32) * (1 - 0.3 * _vignette(height, width))
        size = chance.uniform(0.05, 0.12) * height
        kind = chance.choice(["title", "sentence", "paragraph"], p=[0.35, 0.4, 0.25])
        text = self.words.paragraph(chance, chance.integers(40, 220)) if kind == "paragraph" else self.words.text(chance, kind)[0]
        texts = wrapped(text, max(8, int(chance.uniform(1.0, 1.6) * width / size)))[: max(1, int(0.75 * height / (1.5 * size)))]
        lines = []
        try:
            mask, spans = self._set(chance, texts, self._font(chance, texts, SERIF), size, chance.choice([0.5, 0.5, 0.5, 0]))
            scale = min(1.0, 0.95 * width / mask.shape[1], 0.95 * height / mask.shape[0])
            mask = cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else mask
            left, top = (width - mask.shape[1]) // 2, (height - mask.shape[0]) // 2
            part = ground[top : top + mask.shape[0], left : left + mask.shape[1]]
            part += mask * (chance.uniform(150, 255) - part)
            lines = [line_at(text, span, words, (left, top), scale) for text, (span, words) in zip(texts, spans)]
        except ValueError:
            pass
        if chance.random() < 0.4:
            inset, light = int(chance.uniform(0.02, 0.07) * height), chance.uniform(90, 230)
            cv2.rectangle(ground, (inset, inset), (width - inset, height - inset), light, 1 + chance.integers(3))
        grey = film(chance, ground, 1.0)
        tint = np.float32([1, 1, 1]) if chance.random() < 0.7 else chance.uniform(0.75, 1, 3).astype(np.float32)
        return grey[..., None] * tint, lines

    def _page(self, chance, height, width):
        """Printed paper, lying or photographed from aside."""
        picture = self.photos.piece(chance, height, width).astype(np.float32)
        size = float(np.clip(np.exp(chance.normal(2.7, 0.35)), 9, 40))
        text = self.words.paragraph(chance, chance.integers(100, 1400))
        texts = wrapped(text, int(chance.uniform(0.6, 0.95) * 2 * width / size))[: max(1, int(0.85 * height / (1.35 * size)))]
        try:
            mask, spans = self._set(chance, texts, self._font(chance, texts), size, chance.choice([0, 0, 0.5]), chance.uniform(1.1, 1.5))
        except ValueError:
            return picture, []
        paper, ink = np.float32(chance.uniform(190, 255)) * chance.uniform(0.88, 1, 3).astype(np.float32), chance.uniform(0, 90, 3).astype(np.float32)
        if chance.random() < 0.15:
            paper, ink = ink, paper
        colours = over(np.broadcast_to(paper, (*mask.shape, 3)).astype(np.float32), mask, ink)
        patch = Patch(colours, np.ones_like(mask), [line_at(text, span, words) for text, (span, words) in zip(texts, spans)])
        room = np.array([width, height]) / np.array(mask.shape[::-1])
        scale = float(min(1.6, room.min() * chance.uniform(0.85, 1.25)))
        if chance.random() < 0.4:
            picture[:] = paper
        outline = corners_of(mask.shape) * scale
        outline += (np.array([width, height]) - outline[2]) / 2 + chance.normal(0, 4, 2)
        if chance.random() < 0.6:
            outline += chance.normal(0, 0.03 * width, (4, 2))
            outline = turned(outline, np.radians(chance.normal(0, 4)))
        matrix = cv2.getPerspectiveTransform(corners_of(mask.shape), np.float32(outline))
        return picture, pasted(chance, picture, patch, matrix, outline)


def _is_cut(quad, height, width):
    """More than a fifth of its height lies outside of the picture."""
    beyond = np.maximum(-quad, quad - np.float32([width, height])).max()
    return bool(beyond > 0.2 * np.linalg.norm(quad[3] - quad[0]))


def _vignette(height, width):
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    return (x[None] ** 2 + y[:, None] ** 2) / 2


def _seen(chance, picture, kind):
    """As a camera or a film shows it."""
    if chance.random() < (0.35 if kind == "film" else 0.12):
        picture = np.repeat((picture @ LUMA)[..., None], 3, 2)
    if chance.random() < 0.2:
        picture = chance.uniform(0.5, 1) * picture + chance.uniform(0, 40)
    if chance.random() < 0.25:
        picture = blurred(picture, chance.uniform(0.3, 1.0))
    if chance.random() < 0.06:
        picture = motion_blurred(chance, picture, chance.uniform(3, 6))
    if chance.random() < 0.4:
        picture = grainy(chance, picture, abs(chance.normal(0, 9)), chance.uniform(1, 1.6))
    seen = as_bytes(picture)
    return compressed(seen, chance.uniform(30, 90)) if chance.random() < 0.5 else seen


def marked(picture, lines, words=False):
    """The picture with its lines drawn in: green those asked for, red those ignored, blue words."""
    seen = picture.copy()
    for line in lines:
        for quad in line.words if words else []:
            cv2.polylines(seen, [np.int32(quad * 16)], True, (60, 120, 255), 1, shift=4)
        cv2.polylines(seen, [np.int32(line.quad * 16)], True, (255, 0, 0) if line.ignored else (0, 255, 0), 1, shift=4)
        cv2.circle(seen, tuple(np.int32(line.quad[0])), 2, (255, 255, 0), -1)
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--pairs", type=Path, help="folder of the Tatoeba pairs")
    parser.add_argument("--photos", type=Path, nargs="*")
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", action="store_true", help="without what is marked")
    parser.add_argument("--judged", action="store_true", help="fonts and sentences kept out of training")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    scenes = Scenes(options.pairs, options.photos, options.judged)
    begun = time.time()
    drawn = [scenes.draw((options.seed, at), options.kind) for at in range(options.count)]
    seconds = time.time() - begun
    pictures = [picture if options.plain else marked(picture, lines, True) for picture, lines, _ in drawn]
    cv2.imwrite(str(options.sheet), sheet(pictures, 3)[..., ::-1])
    print(f"{options.count / seconds:.1f} scenes/s, {sum(len(lines) for _, lines, _ in drawn) / options.count:.1f} lines each")


if __name__ == "__main__":
    main()
