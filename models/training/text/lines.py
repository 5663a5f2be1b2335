"""Lines of text as the reader gets them: cut out and upright, luma, HEIGHT pixels high; endless, the same for the same seed.

    python3 lines.py sheet.png --pairs PAIRS --photos PHOTOS        # look at them
"""

import argparse
import re
import time
from pathlib import Path

import cv2
import numpy as np

from drawing import LUMA, Ink, Photos, as_bytes, blotches, blurred, board, compressed, curved, film, grainy, grown, motion_blurred, over, ramp, sheet, shifted
from fonts import Fonts
from foreign import foreign_text
from words import Words

HEIGHT = 32
LONGEST = 1024
"""Pixels; lines that come out longer are squeezed."""
KINDS = {"scene": 0.4, "print": 0.17, "subtitle": 0.19, "intertitle": 0.14, "turned": 0.03, "nothing": 0.03, "foreign": 0.04, "tag": 0.0}
UNREAD = ("turned", "nothing", "foreign")
"""What the line stands on, and shares. `turned` stands on its head, `nothing` has no text, `foreign` is in another script: all are to be read as nothing. `tag` is one small word or code in a photograph, narrow as
signs seen from the side are; drawn where it is asked for."""
SERIF = re.compile(r"serif|roman|times|tinos|termes|pagella|schola|bonum|bookman|garamond|caladea|libertine|linlib|century|goudy|oldstandard|quattrocento|vollkorn|gentium|cmunr|cmunb|C059|P052", re.I)
SANS = re.compile(r"sans|arial|arimo|helvet|heros|roboto|inter|lato|open|carlito|karla|cabin|cantarell|gillius|universalis|oxygen|play", re.I)
SMALLEST = 7.0
"""Pixels of a line of the picture that is read, at least."""


class Lines:
    """Draws lines with what stands on them."""

    def __init__(self, pairs=None, photos=None, judged=False):
        self.words, self.fonts, self.photos = Words(pairs, judged), Fonts(judged), Photos(photos)

    def draw(self, seed, kind=None):
        """uint8 [HEIGHT, width], the text, the kind, and how many pixels high the line was in the picture that it is cut out of."""
        chance = np.random.default_rng(seed)
        kind = kind or chance.choice(list(KINDS), p=list(KINDS.values()))
        while True:
            try:
                picture, text, height = self._line(chance, kind)
                return as_bytes(picture), text, str(kind), height
            except ValueError:
                continue

    def _line(self, chance, kind):
        style = {"intertitle": SERIF, "subtitle": SANS}.get(kind) if chance.random() < 0.8 else None
        if kind == "foreign":
            (text, path), below = foreign_text(chance), chance.choice(["scene", "print", "subtitle"])
        elif kind == "turned":
            text, below = self._long_text(chance), chance.choice(["scene", "print"])
        elif kind == "tag":
            text, below = self.words.text(chance, "tag")[0], "scene"
        elif kind in ("subtitle", "intertitle"):
            text, below = self.words.text(chance, chance.choice(["sentence", "part", "title"], p=[0.5, 0.4, 0.1]))[0], kind
        else:
            text, below = self.words.text(chance)[0], kind
        if kind != "foreign":
            path = self.fonts.draw(chance, text, style)
        if path is None:
            raise ValueError("no font has all of the text")
        # Cut out of a picture in which lines are this high, as if drawn there two to four times as large.
        seen = float(np.clip(np.exp(chance.normal(2.9 if kind == "tag" else 3.2, 0.5)), SMALLEST, 90))
        size = int(np.clip(1.2 * seen, 28, 72))
        ink = Ink(text, path, size, _spacing(chance, text))
        if kind == "tag":
            ink.mask = cv2.resize(ink.mask, None, fx=chance.uniform(0.5, 1.05), fy=1, interpolation=cv2.INTER_AREA)
        canvas, quad, contrast = self._canvas(chance, ink, below, size, path)
        if kind == "nothing":
            canvas = self._without_text(chance, below, canvas.shape)
        height = np.linalg.norm(quad[3] - quad[0])
        scale = min(1.0, seen / height)
        picture = _seen(chance, canvas, scale, below, contrast)
        if kind == "tag" and chance.random() < 0.4:
            # As telephones sharpen what they take.
            picture = np.clip(picture + chance.uniform(0.5, 2) * (picture - blurred(picture, 1)), 0, 255)
        line = _cut_out(picture, quad * (picture.shape[1] / canvas.shape[1]))
        if kind == "turned":
            line = np.ascontiguousarray(line[::-1, ::-1])
        return line, "" if kind in UNREAD else text, float(height * scale)

    def _long_text(self, chance):
        """Text that is not read the same upside down."""
        while True:
            text = self.words.text(chance, chance.choice(["part", "word", "sign", "sentence"]))[0]
            if sum(letter.isalpha() for letter in text) >= 5:
                return text

    def _without_text(self, chance, kind, shape):
        if chance.random() < 0.3:
            return 127.5 + 120 * chance.uniform(-1, 1) * ramp(chance, *shape)
        return self.photos.piece(chance, *shape).astype(np.float32) @ LUMA

    def _canvas(self, chance, ink, kind, size, path):
        """Luma [h, w] with the line on it, the corners of the line as they are cut out, float32 [4, 2], and its contrast, 0–255."""
        pad = int(size * 1.1)
        height, width = ink.mask.shape[0] + 2 * pad, ink.mask.shape[1] + 2 * pad
        mask = np.zeros((height, width), np.float32)
        mask[pad:-pad, pad:-pad] = ink.mask
        x1, y1 = width - pad, height - pad
        quad = np.float32([[pad, pad], [x1, pad], [x1, y1], [pad, y1]])
        if kind in ("print", "subtitle", "intertitle") and chance.random() < 0.35 or chance.random() < 0.1:
            self._neighbours(chance, mask, size, path, pad, ink)
        if kind in ("scene", "print") and chance.random() < 0.25:
            mask, quad = _slanted(chance, mask, quad)
        if kind == "scene" and chance.random() < 0.2:
            mask = curved(chance, mask, size)
        picture, light = self._ground(chance, kind, mask.shape, size, quad)
        painted, contrast = _painted(chance, picture, mask, light, kind, size)
        return painted, _jittered(chance, quad), contrast

    def _neighbours(self, chance, mask, size, path, pad, ink):
        """Lines above and below, as paragraphs have them."""
        leading = size * chance.uniform(1.05, 1.5)
        for side in (-1, 1):
            text = self.words.text(chance, "part")[0]
            try:
                other = Ink(text, path, size) if chance.random() < 0.8 else None
            except ValueError:
                other = None
            if other is None:
                continue
            y = int(pad + side * leading + other.top - ink.top)
            x = pad + int(chance.integers(-size, size))
            rows = slice(max(0, y), min(mask.shape[0], y + other.mask.shape[0]))
            columns = slice(max(0, x), min(mask.shape[1], x + other.mask.shape[1]))
            if rows.stop <= rows.start or columns.stop <= columns.start:
                continue
            part = other.mask[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
            np.maximum(mask[rows, columns], part, out=mask[rows, columns])

    def _ground(self, chance, kind, shape, size, quad):
        """What the line stands on, float32 [h, w], and whether its text is light."""
        if kind == "print":
            light = chance.random() < 0.12
            level = chance.uniform(10, 90) if light else chance.uniform(150, 255)
            return level + chance.uniform(0, 25) * ramp(chance, *shape), light
        if kind == "intertitle":
            return np.full(shape, chance.uniform(0, 45), np.float32) + chance.uniform(0, 12) * ramp(chance, *shape), True
        photo = self.photos.piece(chance, *shape).astype(np.float32) @ LUMA
        if kind == "subtitle":
            return blurred(photo * chance.uniform(0.4, 1), chance.uniform(0, 2)), chance.random() < 0.97
        return self._scene(chance, photo, size, quad)

    def _scene(self, chance, photo, size, quad):
        draw = chance.random()
        if draw < 0.3:
            inside = photo[int(quad[0, 1]) : int(quad[2, 1]), int(quad[0, 0]) : int(quad[2, 0])]
            # Text straight on a photograph is where the photograph is calm.
            calm = chance.uniform(0.15, 0.8)
            photo = photo.mean() + calm * (photo - photo.mean())
            return photo, bool(inside.mean() < chance.uniform(90, 160))
        level = chance.uniform(0, 255)
        if draw < 0.5:
            ground = level + chance.uniform(0, 70) * ramp(chance, *photo.shape)
            texture = chance.uniform(0, 0.25) * (photo - photo.mean())
            return ground + texture, bool(level < chance.uniform(80, 170))
        if draw < 0.58:
            ground = blotches(chance, *photo.shape, 1)[..., 0].astype(np.float32)
            ground = level + chance.uniform(0.1, 0.4) * (ground - ground.mean())
            return ground, bool(level < chance.uniform(90, 160))
        margins = chance.uniform(0.15, 0.9, 2) * size
        outline, radius = np.concatenate([quad[0] - margins, quad[2] + margins]), chance.choice([0, 0.1, 0.4]) * size
        ground = level + chance.uniform(0, 30) * ramp(chance, *photo.shape)
        picture = over(photo[..., None], board(photo.shape, outline, radius), ground[..., None])[..., 0]
        light = bool(level < chance.uniform(80, 170))
        if chance.random() < 0.5:
            thick, inset = chance.uniform(0.02, 0.09) * size, chance.choice([0, 0.1]) * size
            inner = [board(photo.shape, outline + np.array([1, 1, -1, -1]) * by, radius - by) for by in (inset, inset + max(1.0, thick))]
            picture = over(picture[..., None], np.clip(inner[0] - inner[1], 0, 1), np.float32(230 if light else 25))[..., 0]
        return picture, light


def _spacing(chance, text):
    draw = chance.random()
    if draw < 0.8:
        return 0.0
    return chance.uniform(-0.04, 0.0) if draw < 0.84 else chance.uniform(0.03, 0.5 if text.isupper() else 0.15)


def _slanted(chance, mask, quad):
    """Sheared, as fonts without italics are for italics."""
    shear = float(np.clip(chance.normal(0.1, 0.18), -0.35, 0.45))
    middle = mask.shape[0] / 2
    matrix = np.float32([[1, -shear, shear * middle], [0, 1, 0]])
    reach = abs(shear) * (quad[3, 1] - quad[0, 1]) / 2
    grow = np.float32([[-reach, 0], [reach, 0], [reach, 0], [-reach, 0]])
    return cv2.warpAffine(mask, matrix, mask.shape[::-1]), quad + grow


def _painted(chance, picture, mask, light, kind, size):
    """The text on what it stands on, with outline and shadow where it has them; and its contrast."""
    around = float(picture[mask > 0.3].mean()) if (mask > 0.3).any() else float(picture.mean())
    contrast = chance.uniform(150, 240) if kind in ("subtitle", "intertitle") else max(35.0, chance.normal(130, 60))
    level = around + contrast if light else around - contrast
    if not 0 <= level <= 255:
        other = around - contrast if light else around + contrast
        level = other if 0 <= other <= 255 and kind == "scene" else np.clip(level, 0, 255)
    if kind == "intertitle":
        level = chance.uniform(150, 255)
    canvas = picture[..., None]
    dark = np.float32(0 if level > 127 else 255)
    outlined = kind == "subtitle" and chance.random() < 0.75 or kind == "scene" and chance.random() < 0.12
    if kind in ("subtitle", "scene") and chance.random() < (0.5 if kind == "subtitle" else 0.2):
        reach = chance.uniform(0.03, 0.09, 2) * size * chance.choice([-1, 1])
        shadow = blurred(shifted(mask, *reach), chance.uniform(0, 0.06) * size)
        canvas = over(canvas, shadow * chance.uniform(0.4, 1), dark)
    if outlined:
        canvas = over(canvas, grown(mask, chance.uniform(0.03, 0.09) * size), dark)
    fill = np.float32(level)
    if chance.random() < 0.12:
        fill = np.clip(level + chance.uniform(10, 40) * ramp(chance, *mask.shape), 0, 255)[..., None]
    strength = chance.uniform(0.75, 1) if kind == "scene" and chance.random() < 0.2 else 1.0
    if kind == "scene" and chance.random() < 0.06:
        # Letters as outlines alone.
        inner = 1 - grown(1 - mask, max(1.0, 0.03 * size))
        mask = np.clip(mask - 0.85 * inner, 0, 1)
    return over(canvas, mask * strength, fill)[..., 0], abs(float(level) - around) * strength


def _jittered(chance, quad):
    """The corners as a detector finds them: some room around the text or a bit cut off, and not quite straight."""
    height = quad[3, 1] - quad[0, 1]
    margins = chance.normal([0.1, 0.12, 0.1, 0.12], [0.09, 0.1, 0.09, 0.1]) * height
    left, top, right, bottom = np.clip(margins, -0.05 * height, 0.5 * height)
    # Along the text nothing is cut off: a letter that cannot be seen cannot be read.
    left, right = max(left, 0.0), max(right, 0.0)
    grown_quad = quad + np.float32([[-left, -top], [right, -top], [right, bottom], [-left, bottom]])
    crooked = chance.normal(0, chance.choice([0.01, 0.04]) * height, (4, 2)).astype(np.float32)
    crooked[:, 0] *= 0.5
    turn = np.float32([0, 1, 1, 0]) * np.float32(chance.normal(0, 0.03) * height)
    grown_quad[:, 1] += turn - turn.mean()
    return grown_quad + crooked


def _seen(chance, canvas, scale, kind, contrast):
    """The canvas as a camera or a film shows it, smaller by `scale`; noise stays such that people can read it."""
    small = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 0.98 else canvas
    room = np.clip((scale * 30) / 20, 0.25, 1.5)
    if chance.random() < 0.35:
        small = blurred(small, chance.uniform(0.3, 1.1) * room)
    if kind != "print" and chance.random() < 0.1:
        small = motion_blurred(chance, small, 1 + 4 * room * chance.random())
    noise = min(1.0, contrast / 100) * room
    if kind == "intertitle":
        small = film(chance, small, noise)
    elif chance.random() < 0.5:
        small = grainy(chance, small, abs(chance.normal(0, 10)) * noise, chance.uniform(1, 1.8))
    if contrast > 80 and chance.random() < 0.15:
        gain = chance.uniform(0.35, 0.9)
        small = chance.uniform(0, 255 * (1 - gain)) + gain * small
    seen = as_bytes(small)
    if chance.random() < 0.5:
        seen = compressed(seen, chance.uniform(max(18, 70 - contrast), 90))
    return seen.astype(np.float32)


def _cut_out(picture, quad):
    """The quadrangle upright, HEIGHT high, as the package's adapter cuts lines out: averaging where that makes them smaller."""
    top, right, bottom, left = (np.linalg.norm(quad[i] - quad[(i + 1) % 4]) for i in range(4))
    width = int(np.clip(np.ceil(max(top, bottom) / max(left, right, 1e-3) * HEIGHT), 4, LONGEST))
    samples = int(np.clip(np.ceil(max(left, right) / HEIGHT), 1, 4))
    target = np.float32([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]]) * samples - 0.5
    matrix = cv2.getPerspectiveTransform(np.float32(quad - 0.5), target)
    line = cv2.warpPerspective(picture, matrix, (width * samples, HEIGHT * samples), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return line if samples == 1 else cv2.resize(line, (width, HEIGHT), interpolation=cv2.INTER_AREA)


def labelled(line, text, width=460):
    """A line with its text under it, RGB, for looking at."""
    from PIL import Image, ImageDraw, ImageFont

    canvas = Image.new("RGB", (width, HEIGHT + 16), (40, 40, 40))
    canvas.paste(Image.fromarray(line[:, :width]), (0, 0))
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 11)
    ImageDraw.Draw(canvas).text((1, HEIGHT + 1), text, (255, 255, 120), font)
    return np.asarray(canvas)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--pairs", type=Path, help="folder of the Tatoeba pairs")
    parser.add_argument("--photos", type=Path, nargs="*")
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--judged", action="store_true", help="fonts and sentences kept out of training")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    lines = Lines(options.pairs, options.photos, options.judged)
    begun = time.time()
    drawn = [lines.draw((options.seed, at), options.kind) for at in range(options.count)]
    seconds = time.time() - begun
    pictures = [labelled(line, f"{kind}: {text}") for line, text, kind, _ in drawn]
    cv2.imwrite(str(options.sheet), sheet(pictures, 3)[..., ::-1])
    print(f"{options.count / seconds:.0f} lines/s, {sum(line.shape[1] for line, *_ in drawn) / options.count:.0f} pixels wide")


if __name__ == "__main__":
    main()
