"""Training samples: Tatoeba's pairs, and what it lacks: signs without a full stop, other names and numbers, phrases of signs."""

import random
import re
from pathlib import Path

SIGNS = Path(__file__).resolve().parents[3] / "operators" / "text" / "translate" / "sign-phrases.ts"
BARE, LOW, OTHER_NAMES = 0.3, 0.15, 0.3
"""Shares of the pairs without their end, without their first capital, with other names and numbers."""
SIGN_SHARE, SHORT_SHARE = 0.03, 0.1
SHORT_WORDS = 3
COLUMNS = ["en", "fr", "es", "de"]
SYLLABLES = ["ba", "ker", "lin", "mo", "ra", "ton", "vil", "sa", "del", "grand", "or", "mi", "che", "lo", "ber", "stein"]


def sign_pairs(source, target):
    """All wordings of signs in a language, with the first of the other. Short strings of the list, as TypeScript writes them."""
    strings = r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*,?"""
    rows = re.findall(r"\[" + strings * 4 + r"\s*\]", SIGNS.read_text(encoding="utf-8"))
    pairs = []
    for row in rows:
        texts = [row[at] or row[at + 1] for at in range(0, 8, 2)]
        one, other = texts[COLUMNS.index(source)], texts[COLUMNS.index(target)]
        pairs.extend((wording, other.split("|")[0]) for wording in one.split("|"))
    return pairs


def names_in(source, target):
    """Words with a capital that are the same in both."""
    words = set(re.findall(r"\b[A-ZÄÖÜÉÈÁÍÓÚÑ][\w’'-]+", source))
    return [word for word in words if re.search(rf"\b{re.escape(word)}\b", target)]


def with_others(source, target, chance):
    """Other names in the places of those that are the same on both sides, other digits for shared numbers."""
    for name in names_in(source, target):
        other = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))).capitalize()
        source, target = (re.sub(rf"\b{re.escape(name)}\b", other, text) for text in (source, target))
    for number in set(re.findall(r"\d+", source)) & set(re.findall(r"\d+", target)):
        other = str(chance.randint(1, 10 ** len(number)))
        source, target = (re.sub(rf"\b{number}\b", other, text) for text in (source, target))
    return source, target


def varied(source, target, chance):
    if chance.random() < OTHER_NAMES:
        source, target = with_others(source, target, chance)
    if chance.random() < BARE:
        source, target = (re.sub(r"\s*[.!]+$", "", text) for text in (source, target))
    if chance.random() < LOW:
        source, target = (text[:1].lower() + text[1:] for text in (source, target))
    return source, target


class Samples:
    """Endless pairs of one direction or several, as (source language, target language, source, target)."""

    def __init__(self, divided, directions, seed):
        self.chance = random.Random(seed)
        self.kinds, self.weights = [], []
        for source, target in directions:
            other = target if source == "en" else source
            pairs = [pair if source == "en" else pair[::-1] for pair in divided[other]["train"]]
            short = [pair for pair in pairs if len(pair[0].split()) <= SHORT_WORDS]
            # Languages with fewer pairs come more often than their share.
            size = len(pairs) ** 0.7
            shares = [1 - SIGN_SHARE - SHORT_SHARE, SHORT_SHARE, SIGN_SHARE]
            for items, share in zip([pairs, short, sign_pairs(source, target)], shares):
                self.kinds.append((source, target, items))
                self.weights.append(size * share)

    def draw(self, count):
        for source, target, items in self.chance.choices(self.kinds, self.weights, k=count):
            yield source, target, *varied(*self.chance.choice(items), self.chance)
