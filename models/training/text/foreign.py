"""Text in scripts that the reader does not know, which it is to leave alone."""

from functools import lru_cache
from pathlib import Path

from fonts import FOLDERS, drawn, load

SCRIPTS = {
    "han": [(0x4E00, 0x9FA5)],
    "kana": [(0x3041, 0x3093), (0x30A1, 0x30F3)],
    "hangul": [(0xAC00, 0xD7A3)],
    # Letters that Latin has too are left out of the next two.
    "cyrillic": "бвгджзийклмнптфцчшщъыьэюяБГДЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯ",
    "greek": "αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩ",
    "arabic": [(0x0621, 0x063A), (0x0641, 0x064A)],
    "hebrew": [(0x05D0, 0x05EA)],
    "devanagari": [(0x0905, 0x0939)],
    "thai": [(0x0E01, 0x0E2E)],
    "georgian": [(0x10D0, 0x10F0)],
    "armenian": [(0x0531, 0x0556), (0x0561, 0x0587)],
}
SHARES = [0.26, 0.14, 0.14, 0.16, 0.07, 0.07, 0.04, 0.04, 0.04, 0.02, 0.02]
PROBED = 12
"""Letters that a font must have of a script."""


def foreign_text(chance):
    """A line in a script, and a font that has it."""
    script = chance.choice(list(SCRIPTS), p=SHARES)
    letters, fonts = letters_of(script), fonts_of(script)
    if not fonts:
        raise ValueError(f"no font has {script}")
    longest = 7 if script in ("han", "kana", "hangul") else 10
    words = ["".join(chance.choice(letters, chance.integers(2, longest))) for _ in range(chance.choice([1, 1, 2, 3, 4]))]
    return " ".join(words), str(chance.choice(fonts))


@lru_cache(None)
def letters_of(script):
    ranges = SCRIPTS[script]
    return list(ranges) if isinstance(ranges, str) else [chr(code) for first, last in ranges for code in range(first, last + 1)]


@lru_cache(None)
def fonts_of(script):
    letters = letters_of(script)
    probes = letters[:: max(1, len(letters) // PROBED)]
    paths = sorted(file for folder in FOLDERS for file in Path(folder).rglob("*") if file.suffix in (".ttf", ".otf", ".ttc"))
    return [path for path in paths if _has(str(path), probes)]


def _has(path, letters):
    try:
        font = load(path, 20)
        missing = drawn(font, "\uffff")
        marks = {drawn(font, letter) for letter in letters}
    except (OSError, ValueError):
        return False
    return None not in marks and missing not in marks and len(marks) > len(letters) // 2
