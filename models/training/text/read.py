"""Trains the network that reads lines, and judges it. Writes a checkpoint every few minutes, and goes on from it when run again.

    python3 read.py train read.pt --lines LINES --minutes 120          # --begin ../../embedded/text-read-latin/model.onnx: from what ships
    python3 read.py mix read.pt --begin ../../embedded/text-read-latin/model.onnx --share 0.8 --out mixed.pt
    python3 read.py judge read.pt --lines LINES/judged --words ../../../../shared/data/text/mmocr/rec_toy_dataset
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from lines import HEIGHT
from read_network import ReadNet
from real import word_crops
from rendered import RenderedLines
from vocabulary import BLANK, classes_of, greedy

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training  # noqa: E402
from shipped_weights import has_norms, load_shipped, without_norms  # noqa: E402

WARM_UP_STEPS = 300
SORTED = 24
"""Batches whose lines are sorted by width together."""
BATCH_PIXELS = 32 * 288
"""Width of a batch: few long lines, or many short ones."""
LEAST_SHARE = 224
"""Pixels of a batch that a line takes at least: else all short lines would be seen in a few steps, and be learnt last."""
LEAST_WIDTH = 32
ROUND = 32
"""Pixels that the width of a batch is a multiple of: each shape is compiled when it comes for the first time, which takes a third of a step."""
HOPELESS = 1.0
"""Loss of a character, nats, above which a line counts no more than it would with this."""
SMALL, LEAST_SEEN = 16.0, 0.3
"""Pixels up to which every line is seen each time round; of higher ones, which are soon read well, the fewer the higher they are, but at least so many."""
WIDEST_EXACT = 352
"""Pixels: see `exact_where_wide`."""
LEAST_LETTER = 6
"""Pixels along the line that a letter keeps when lines are made narrower."""


def exact_where_wide(layer):
    """On processors with AMX, PyTorch 1.13 (oneDNN 2.6) has wrong gradients of weights in bfloat16 for this layer where what comes in is wide: those are in float32."""
    forward = layer.forward

    def guarded(x):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=x.shape[3] <= WIDEST_EXACT):
            return forward(x if x.shape[3] <= WIDEST_EXACT else x.float())

    layer.forward = guarded


class Batches(torch.utils.data.IterableDataset):
    """Endless batches of lines of similar widths: float32 [n, 1, HEIGHT, w], their classes one after the other, and how many each has."""

    def __init__(self, rendered, seed, pixels):
        self.rendered, self.seed, self.pixels = rendered, seed, pixels

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        cv2.setNumThreads(1)
        chance = np.random.default_rng((self.seed, info.id if info else 0))
        widths = np.array([line.shape[1] for line in self.rendered.lines])
        shares = np.clip(SMALL / np.maximum(self.rendered.heights, 1), LEAST_SEEN, 1)
        while True:
            order = chance.permutation(len(widths))
            order = order[chance.random(len(order)) < shares[order]]
            for start in range(0, len(order), SORTED * 32):
                part = order[start : start + SORTED * 32]
                batches = _cut_up(part[np.argsort(-widths[part], kind="stable")], widths, self.pixels)
                for at in chance.permutation(len(batches)):
                    yield self._batch(chance, batches[at])

    def _batch(self, chance, indices):
        lines = [_spoilt(chance, self._line(chance, at), len(self.rendered.texts[at])) for at in indices]
        said = [classes_of(self.rendered.texts[at]) for at in indices]
        return torch.from_numpy(as_input(lines, ROUND)), torch.tensor([label for labels in said for label in labels]), torch.tensor([len(labels) for labels in said])


    def _line(self, chance, at):
        """Lines in other scripts and pictures without text come either way round: the reader is asked for the other one as well, and is to find nothing there either."""
        line = self.rendered.lines[at]
        return line[::-1, ::-1] if self.rendered.kinds[at] in ("foreign", "nothing") and chance.random() < 0.5 else line


def _cut_up(indices, widths, pixels):
    """Batches of indices, which are sorted by width, the widest first."""
    batches, at = [], 0
    while at < len(indices):
        count = max(1, pixels // max(LEAST_SHARE, _rounded(widths[indices[at]], ROUND)))
        batches.append(indices[at : at + count])
        at += count
    return batches


def _rounded(width, step):
    return -(-int(width) // step) * step


def _spoilt(chance, line, characters):
    """The line seen again: lighter or darker, inverted, wider or narrower, blurred or sharpened."""
    seen = line.astype(np.float32)
    draw = chance.random()
    if draw < 0.45:
        factor = chance.uniform(0.85, 1.15) if draw < 0.3 else chance.uniform(0.65, 1.35)
        width = max(8, LEAST_LETTER * characters, int(line.shape[1] * factor))
        seen = cv2.resize(seen, (width, HEIGHT), interpolation=cv2.INTER_AREA if width < line.shape[1] else cv2.INTER_LINEAR)
    draw = chance.random()
    if draw < 0.16:
        blurred = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.6, 1.6))
        seen = blurred if draw < 0.08 else seen + chance.uniform(0.3, 1.5) * (seen - blurred)
    if chance.random() < 0.3:
        seen = 255 - seen
    if chance.random() < 0.5:
        seen = (seen - 127) * chance.uniform(0.6, 1.2) + 127 + chance.uniform(-30, 30)
    if chance.random() < 0.3:
        seen = seen + chance.normal(0, chance.uniform(1, 8), seen.shape)
    return np.clip(seen, 0, 255)


def as_input(lines, step=1):
    """Lines [HEIGHT, w], 0–255 → float32 [n, 1, HEIGHT, widest], -1 to 1, as wide as a multiple of `step`; grey right of the shorter ones."""
    widest = _rounded(max(LEAST_WIDTH, max(line.shape[1] for line in lines)), step)
    batch = np.zeros((len(lines), 1, HEIGHT, widest), np.float32)
    for at, line in enumerate(lines):
        batch[at, 0, :, : line.shape[1]] = line / np.float32(127.5) - 1
    return batch


def loss_of(logits, classes, lengths):
    """CTC's, for each character. Lines that say next to nothing to the network count for less: few can be read at all, and their gradients are the longest."""
    steps = torch.full((len(logits),), logits.shape[1], dtype=torch.long)
    likely = F.log_softmax(logits.float(), 2).transpose(0, 1)
    losses = F.ctc_loss(likely, classes, steps, lengths, blank=BLANK, reduction="none", zero_infinity=True)
    # What has nothing to be read always counts.
    each = torch.where(lengths > 0, losses.detach() / lengths.clamp_min(1), torch.zeros(len(lengths)))
    return (losses * (HOPELESS / each.clamp_min(HOPELESS))).sum() / lengths.sum().clamp_min(1)


def read_lines(network, lines):
    """Texts, and their scores as `models/adapters/text/ctc.ts` has them."""
    with torch.no_grad():
        scores, labels = torch.softmax(network(torch.from_numpy(as_input(lines))).float(), 2).max(2)
    said = []
    for score, label in zip(scores.numpy(), labels.numpy()):
        starts = np.flatnonzero(np.diff(label, prepend=-1))
        runs = [(label[a], score[a:b].max()) for a, b in zip(starts, [*starts[1:], len(label)]) if label[a] != BLANK]
        said.append((greedy(label), float(np.mean([best for _, best in runs])) if runs else 0.0))
    return said


def mistakes(said, true):
    """Levenshtein's distance."""
    row = list(range(len(true) + 1))
    for i, a in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(true, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


class Tally:
    """Characters wrong and asked for, lines all right, and how sure the network was of what it read."""

    def __init__(self):
        self.wrong = self.characters = self.right = self.lines = 0
        self.scores = []

    def add(self, said, score, true):
        wrong = mistakes(said, true)
        self.wrong, self.characters = self.wrong + wrong, self.characters + len(true)
        self.right, self.lines = self.right + (wrong == 0), self.lines + 1
        if said:
            self.scores.append((score, max(0.0, 1 - wrong / max(len(said), len(true)))))

    def calibration(self, bins=10):
        """Mean difference of score and share of right characters, over bins as full as each other; of lines in which something was read."""
        parts = np.array_split(np.array(sorted(self.scores), float), bins)
        return sum(abs(part[:, 0].mean() - part[:, 1].mean()) * len(part) for part in parts if len(part)) / max(1, len(self.scores))

    def __str__(self):
        return f"CER {100 * self.wrong / max(1, self.characters):.2f} %  lines right {100 * self.right / max(1, self.lines):.1f} % of {self.lines}  calibration {self.calibration():.3f}"


def judge(network, rendered, most):
    """A tally of all lines, of those with text that were at least 24 pixels high in their picture, and by kind; lines of no text count the characters read in them."""
    tallies = {"all": Tally()}
    order = sorted(range(min(most, len(rendered))), key=lambda at: rendered.lines[at].shape[1])
    for start in range(0, len(order), 8):
        part = order[start : start + 8]
        for at, (text, score) in zip(part, read_lines(network, [rendered.lines[at] for at in part])):
            high = ["24 px"] if rendered.heights[at] >= 24 and rendered.texts[at] else []
            for name in ("all", *high, rendered.kinds[at]):
                tallies.setdefault(name, Tally()).add(text, score, rendered.texts[at])
    return tallies


def load_network(path):
    state = torch.load(path)["average"]
    network = ReadNet() if has_norms(state) else without_norms(ReadNet())
    network.load_state_dict(state)
    return network.eval().to(memory_format=torch.channels_last)


def train(options):
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    rendered = RenderedLines(options.lines)
    network = load_shipped(without_norms(ReadNet()), options.begin) if options.begin else ReadNet()
    exact_where_wide(network.look[1][0])
    network.train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-3)
    training = Training(options.checkpoint, network, optimizer, options.minutes)
    # A seed of its own for every start: a resumed training sees other batches.
    loader = torch.utils.data.DataLoader(Batches(rendered, training.step, options.pixels), None, num_workers=options.workers)
    print(f"{sum(parameter.numel() for parameter in network.parameters())} weights, {len(rendered)} lines, step {training.step}", flush=True)
    for lines, classes, lengths in loader:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(lines.to(memory_format=torch.channels_last))
        training.descend({"ctc": loss_of(logits, classes, lengths)}, options.rate, WARM_UP_STEPS, 5.0)
        if training.due:
            training.save()
        if training.done >= 1:
            break


def mix(options):
    """The mean of the weights of a training and of those that it began with: as good as both, and a little better (Wortsman et al. 2022, "Model soups")."""
    trained = load_network(options.checkpoint).state_dict()
    begun = load_shipped(without_norms(ReadNet()), options.begin).state_dict()
    if has_norms(trained):
        raise SystemExit(f"{options.checkpoint} was not begun with {options.begin}: it has normalizations")
    mixed = {name: options.share * value + (1 - options.share) * begun[name] for name, value in trained.items()}
    torch.save({"average": mixed}, options.out)


def judge_all(options):
    torch.set_num_threads(options.threads)
    network = load_network(options.checkpoint)
    if options.lines:
        for name, tally in judge(network, RenderedLines(options.lines), options.most).items():
            print(f"{name:11}", tally)
    if options.words:
        tally = Tally()
        for crop, true in word_crops(options.words):
            line = cv2.resize(crop, (max(4, int(np.ceil(crop.shape[1] / crop.shape[0] * HEIGHT))), HEIGHT), interpolation=cv2.INTER_AREA)
            text, score = read_lines(network, [line])[0]
            tally.add(text, score, true)
            print(f"  {true!r} read as {text!r}, {score:.2f}")
        print("real words ", tally)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["train", "mix", "judge"])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--lines", type=Path, help="folder that rendered.py has filled")
    parser.add_argument("--words", type=Path, help="folder with labels.json and imgs")
    parser.add_argument("--begin", type=Path, help="ONNX file of this network, whose weights a new training begins with, without normalizations")
    parser.add_argument("--share", type=float, default=0.8, help="of the checkpoint in a mix, 0 to 1")
    parser.add_argument("--out", type=Path, default=Path("mixed.pt"), help="checkpoint that mix writes")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--pixels", type=int, default=BATCH_PIXELS, help="width of a batch, all lines together")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="with --begin: 2.5e-4")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--most", type=int, default=5000, help="lines that judge, at most")
    options = parser.parse_args()
    {"train": train, "mix": mix, "judge": judge_all}[options.what](options)


if __name__ == "__main__":
    main()
