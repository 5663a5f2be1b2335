"""What characters follow each other in sentences, signs, prices and addresses: n-grams for the beam of `models/adapters/text`, as ARPA.

    python3 characters.py language.arpa.gz --pairs ../../../../shared/data/text/pairs

Lower case alone: the reader sees well whether a letter is a capital, and asks for the small one. Tokens are characters; `▁` is the space.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np

from signs import INTERTITLES, SIGNS, TITLES
from vocabulary import ALPHABET, spelled
from words import Words, sentences

ORDER = 8
LEAST = 4
"""N-grams of three characters and more that are seen less often are left to shorter ones."""
WORTH = 10
"""What an n-gram is kept for, nats: how much less likely the corpus were without it."""
SAID_AGAIN = 30
"""Each sign counts as so many sentences."""
OTHERS = {"number": 60_000, "address": 15_000, "tag": 60_000, "part": 60_000, "random": 4_000}
"""Beside sentences and signs, of the kinds of `words.py`."""
BITS = 8
BEGIN, END = 1, 2
FIRST = 3


def corpus(pairs):
    """Lines of text that trainings see, never those that judge."""
    words, chance = Words(pairs), np.random.default_rng(5)
    signs = [plain for plain in map(spelled, SIGNS + INTERTITLES + TITLES) if plain] * SAID_AGAIN
    drawn = [words.text(chance, kind)[0] for kind, count in OTHERS.items() for _ in range(count)]
    return [*sentences(str(pairs), False), *signs, *drawn]


def encoded(lines):
    """Characters as small numbers one after the other, each line between BEGIN and END; and the characters by number."""
    letters = sorted({letter.lower() for letter in ALPHABET if len(letter.lower()) == 1})
    number = {letter: FIRST + at for at, letter in enumerate(letters)}
    codes = [code for line in lines for code in (BEGIN, *(number.get(letter.lower(), 0) for letter in line), END)]
    return np.array(codes, np.int64), dict(enumerate(["", "<s>", "</s>", *letters]))


def counted(codes, order):
    """N-grams within lines, first character highest, sorted; and how often each is there."""
    grams = np.zeros(len(codes) - order + 1, np.int64)
    whole = np.ones(len(grams), bool)
    for at in range(order):
        part = codes[at : at + len(grams)]
        grams = grams << BITS | part
        whole &= (part != 0) & ((part != BEGIN) | (at == 0)) & ((part != END) | (at == order - 1))
    return np.unique(grams[whole], return_counts=True)


class Table:
    """The n-grams of one order: probabilities, and the weights with which shorter ones step in after them."""

    def __init__(self, grams, chances):
        self.grams, self.chances, self.weights = grams, chances, np.ones(len(grams))

    def at(self, grams):
        return self.chances[np.searchsorted(self.grams, grams)]

    def kept(self, keep):
        return Table(self.grams[keep], self.chances[keep])


def witten_bell(codes, order=ORDER, least=LEAST, worth=WORTH):
    """Tables by order (Witten and Bell 1991, interpolated), without what is rare and what shorter ones say as well (Seymore and Rosenfeld 1996)."""
    full, kept, wanted = None, [], []
    for length in range(1, order + 1):
        grams, counts = counted(codes, length)
        seen = (grams & (1 << BITS) - 1) != BEGIN
        before, start, kinds = np.unique(grams[seen] >> BITS, return_index=True, return_counts=True)
        total = np.add.reduceat(counts[seen], start)
        context = np.repeat(np.arange(len(before)), kinds)
        shorter = full.at(grams[seen] & (1 << BITS * (length - 1)) - 1) if full else np.full(seen.sum(), 1 / seen.sum())
        chances = np.full(len(grams), 1e-9)
        chances[seen] = (counts[seen] + kinds[context] * shorter) / (total + kinds)[context]
        full = Table(grams, chances)
        frequent = counts >= (1 if length == 1 else 3 if length == 2 else least)
        gain = np.zeros(len(grams))
        gain[seen] = counts[seen] * np.abs(np.log(chances[seen] / shorter))
        kept.append(full.kept(frequent))
        wanted.append((gain[frequent] >= worth) | (length <= 2))
    kept = _without_unwanted(kept, wanted)
    for length, (shorter, longer) in enumerate(zip(kept, kept[1:]), 1):
        _weigh(shorter, longer, length)
    return kept


def _without_unwanted(tables, wanted):
    """Tables of the n-grams that are wanted, and of those that these begin and end with."""
    kept = []
    for length in range(len(tables), 0, -1):
        table = tables[length - 1].kept(wanted[length - 1])
        kept.insert(0, table)
        if length > 1:
            for part in (table.grams >> BITS, table.grams & (1 << BITS * (length - 1)) - 1):
                wanted[length - 2] |= np.isin(tables[length - 2].grams, part)
    return kept


def _weigh(shorter, longer, length):
    """What `longer` leaves over is shared out as `shorter`, of n-grams of `length` characters, has it (Katz 1987)."""
    before, start = np.unique(longer.grams >> BITS, return_index=True)
    rest = 1 - np.add.reduceat(longer.chances, start)
    below = 1 - np.add.reduceat(shorter.at(longer.grams & (1 << BITS * length) - 1), start)
    shorter.weights[np.searchsorted(shorter.grams, before)] = np.clip(rest, 1e-6, 1) / np.clip(below, 1e-6, 1)


def arpa(tables, names):
    """As SRILM and KenLM have it: logarithms to the base 10."""
    lines = ["\\data\\", *(f"ngram {length}={len(table.grams)}" for length, table in enumerate(tables, 1))]
    for length, table in enumerate(tables, 1):
        lines += ["", f"\\{length}-grams:"]
        for gram, chance, weight in zip(table.grams.tolist(), np.log10(table.chances), np.log10(table.weights)):
            tokens = " ".join("▁" if (name := names[gram >> BITS * at & (1 << BITS) - 1]) == " " else name for at in range(length - 1, -1, -1))
            lines.append(f"{chance:.2f}\t{tokens}" + (f"\t{weight:.2f}" if length < len(tables) and weight else ""))
    return "\n".join([*lines, "", "\\end\\", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=Path, required=True, help="folder of the Tatoeba pairs")
    parser.add_argument("--order", type=int, default=ORDER)
    parser.add_argument("--least", type=int, default=LEAST)
    parser.add_argument("--worth", type=float, default=WORTH, help="nats by which the corpus is likelier with an n-gram that is kept, at least")
    options = parser.parse_args()
    codes, names = encoded(corpus(options.pairs))
    tables = witten_bell(codes, options.order, options.least, options.worth)
    options.file.write_bytes(gzip.compress(arpa(tables, names).encode(), 9, mtime=0))
    print(f"{options.file}: {[len(table.grams) for table in tables]} n-grams of {len(codes)} characters, {options.file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
