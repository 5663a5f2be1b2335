"""Held-out pairs with names in them: how many names are still there when the package has translated, without and with what translate-text does for them.

    python3 names.py ../../embedded/translate-west-en pairs.json

Three sets of each direction. `all`: sentences as they come. `natural`: those in which a word with a capital inside a sentence stands on both sides; most of these names are Tom, Mary and Boston, which
the networks know by heart. `others`: pairs with these three, each replaced by one of the names below. A text that is left alone counts as it is: BLEU sees the source, and no name of it as kept.
"""

import argparse
import json
import random
import re
from pathlib import Path

from package import directions_of, translated, translated_with_names
from scores import bleu, chrf

SEED = 11
PLACED = {
    "Tom": "Anselm Bertrand Durmont Eberhard Ferdinand Guillaumat Hendrik Iñigo Kowalczyk Lindqvist Mbappé Nguyen Okafor Perrault Quiroga Rasmussen Sanjay Siegfried Thibault Urrutia Vandenberg Wojciech Yannick Zurbarán",
    "Mary": "Anneliese Aurélie Begoña Camille Élodie Friederike Ginevra Hortensia Ingeborg Jacinta Leocadia Mathilde Nadezhda Oriane Priya Roswitha Solveig Ximena",
    "Boston": "Aranjuez Bayonne Chemnitz Dijon Eisenach Fontainebleau Göttingen Heidelberg Innsbruck Kaiserslautern Leicester Montélimar Perpignan Quimper Rostock Shrewsbury Strasbourg Valparaíso Wuppertal Zaragoza",
}
WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-’'][^\W\d_]+)*")
NO_NAMES = {"I", "TV", "OK", "CD", "DVD"}


def words(text):
    return [re.sub(r"['’]s?$", "", word) for word in WORD.findall(text)]


def inside(text):
    """Words with a capital that begin no sentence and no speech."""
    found = [match for match in WORD.finditer(text) if not re.search(r"(?:^|[.!?…:;«»\"“”„¿¡—–])\s*$", text[: match.start()])]
    names = {re.sub(r"['’]s?$", "", match.group()) for match in found if match.group()[:1].isupper()}
    return {name for name in names if "'" not in name and "’" not in name} - NO_NAMES


def names_of(source, target, languages):
    """Names of a pair: the same word on both sides, with a capital where no rule but that of names asks for one."""
    shared = set(words(source)) & set(words(target))
    sides = [text for text, language in zip((source, target), languages) if language != "de"]
    return sorted(shared & set().union(*map(inside, sides)))


def replaced(pair, chance):
    """The pair with other names in the places of those that everybody knows."""
    for name, others in PLACED.items():
        if all(name in words(text) for text in pair):
            other = chance.choice(others.split())
            pair = [re.sub(rf"\b{name}\b", other, text) for text in pair]
    return pair


def sets_of(pairs, languages, count):
    """`all`, `natural` and `others`: lists of (source, references, names)."""
    chance = random.Random(SEED)
    references = {}
    for source, target in pairs:
        references.setdefault(source, []).append(target)
    rows = [(source, targets, names_of(source, targets[0], languages)) for source, targets in references.items()]
    natural = [row for row in rows if row[2]]
    changed = [replaced([source, targets[0]], chance) for source, targets, names in natural if set(names) & set(PLACED)]
    others = [(source, [target], names_of(source, target, languages)) for source, target in changed]
    return {"all": rows[-count:], "natural": natural[:count], "others": [row for row in others if row[2]][:count]}


def kept(text, names):
    return text is not None and set(names) <= set(words(text))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("network", type=Path, help="folder that export.py has written")
    arguments.add_argument("pairs")
    arguments.add_argument("--count", type=int, default=300, help="sentences of a set at most")
    given = arguments.parse_args()
    divided = json.loads(Path(given.pairs).read_text(encoding="utf-8"))
    for source, target in directions_of(given.network):
        pairs = [pair if source == "en" else pair[::-1] for pair in divided[target if source == "en" else source]["judged"]]
        for name, rows in sets_of(pairs, (source, target), given.count).items():
            texts, references, names = [list(column) for column in zip(*rows)]
            named = [bool(each) for each in names]
            shown = []
            for made_by in (translated, translated_with_names):
                made = made_by(given.network, texts, (source, target))
                share = sum(kept(text, each) for text, each in zip(made, names) if each) / max(1, sum(named))
                seen = [text or before for text, before in zip(made, texts)]
                shown.append(f"names {share:.3f}  BLEU {bleu(seen, references):.1f}  chrF {chrf(seen, references):.1f}")
            alone = sum(text is None for text in made)
            print(f"{source}-{target} {name}: {len(rows)} sentences, {sum(named)} with names: {shown[0]} -> {shown[1]}, {alone} left alone", flush=True)
