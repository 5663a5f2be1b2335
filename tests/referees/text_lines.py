"""Renders a page of lines of text in six languages for the tests of readers, upright, tilted and light on dark.

    /usr/bin/python3 tests/referees/text_lines.py tests/models/adapters/text

Writes lines.png and lines.json: language, text, and the quadrangle of each line (pixel centres at half coordinates).
The sentences are ours; the font is DejaVu (Debian: fonts-dejavu-core).
"""

import json
import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype/dejavu")
SENTENCES = {
    "eng": ["The quick wizard jumps over five boxing dogs.", "Platform 12, departs 08:45", "No entry: staff & guests only", "Light text on dark"],
    "deu": ["Über den Dächern hängt früher Nebel.", "Größe und Maß stehen im Heft.", "Straße gesperrt ab 7 Uhr", "Süße Äpfel, öliges Brot"],
    "fra": ["Où êtes-vous allé cet été, François ?", "La forêt brûle près du château.", "Déjà vu à l'hôtel", "Ça suffit, répond-il"],
    "spa": ["El niño soñó con una montaña.", "¿Dónde está la estación?", "Mañana será otro día", "Corazón y razón"],
    "ita": ["Perché la città è così bella?", "Il caffè è già pronto.", "Andrò più lontano", "Venerdì verrà qualcuno"],
    "por": ["A canção não tem fim.", "Você já viu o pão?", "Três irmãs e um avô", "Amanhã há reunião"],
}
STYLES = [("DejaVuSans.ttf", 30, 0, False), ("DejaVuSerif.ttf", 24, -6, False), ("DejaVuSans-Bold.ttf", 44, 4, False), ("DejaVuSans.ttf", 28, 0, True)]
WIDTH, ROW, MARGIN = 900, 86, 3


def line(text, style):
    """A line on its own ground with a little room around its ink."""
    name, size, _, inverted = style
    font = ImageFont.truetype(str(FONTS / name), size)
    ascent, descent = font.getmetrics()
    left, _, right, _ = font.getbbox(text)
    ink, ground = (235, 30) if inverted else (25, 225)
    image = Image.new("L", (right - left + 2 * MARGIN, ascent + descent), ground)
    ImageDraw.Draw(image).text((MARGIN - left, 0), text, ink, font)
    return image, ground


def place(page, image, ground, angle, left, top):
    """Pastes a line, turned about its left upper corner; gives its corners."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    width, height = image.size
    down = max(0, -width * sin)
    x, y = left + max(0, height * sin), top + down
    mask = Image.new("L", image.size, 255)
    inverse = (cos, sin, -(x * cos + y * sin), -sin, cos, x * sin - y * cos)
    turned = image.transform(page.size, Image.AFFINE, inverse, Image.BICUBIC, fillcolor=ground)
    page.paste(turned, (0, 0), mask.transform(page.size, Image.AFFINE, inverse, Image.NEAREST))
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    return [[round(x + u * cos - v * sin, 1), round(y + u * sin + v * cos, 1)] for u, v in corners]


def main(folder):
    jobs = [(language, text, style) for language, texts in SENTENCES.items() for text, style in zip(texts, STYLES)]
    page = Image.new("L", (WIDTH, ROW * len(jobs)), 225)
    lines = []
    for row, (language, text, style) in enumerate(jobs):
        image, ground = line(text, style)
        quad = place(page, image, ground, style[2], 20, row * ROW + 12)
        lines.append({"language": language, "text": text, "quad": quad})
    page.quantize(32).save(folder / "lines.png", optimize=True)
    rows = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in lines)
    (folder / "lines.json").write_text("[\n" + rows + "\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
