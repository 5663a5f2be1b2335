"""Fonts of the system, and which of them really draw a text."""

import re
import zlib
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from vocabulary import ALPHABET

FOLDERS = ("/usr/share/fonts/truetype", "/usr/share/fonts/opentype")
UNUSABLE = re.compile(r"(?i:symbol|dingbat|emoji|math|initial|keyboard|hebrew|arabic|urdu|smcp|smallcap|caps|titling|outline|barcode|hairline|swash|ligne|fallback|variable|ocr-?a|wqy|vl-|^Un(?:Batang|Dinaru|Dotum|Graphic|Gungseo|Pilgi)|\[)|SC\b|SC-|_K$|D050000L")
NEEDED = "ABCXYZabcxyz0189.,!?éàüñßÉ"
"""Fonts without one of these are not for Latin text."""
RELATIVES = re.compile("cmun|courierprime|aerial|tymes|veranda|romande|accanthis|gillius|universalis|interdisplay|breip")
COMMON = re.compile("arimo|cabin|carlito|dejavu|freesans|inter|karla|lato|liberation|nimbus|noto(sans|serif)|opensans|roboto|tinos|opendin|rg2014|caladea|oxygen|ubuntu|cantarell")
"""Families as most signs and titles have them, or like them: they are drawn with half of all texts."""
JUDGED = 9
"""One family in so many is kept out of training."""


class Fonts:
    """Families of fonts, those that train or those that judge."""

    def __init__(self, judged=False, folders=FOLDERS):
        families = {}
        for path in sorted(file for folder in folders for file in Path(folder).rglob("*") if file.suffix in (".ttf", ".otf")):
            if not UNUSABLE.search(path.stem):
                families.setdefault(family_of(path), []).append(path)
        names = [name for name in sorted(families) if (zlib.crc32(name.encode()) % JUDGED == 0) == judged]
        self.families = [families[name] for name in names]
        self.common = [families[name] for name in names if COMMON.match(name)]
        if not self.families:
            raise SystemExit(f"no fonts in {', '.join(folders)}: see README.md for packages")

    def draw(self, chance, text, style=None):
        """A path of a font that has all of `text`; each family is as likely as any other. `style`: a pattern that its name has to match, if there is such a font."""
        for attempt in range(200):
            families = self.common if self.common and chance.random() < 0.5 else self.families
            family = families[chance.integers(len(families))]
            path = str(family[chance.integers(len(family))])
            if attempt < 150 and style and not style.search(path):
                continue
            if set(text) <= glyphs_of(path):
                return path
        return None


def family_of(path):
    """Relatives count as one, Noto's hundred families for other scripts too."""
    name = re.split(r"[-_]", path.stem)[0].lower().replace(" ", "")
    if name.startswith("noto"):
        return name if name in ("notosans", "notoserif") else "noto others"
    relatives = RELATIVES.match(name)
    return relatives[0] if relatives else re.sub(r"(regular|bold|bd|it|italic|oblique|no\d?|\d+)+$", "", name)


@lru_cache(2048)
def glyphs_of(path):
    """Characters of the alphabet that the font draws; none where it is not for Latin text. Capitals alone where small letters look like them."""
    try:
        font = load(path, 28)
        missing = {drawn(font, character) for character in "\uffff\u0e01"}
        marks = {character: drawn(font, character) for character in ALPHABET if character != " "}
    except (OSError, ValueError):
        return frozenset()
    glyphs = {character for character, mark in marks.items() if mark is not None and mark not in missing}
    if not glyphs.issuperset(NEEDED):
        return frozenset()
    if sum(marks[letter] == marks[letter.upper()] for letter in "abdeghnr") > 3:
        glyphs -= {letter for letter in glyphs if letter.islower()}
    # Glyphs without the mark that the letter has.
    glyphs -= {letter for letter in glyphs if letter in BARE and marks[letter] == marks[BARE[letter]]}
    return frozenset(glyphs | {" "})


BARE = dict(zip("àâäáãåçèéêëìíîïñòóôöõøùúûüÀÂÄÁÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜ", "aaaaaaceeeeiiiinoooooouuuuAAAAAACEEEEIIIINOOOOOOUUUU"))


def drawn(font, character):
    """What is drawn, to compare; `None` when nothing is."""
    mask = font.getmask(character, mode="L")
    return (mask.size, bytes(mask)) if mask.getbbox() else None


@lru_cache(512)
def load(path, size):
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
