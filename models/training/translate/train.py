"""Trains a network for one direction (`fr-en`) or several (`fr-en,es-en,de-en`), which then begin with tokens of their languages.

    python3 train.py pairs.json vocabulary --directions fr-en,es-en,de-en --minutes 240 --out west-en.pt

Goes on from OUT if it is there. bfloat16 where the machine is good at it (`--bfloat16`).
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from torch.nn import functional

from network import Translator
from samples import Samples
from vocabulary import END, PAD, START, Vocabulary

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training  # noqa: E402
from muon import muon_for  # noqa: E402

PEAK, WARMUP, SMOOTHING = 2e-3, 200, 0.1
CHUNK = 4096
"""Pairs that are sorted by length at a time, so that batches hold little padding."""


def sides(sample, vocabulary, several):
    source, target, text, translation = sample
    end, start = vocabulary.ids[END], vocabulary.ids[START]
    marks = [[vocabulary.ids[f"__{language}__"]] if several else [] for language in (source, target)]
    return [*marks[0], *vocabulary.encode(text), end], [start, *marks[1], *vocabulary.encode(translation), end]


def padded(rows, pad):
    longest = max(map(len, rows))
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])


def batches(samples, vocabulary, several, tokens):
    """Endless: sources and targets, padded, of about so many tokens of the target."""
    pad = vocabulary.ids[PAD]
    while True:
        chunk = sorted((sides(sample, vocabulary, several) for sample in samples.draw(CHUNK)), key=lambda pair: len(pair[0]) + len(pair[1]))
        grouped, group, longest = [], [], 0
        for pair in chunk:
            longest = max(longest, *map(len, pair))
            if group and longest * (len(group) + 1) > tokens:
                grouped.append(group)
                group, longest = [], max(map(len, pair))
            group.append(pair)
        grouped.append(group)
        samples.chance.shuffle(grouped)
        for group in grouped:
            yield [padded([pair[side] for pair in group], pad) for side in (0, 1)]


def loss_of(network, source, target, pad, first):
    """`first`: tokens of the target that are given, and not asked for."""
    states = network.encode(source, source != pad)
    logits, _ = network.decode(target[:, :-1], states, source != pad, network.nothing(len(source)))
    wanted = target[:, 1:].clone()
    wanted[:, : first - 1] = pad
    return functional.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), ignore_index=pad, label_smoothing=SMOOTHING)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pairs")
    arguments.add_argument("vocabulary")
    arguments.add_argument("--directions", default="fr-en")
    arguments.add_argument("--minutes", type=float, default=120)
    arguments.add_argument("--tokens", type=int, default=3072, help="of a batch")
    arguments.add_argument("--begin-with", type=Path, help="weights of another training, of the same vocabulary, for the first step")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--bfloat16", action="store_true")
    arguments.add_argument("--out", type=Path, default=Path("translate.pt"))
    given = arguments.parse_args()
    vocabulary = Vocabulary.load(given.vocabulary)
    directions = [tuple(direction.split("-")) for direction in given.directions.split(",")]
    several, pad = len(directions) > 1, vocabulary.ids[PAD]
    network = Translator(len(vocabulary.ids)).to(given.device)
    optimizer = muon_for(network, PEAK)
    if given.begin_with and not given.out.exists():
        network.load_state_dict(torch.load(given.begin_with)["average"])
    training = Training(given.out, network, optimizer, given.minutes, 100, 0.999)
    divided = json.loads(Path(given.pairs).read_text(encoding="utf-8"))
    print(f"{sum(value.numel() for value in network.parameters()) / 1e6:.1f} M weights, from step {training.step}", flush=True)
    # A seed of its own for every start: a resumed training sees other batches.
    for source, target in batches(Samples(divided, directions, training.step), vocabulary, several, given.tokens):
        with torch.autocast(given.device, torch.bfloat16, enabled=given.bfloat16):
            loss = loss_of(network, source.to(given.device), target.to(given.device), pad, 2 if several else 1)
        training.descend({"entropy": loss}, PEAK, WARMUP, 1.0)
        if training.due:
            training.save(directions=directions)
        if training.done >= 1:
            break
