"""The sub-word vocabulary: byte pairs (Sennrich et al. 2016) over bytes, as `tokenizer.json` of Hugging Face's format.

    python3 vocabulary.py pairs.json --size 7000 --out vocabulary

Digits stand alone, so that numbers are copied digit by digit. A blank before the text makes its first word one like any other. No text is unknown: bytes are.
"""

import argparse
import heapq
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

END, PAD, START = "</s>", "<pad>", "<s>"
WORD = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?[^\s\w]+| ?_+|\s+(?!\S)|\s+")
"""As GPT-2 parts words, after digits were parted."""


def byte_letters():
    """A letter that can be seen for each byte, as GPT-2 has them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + len(letters) - len(plain))
    return letters


LETTERS = byte_letters()
BYTES = {letter: byte for byte, letter in LETTERS.items()}


def pieces(text):
    """Words in the letters of their bytes."""
    for part in re.findall(r"[0-9]|[^0-9]+", f" {text}"):
        for word in [part] if part.isdigit() else WORD.findall(part):
            yield "".join(LETTERS[byte] for byte in word.encode())


def learn(counts, merges):
    """Pairs in the order in which they become one, from how often there are words."""
    words = [(list(word), count) for word, count in counts.items()]
    pairs, places = Counter(), defaultdict(set)
    for at, (parts, count) in enumerate(words):
        for pair in zip(parts, parts[1:]):
            pairs[pair] += count
            places[pair].add(at)
    waiting = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(waiting)
    learned = []
    while len(learned) < merges and waiting:
        count, best = heapq.heappop(waiting)
        if pairs[best] != -count:
            continue
        if -count < 2:
            break
        learned.append(best)
        changed = set()
        for at in places.pop(best):
            parts, often = words[at]
            for pair in zip(parts, parts[1:]):
                pairs[pair] -= often
                changed.add(pair)
            merge(parts, best)
            for pair in zip(parts, parts[1:]):
                pairs[pair] += often
                places[pair].add(at)
                changed.add(pair)
        for pair in changed:
            if pairs[pair] > 0:
                heapq.heappush(waiting, (-pairs[pair], pair))
    return learned


def merge(parts, pair):
    at = 0
    while at < len(parts) - 1:
        if parts[at] == pair[0] and parts[at + 1] == pair[1]:
            parts[at : at + 2] = [pair[0] + pair[1]]
        at += 1


class Vocabulary:
    """Texts as numbers and back, as the package's tokenizer does it."""

    def __init__(self, tokenizer):
        self.ids = tokenizer["model"]["vocab"]
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(tokenizer["model"]["merges"])}
        self.tokens = {number: token for token, number in self.ids.items()}
        self.special = {token["id"] for token in tokenizer["added_tokens"]}
        self.known = {}

    @staticmethod
    def load(folder):
        return Vocabulary(json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8")))

    def encode(self, text):
        return [number for piece in pieces(text) for number in self._piece(piece)]

    def decode(self, numbers):
        letters = "".join(self.tokens[number] for number in numbers if number not in self.special)
        return bytes(BYTES[letter] for letter in letters).decode("utf-8", "replace").strip()

    def _piece(self, piece):
        if piece not in self.known:
            parts = list(piece)
            while len(parts) > 1:
                best = min(zip(parts, parts[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
                if best not in self.ranks:
                    break
                merge(parts, best)
            self.known[piece] = [self.ids[part] for part in parts]
        return self.known[piece]


def describe(merges, languages):
    """The content of `tokenizer.json`."""
    special = [END, PAD, START, *(f"__{language}__" for language in languages)]
    tokens = [*special, *LETTERS.values(), *("".join(pair) for pair in merges)]
    known = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "added_tokens": [{"id": known[token], "content": token, **flags} for token in special],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Prepend", "prepend": " "}]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True},
            ],
        },
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True},
        "model": {"type": "BPE", "unk_token": None, "vocab": known, "merges": [list(pair) for pair in merges]},
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pairs")
    arguments.add_argument("--size", type=int, default=7000)
    arguments.add_argument("--out", default="vocabulary")
    given = arguments.parse_args()
    divided = json.loads(Path(given.pairs).read_text(encoding="utf-8"))
    counts = Counter()
    for language, parts in divided.items():
        for pair in parts["train"]:
            for text in pair:
                counts.update(pieces(text))
    languages = ["en", *divided]
    merges = learn(counts, given.size - 256 - 3 - len(languages))
    Path(given.out).mkdir(exist_ok=True)
    description = describe(merges, languages)
    (Path(given.out) / "tokenizer.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    vocabulary = Vocabulary(description)
    for text in ["Défense de fumer 24 h !", "¿Dónde está?", "Straße 7", "日本 🚭"]:
        numbers = vocabulary.encode(text)
        assert vocabulary.decode(numbers) == text, text
        print(len(numbers), [vocabulary.tokens[number] for number in numbers])
