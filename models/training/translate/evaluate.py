"""BLEU and chrF of held-out pairs, beside copying the source.

    python3 evaluate.py translate.pt pairs.json --vocabulary vocabulary --part tuned      # greedily
    python3 evaluate.py ../../embedded/translate-west-en pairs.json                       # through the package, as it ships
"""

import argparse
import json
from functools import partial
from pathlib import Path

import torch

from network import MOST_TOKENS, Translator
from package import directions_of, translated
from scores import bleu, chrf
from train import padded
from vocabulary import END, PAD, START, Vocabulary

BATCH = 64


def load_network(path, tokens):
    """→ averaged weights, ready to be used, and the directions that it trained."""
    state = torch.load(path, map_location="cpu")
    network = Translator(tokens)
    network.load_state_dict(state["average"], strict=False)
    return network.eval(), [tuple(direction) for direction in state["directions"]]


@torch.no_grad()
def translate(network, vocabulary, texts, direction, several, most=MOST_TOKENS):
    """Greedy, in the order of the texts."""
    end, pad = vocabulary.ids[END], vocabulary.ids[PAD]
    banned = [pad, vocabulary.ids[START]]
    marks = [[vocabulary.ids[f"__{language}__"]] if several else [] for language in direction]
    sources = [[*marks[0], *vocabulary.encode(text)[: most - 2], end] for text in texts]
    written = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda at: len(sources[at]))
    for first in range(0, len(order), BATCH):
        group = order[first : first + BATCH]
        source = padded([sources[at] for at in group], pad)
        states, mask = network.encode(source, source != pad), source != pad
        step = torch.tensor([[vocabulary.ids[START], *marks[1]]] * len(group))
        past, made, running = network.nothing(len(group)), [], torch.ones(len(group), dtype=torch.bool)
        while running.any() and len(made) < min(most - 3, 2 * source.shape[1] + 32):
            logits, past = network.decode(step, states, mask, past)
            logits[..., banned] = float("-inf")
            step = logits[:, -1].argmax(-1, keepdim=True)
            running &= step[:, 0] != end
            made.append(step)
        for at, row in zip(group, torch.cat(made, 1).tolist()):
            written[at] = vocabulary.decode(row[: row.index(end)] if end in row else row)
    return written


def translator_of(given):
    """→ a function of texts and a direction, and the directions."""
    if given.network.is_dir():
        return partial(translated, given.network), directions_of(given.network)
    vocabulary = Vocabulary.load(given.vocabulary)
    network, directions = load_network(given.network, len(vocabulary.ids))
    return partial(translate, network, vocabulary, several=len(directions) > 1), directions


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("network", type=Path, help="checkpoint, or folder that export.py has written")
    arguments.add_argument("pairs")
    arguments.add_argument("--vocabulary", default="vocabulary", help="of a checkpoint")
    arguments.add_argument("--part", default="judged", choices=["judged", "tuned"])
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("--show", type=int, default=5)
    given = arguments.parse_args()
    made_by, directions = translator_of(given)
    divided = json.loads(Path(given.pairs).read_text(encoding="utf-8"))
    for source, target in directions:
        pairs = divided[target if source == "en" else source][given.part][: given.count]
        pairs = [pair if source == "en" else pair[::-1] for pair in pairs]
        # A sentence with several translations is asked once, and any of them is right.
        references = {}
        for text, translation in pairs:
            references.setdefault(text, []).append(translation)
        texts, wanted = list(references), list(references.values())
        made = made_by(texts=texts, direction=(source, target))
        print(f"{source}-{target}  BLEU {bleu(made, wanted):.1f}  chrF {chrf(made, wanted):.1f}  "
              f"(copy {bleu(texts, wanted):.1f}, {chrf(texts, wanted):.1f})  {len(texts)} sentences", flush=True)
        for at in range(min(given.show, len(texts))):
            print(f"    {texts[at]} | {made[at]} | {wanted[at][0]}")
