"""Pairs of sentences, and a division in which no sentence of the judged ones has trained, in either language.

    python3 pairs.py PAIRS --languages fr,es,de --out pairs.json

PAIRS holds Tatoeba's pairs as manythings.org packs them: `fra-eng.zip`, or `fra.txt` and the like.
"""

import argparse
import json
import random
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))
from tatoeba import pair_lines  # noqa: E402

JUDGED, TUNED = 2000, 1000
"""Pairs of each language that are judged, and that settings are chosen on."""
MOST_RELATED = 12
"""Families of sentences that are larger stay together in training."""
MOST_LETTERS = 200
SEED = 7


def cleaned(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).replace("\u202f", " ").replace("\u00a0", " ")).strip()


def folded(text):
    """Sentences that differ in nothing else are the same sentence."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.sub(r"[^\w\s]|_", " ", "".join(c for c in plain if not unicodedata.combining(c))).split())


def read_pairs(folder, language):
    """English and the other, each pair once."""
    seen = {}
    for line in pair_lines(folder, language):
        parts = [cleaned(part) for part in line.split("\t")[:2]]
        if len(parts) < 2 or not re.search(r"[^\W\d_]", parts[0]) or not all(parts) or max(map(len, parts)) > MOST_LETTERS:
            continue
        seen[tuple(parts)] = None
    return list(seen)


def families(pairs):
    """Numbers of pairs that share a sentence, directly or through others. `pairs`: language → list."""
    parent = {}

    def root(node):
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for language, items in pairs.items():
        for english, other in items:
            parent[root(("en", folded(english)))] = root((language, folded(other)))
    groups = defaultdict(list)
    for language, items in pairs.items():
        for at, (english, _) in enumerate(items):
            groups[root(("en", folded(english)))].append((language, at))
    return list(groups.values())


def divide(pairs):
    """language → `judged`, `tuned`, `train` lists of pairs."""
    groups = families(pairs)
    random.Random(SEED).shuffle(groups)
    parts = {language: {"judged": [], "tuned": [], "train": []} for language in pairs}
    for group in groups:
        languages = {language for language, _ in group}
        # A family goes where any of its languages still wants some.
        part = "train"
        if len(group) <= MOST_RELATED:
            for name, size in [("judged", JUDGED), ("tuned", TUNED)]:
                if all(len(parts[language][name]) < size for language in languages):
                    part = name
                    break
        for language, at in group:
            parts[language][part].append(pairs[language][at])
    check(parts)
    return parts


def check(parts):
    for side in (0, 1):
        for language, of in parts.items():
            trained = {folded(pair[side]) for each in parts.values() for pair in each["train"]} if side == 0 else {
                folded(pair[1]) for pair in of["train"]
            }
            shared = [pair for pair in of["judged"] + of["tuned"] if folded(pair[side]) in trained]
            assert not shared, f"{language}: {shared[:3]} have trained"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pairs")
    arguments.add_argument("--languages", default="fr,es,de")
    arguments.add_argument("--out", default="pairs.json")
    given = arguments.parse_args()
    parts = divide({language: read_pairs(given.pairs, language) for language in given.languages.split(",")})
    Path(given.out).write_text(json.dumps(parts, ensure_ascii=False), encoding="utf-8")
    for language, of in parts.items():
        print(language, {name: len(items) for name, items in of.items()})
