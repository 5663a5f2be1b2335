"""What is hit: the material, by pictures around the impact.

Impacts are rare, so this is a network of its own that looks only when there is one: at three pictures, cut out around the place. It is trained on pictures that are
drawn for nothing else, many more than whole clips would have.

    python3 looks.py --out looks.pt --photos PHOTOS --minutes 60
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from rendered import JUDGED_SEEDS, STEPS, as_tensor
from scenes import find_photos, render
from torch import nn
from vocabulary import MATERIALS, SIZE

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training  # noqa: E402
from shipped_weights import load_shipped  # noqa: E402

MOMENTS = (-4, 0, 3)
"""Steps from the impact to the pictures that are looked at: what it was like before, when it is hit, and what became of it."""
CROP = 48
"""Pixels of a side of what is cut out."""
MISSED = (4.0, 9.0)
"""Pixels by which the place of training's impacts is wrong, as a network's will be: standard deviations, of which one is chosen."""
MOST_IMPACTS = 4
"""Of one clip."""
POOL = 60_000
REMEMBERED, SAME_PLACE, WORTH, LEAST, SAMENESS = 150, 0.25, 0.6, 1e-4, 0.8
"""Steps, sides of the picture, what an earlier look counts beside the present one, the least probability, and how much looks at one thing are the same evidence again."""


def block(inputs, outputs, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first, self.second = block(channels, channels), block(channels, channels)

    def forward(self, x):
        return x + self.second(self.first(x))


class LookNet(nn.Module):
    """Crops uint8 or float [n, 9, CROP, CROP], RGB of each of MOMENTS → logits of MATERIALS [n, 12]."""

    def __init__(self, width=32):
        super().__init__()
        w = width
        self.width = width
        self.body = nn.Sequential(
            block(9, w), block(w, 2 * w, 2), Residual(2 * w), block(2 * w, 4 * w, 2), Residual(4 * w), block(4 * w, 6 * w, 2), Residual(6 * w)
        )
        self.read = nn.Sequential(nn.Dropout(0.25), nn.Linear(12 * w, len(MATERIALS)))

    def forward(self, crops):
        x = self.body((crops if crops.is_floating_point() else crops.float()) / 127.5 - 1)
        return self.read(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1))


class Memory:
    """What was hit near a place before in a shot counts with what is seen: `operators/foley/see/material-memory.ts`, whose numbers these are."""

    def __init__(self):
        self.seen = []

    def recall(self, step, position, material):
        self.seen = [*((at, place, logs) for at, place, logs in self.seen if at > step - REMEMBERED), (step, position, np.log(np.maximum(material, LEAST)))]
        near = [logs for _, place, logs in self.seen if np.abs(place - position).max() < SAME_PLACE]
        said = np.exp((near[-1] + WORTH * np.sum(near[:-1], 0)) / (1 + WORTH * (len(near) - 1)) ** SAMENESS)
        return said / said.sum()


def around(position):
    """The place of an impact, and those beside it that are looked at as well: `models/adapters/foley/look-network.ts`."""
    return [np.asarray(position) + np.array(shift) * CROP / SIZE for shift in ((0, 0), (-1 / 6, 0), (1 / 6, 0), (0, -1 / 6), (0, 1 / 6))]


def moments(truth):
    """Steps to look at, a row each impact whose material is known: at most MOST_IMPACTS of a clip, the same ones every time."""
    steps = np.flatnonzero((truth.onset > 0) & (truth.material >= 0))
    steps = steps[np.linspace(0, len(steps) - 1, min(len(steps), MOST_IMPACTS)).astype(int)] if len(steps) else steps
    return steps, np.clip(steps[:, None] + np.array(MOMENTS), 0, len(truth.onset) - 1)


def corner(position):
    """Of the crop around a place, x and y, so that it is within the picture."""
    return np.clip(np.rint(np.asarray(position) * SIZE - CROP / 2), 0, SIZE - CROP).astype(int)


def crop(pictures, position):
    """BGR [3, SIZE, SIZE, 3] → RGB [9, CROP, CROP]."""
    x, y = corner(position)
    return as_tensor(pictures[:, y : y + CROP, x : x + CROP]).reshape(9, CROP, CROP)


class Looks(torch.utils.data.IterableDataset):
    """Endless single impacts: crops and materials. Pictures that were drawn are used `reuse` times, each time cut out and lit otherwise."""

    def __init__(self, photos, reuse, seed):
        self.photos, self.reuse, self.seed = photos, reuse, seed

    def __iter__(self):
        cv2.setNumThreads(1)
        worker = torch.utils.data.get_worker_info()
        r = np.random.default_rng((self.seed, worker.id if worker else 0))
        pool = []
        while True:
            for impact in impacts(int(r.integers(JUDGED_SEEDS)), self.photos):
                if len(pool) < POOL:
                    pool.append(impact)
                else:
                    pool[r.integers(POOL)] = impact
                for _ in range(self.reuse):
                    yield varied(pool[r.integers(len(pool))], r)


def impacts(seed, photos):
    pictures, truth = render(seed, STEPS, photos, wanted=lambda truth: moments(truth)[1].ravel())
    return [(pictures[there], truth.position[step], int(truth.material[step])) for step, there in zip(*moments(truth))]


def varied(impact, r):
    pictures, position, material = impact
    x = crop(pictures, position + r.normal(0, r.choice(MISSED) / SIZE, 2)).float()
    if r.random() < 0.5:
        x = x.flip(2)
    if r.random() < 0.5:
        x = (x - 118) * float(np.exp(r.normal(0, 0.2))) + 118 + float(r.normal(0, 15))
    if r.random() < 0.15:
        grey = x.view(3, 3, CROP, CROP).mean(1, keepdim=True)
        x = grey.expand(3, 3, CROP, CROP).reshape(9, CROP, CROP)
    return x.clamp(0, 255).bfloat16(), material


def judged(photos, clips):
    items = [(crop(pictures, position), material) for k in range(clips) for pictures, position, material in impacts(JUDGED_SEEDS + k, photos)]
    return torch.stack([item[0] for item in items]), np.array([item[1] for item in items])


def right(network, crops, materials):
    """Share of materials named right, and of each."""
    network.eval()
    with torch.no_grad():
        said = torch.cat([network(part).argmax(1) for part in crops.split(200)]).numpy()
    network.train()
    return np.mean(said == materials), {name: np.mean(said[materials == k] == k) for k, name in enumerate(MATERIALS) if np.any(materials == k)}


def load_looks(path):
    state = torch.load(path)
    network = LookNet(state["width"])
    network.load_state_dict(state["average"])
    return network.eval()


def load_shipped_looks(path):
    """Of look.onnx."""
    return load_shipped(LookNet(), path, [torch.rand(64, 3 * len(MOMENTS), CROP, CROP) * 255]).eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photos", type=Path, help="a folder of JPEG pictures for backgrounds")
    parser.add_argument("--begin", type=Path, help="look.onnx, whose weights a new training begins with")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--reuse", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    photos = find_photos(options.photos)
    crops, materials = judged(photos, 150)
    network = LookNet(options.width)
    if options.begin:
        network = load_shipped(network, options.begin, [crops.float()])
    network.train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=2e-2)
    training = Training(options.out, network, optimizer, options.minutes, 100)
    for batch, wanted in torch.utils.data.DataLoader(Looks(photos, options.reuse, training.step), options.batch, num_workers=options.workers):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said = network(batch.contiguous(memory_format=torch.channels_last))
        training.descend({"entropy": F.cross_entropy(said.float(), wanted, label_smoothing=0.05)}, options.rate)
        if training.due:
            training.save(width=options.width)
            share, each = right(load_looks(options.out), crops, materials)
            print(f"{training.step}  of {len(materials)} kept out of training {share:.3f} right  " + "  ".join(f"{name} {value:.2f}" for name, value in each.items()), flush=True)
        if training.done >= 1:
            break


if __name__ == "__main__":
    main()
