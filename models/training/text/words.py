"""Endless text to draw, by kind, the same for the same seed."""

import sys
import zlib
from functools import lru_cache
from pathlib import Path

from signs import INTERTITLES, SIGNS, TITLES
from vocabulary import ALPHABET, spelled

sys.path.append(str(Path(__file__).resolve().parent.parent))
from tatoeba import STEMS, pair_lines  # noqa: E402

KINDS = {"part": 0.26, "sentence": 0.14, "word": 0.2, "sign": 0.12, "number": 0.12, "address": 0.05, "title": 0.05, "random": 0.06, "tag": 0.0}
"""Kinds of text, and their shares."""
JUDGED = 40
"""One sentence in so many is kept out of training."""
LONGEST = 60
"""Characters of a line; longer text is cut between words."""


def _judged(sentence):
    return zlib.crc32(sentence.encode()) % JUDGED == 0


@lru_cache(2)
def sentences(folder, judged):
    """Sentences in all languages of the pairs that can be spelled; those that judge, or those that train."""
    said = {side for language in STEMS for pair in pair_lines(folder, language) for side in pair.split("\t")[:2]}
    found = tuple(plain for plain in map(spelled, sorted(said)) if plain and _judged(plain) == judged)
    if not found:
        raise SystemExit(f"{folder}: no pairs of Tatoeba there, such as fra-eng.zip")
    return found


class Words:
    """Text for the generator `chance` (numpy's `Generator`). `pairs`: the folder of the Tatoeba pairs; without it, what we wrote ourselves."""

    def __init__(self, pairs=None, judged=False):
        own = tuple(spelled(text) for text in SIGNS + INTERTITLES)
        self.sentences = sentences(str(pairs), judged) if pairs else own

    def text(self, chance, kind=None):
        """Text and its kind."""
        kind = kind or chance.choice(list(KINDS), p=list(KINDS.values()))
        text = spelled(getattr(self, f"_{kind}")(chance))
        return text if text else self.text(chance, "word")[0], kind

    def sentence(self, chance):
        return self.sentences[chance.integers(len(self.sentences))]

    def paragraph(self, chance, characters):
        """Sentences of about so many characters together."""
        said = [self.sentence(chance)]
        while sum(map(len, said)) < characters:
            said.append(self.sentence(chance))
        return " ".join(said)

    def _sentence(self, chance):
        return _cased(chance, _cut(self.sentence(chance)), 0.12)

    def _part(self, chance):
        words = self.sentence(chance).split()
        length = 1 + chance.integers(min(6, len(words)))
        start = chance.integers(len(words) - length + 1)
        return _cased(chance, _cut(" ".join(words[start : start + length])), 0.3)

    def _word(self, chance):
        words = self.sentence(chance).split()
        word = words[chance.integers(len(words))]
        bare = word.strip(".,;:!?\"'«»„“”()…") if chance.random() < 0.7 else word
        return _cased(chance, bare or word, 0.55)

    def _sign(self, chance):
        return _cased(chance, SIGNS[chance.integers(len(SIGNS))], 0.45)

    def _tag(self, chance):
        """One word or code, mostly in capitals."""
        draw = chance.random()
        if draw < 0.35:
            return _code(chance)
        said = SIGNS[chance.integers(len(SIGNS))] if draw < 0.7 else self.sentence(chance)
        words = said.split()
        word = words[chance.integers(len(words))]
        return _cased(chance, word.strip(".,;:«»„“”()…–") or word, 0.6)

    def _title(self, chance):
        said = INTERTITLES if chance.random() < 0.6 else TITLES
        return said[chance.integers(len(said))]

    def _number(self, chance):
        return NUMBERS[chance.integers(len(NUMBERS))](chance)

    def _address(self, chance):
        name, host = (_plain(self._word(chance)) for _ in range(2))
        end = _one(chance, "com org net fr de es it eu co.uk info tv")
        return _one(chance, [f"{name}@{host}.{end}", f"www.{host}.{end}", f"https://{host}.{end}/{name}", f"{host}.{end}", f"@{name}", f"#{host}"])

    def _random(self, chance):
        length = 1 + chance.integers(12)
        if chance.random() < 0.5:
            return "".join(ALPHABET[chance.integers(len(ALPHABET))] for _ in range(length)).strip() or "?"
        # Words whose letters have marks they never have: what is read must be seen, not known.
        letters = self._part(chance)
        return "".join(ALPHABET[chance.integers(94, 160)] if letter.isalpha() and chance.random() < 0.25 else letter for letter in letters)


def _one(chance, choices):
    choices = choices.split() if isinstance(choices, str) else choices
    return choices[chance.integers(len(choices))]


def _plain(word):
    return "".join(letter for letter in word.lower() if letter.isascii() and letter.isalnum()) or "info"


def _cut(text):
    while len(text) > LONGEST and " " in text:
        text = text.rsplit(" ", 1)[0]
    return text[:LONGEST]


def _cased(chance, text, share):
    """For the share of text in capitals and for half as much with initials; elsewhere as it is."""
    draw = chance.random()
    if draw < share:
        # One letter for one: "ß" stays, as on German signs it often does.
        return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)
    return text.title() if draw < 1.5 * share and "'" not in text and "’" not in text else text


def _digits(chance, count):
    return "".join(map(str, chance.integers(0, 10, count)))


def _letters(chance, count):
    return "".join(chr(65 + at) for at in chance.integers(0, 26, count))


def _price(chance):
    euros, cents = int(10 ** chance.uniform(0, 3.5)), _digits(chance, 2)
    return _one(chance, [f"{euros},{cents} €", f"€ {euros}.{cents}", f"£{euros}.{cents}", f"${euros}.{cents}", f"{euros} €", f"{euros}€{cents}", f"{euros},-", f"{euros:,} USD", f"CHF {euros}.–"])


def _date(chance):
    day, month, year = 1 + chance.integers(28), 1 + chance.integers(12), 1895 + chance.integers(140)
    name = _one(chance, "janvier février mars août décembre enero marzo septiembre Januar März Oktober January May December")
    return _one(chance, [f"{day}/{month}/{year}", f"{day:02}.{month:02}.{year}", f"{year}-{month:02}-{day:02}", f"{day} {name} {year}", f"{day}. {name}", f"{name} {day}, {year}", f"{year}", f"’{year % 100:02}"])  # fmt: skip


def _time(chance):
    hour, minute = chance.integers(24), chance.integers(60)
    return _one(chance, [f"{hour}:{minute:02}", f"{hour:02}:{minute:02}:{chance.integers(60):02}", f"{hour} h {minute:02}", f"{hour % 12 + 1}:{minute:02} PM", f"{hour}–{hour + 2} Uhr", f"{hour:02}h{minute:02}"])


def _phone(chance):
    pairs = [_digits(chance, 2) for _ in range(5)]
    return _one(chance, [" ".join(pairs), ".".join(pairs), f"+33 {pairs[0][0]} {' '.join(pairs[1:])}", f"0{pairs[0]} / {_digits(chance, 6)}", f"({_digits(chance, 3)}) {_digits(chance, 3)}-{_digits(chance, 4)}", f"Tel. {_digits(chance, 3)} {_digits(chance, 3)} {_digits(chance, 3)}"])  # fmt: skip


def _plate(chance):
    return _one(chance, [f"{_letters(chance, 2)}-{_digits(chance, 3)}-{_letters(chance, 2)}", f"{_digits(chance, 4)} {_letters(chance, 3)}", f"{_letters(chance, 1 + chance.integers(3))} {_letters(chance, 2)} {_digits(chance, 3)}", f"{_letters(chance, 2)}{_digits(chance, 2)} {_letters(chance, 3)}"])  # fmt: skip


def _code(chance):
    """Of a platform, a floor, a bus, a shop."""
    digits, letters = _digits(chance, 1 + chance.integers(3)), _letters(chance, 1 + chance.integers(3))
    code = _one(chance, [digits, letters, f"{letters}{digits}", f"{letters}-{digits}", f"{letters} {digits}", f"{digits}{letters[0]}", f"{letters}{digits}-{_digits(chance, 2)}"])
    return _one(chance, [code, code, f"[{code}]", f"({code})", f"{code}!", f"{code}?"])


def _quantity(chance):
    whole = int(10 ** chance.uniform(0, 5))
    return _one(chance, [f"{whole}", f"{whole:,}", f"{whole % 100} %", f"-{whole % 70}%", f"{whole} km", f"{whole % 100} km/h", f"{whole % 45} °C", f"n° {whole}", f"№ {whole}", f"{whole / 100:.2f}", f"{whole % 20}½", f"{whole} m²", f"{whole % 9} × {whole % 7}", f"+{whole}", f"#{whole}", f"{_letters(chance, 1)}{whole % 1000}", f"§ {whole % 300}"])  # fmt: skip


NUMBERS = (_price, _date, _time, _phone, _plate, _quantity, _quantity)
