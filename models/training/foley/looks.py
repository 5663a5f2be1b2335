"""What is hit, how, and where exactly, by pictures around the impact.

Impacts are rare, so this is a network of its own that looks only when there is one: at five whole pictures. It is told roughly where, and looks for the place itself (attention: Bahdanau et al., 2015, here over the cells of a
convolutional network). It is trained on pictures that are drawn for nothing else, many more than whole clips would have.

    python3 impacts.py impacts --photos PHOTOS --shards 40
    python3 looks.py --out looks.pt --impacts impacts --photos PHOTOS --minutes 95
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from impacts import IMPACTS, MOMENTS, known_impacts, moments
from rendered import JUDGED_SEEDS, STEPS, as_tensor
from scenes import find_photos, render
from shards import Shards
from torch import nn
from vocabulary import ACTIONS, MATERIALS, SIZE

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training  # noqa: E402
from shipped_weights import load_shipped  # noqa: E402

CELLS = 14
"""Of a side of the map that attention chooses on."""
HEADS = 4
"""Of attention; the first PLACING of them are taught the place."""
PLACING = 2
REACH = (0.08, 0.12, 0.2, 0.4)
"""How far from the place that it is given each looks at first: standard deviations, in sides of the picture."""
NEAR, AROUND = 0.02, 0.06
"""Squares of distances, in sides of the picture: within the first is what is told to be near, within the second the most of each channel counts."""
MISSED = ((0.6, 0.05), (0.28, 0.15), (0.12, 0.3))
"""By how much the places given in training are wrong, as the other network's are: shares of impacts, and standard deviations in sides of the picture."""
FOUND = 0.107
"""Sides of the picture from the true place that still count as having found it: a standard deviation."""
GREY_SHARE = 0.12
BODY_RATE = 0.5
"""Of the rate of the rest, where a training begins with what ships."""
REMEMBERED, SAME_PLACE, WORTH, LEAST = 150, 0.25, 0.3, 1e-4
"""Steps, sides of the picture, what an earlier look counts beside the present one, and the least probability."""


def block(inputs, outputs, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first, self.second = block(channels, channels), block(channels, channels)

    def forward(self, x):
        return x + self.second(self.first(x))


class LookNet(nn.Module):
    """Pictures uint8 or float [n, 3 · MOMENTS, SIZE, SIZE], RGB of each moment, and the place that is given, x and y, 0-1, [n, 2] → logits of MATERIALS and of ACTIONS, and where each head looks: [n, HEADS, CELLS²], row by row, their sums 1.

    Layers are defined in the order in which they run, as `shipped_weights.py` wants them.
    """

    def __init__(self, width=32):
        super().__init__()
        w = width
        self.width = width
        self.body = nn.Sequential(
            block(3 * len(MOMENTS), w), block(w, 2 * w, 2), Residual(2 * w), block(2 * w, 4 * w, 2), Residual(4 * w), block(4 * w, 6 * w, 2), Residual(6 * w), Residual(6 * w)
        )
        self.where, self.score = nn.Conv2d(6 * w + 4, 64, 1), nn.Conv2d(64, HEADS, 1)
        self.far = nn.Conv2d(1, HEADS, 1)
        self.material = nn.Sequential(nn.Dropout(0.25), nn.Linear((HEADS + 1) * 6 * w, len(MATERIALS)))
        self.action = nn.Linear(HEADS * 6 * w, len(ACTIONS))
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)
        with torch.no_grad():
            self.far.weight.copy_(-0.5 / torch.tensor(REACH).view(HEADS, 1, 1, 1) ** 2)
        self.register_buffer("centres", centres(), persistent=False)

    def forward(self, pictures, given):
        x = self.body((pictures if pictures.is_floating_point() else pictures.float()) / 127.5 - 1)
        away = self.centres.view(2, CELLS, CELLS) - given[:, :, None, None]
        far = (away * away).sum(1, keepdim=True)
        told = torch.cat([x, torch.cat([away, far, torch.exp(-far / NEAR)], 1).to(x.dtype)], 1)
        scores = self.score(F.relu(self.where(told))).float() + self.far(far).float()
        looks = torch.softmax(scores.flatten(2), 2)
        seen = (looks.to(x.dtype) @ x.flatten(2).transpose(1, 2)).flatten(1)
        most = (x * torch.exp(-far / AROUND).to(x.dtype)).amax((2, 3))
        return self.material(torch.cat([seen, most], 1)), self.action(seen), looks


def centres():
    """Of cells, x and y, 0-1, [2, CELLS²]."""
    middles = (torch.arange(CELLS) + 0.5) / CELLS
    return torch.stack([middles.repeat(CELLS), middles.repeat_interleave(CELLS)])


def placed(looks):
    """The place that is seen, x and y, 0-1, [n, 2]."""
    return looks[:, :PLACING].mean(1) @ centres().T


class Memory:
    """What was hit near a place before in a shot counts with what is seen: `operators/foley/see/material-memory.ts`, whose numbers these are."""

    def __init__(self):
        self.seen = []

    def recall(self, step, position, material):
        self.seen = [*((at, place, logs) for at, place, logs in self.seen if at > step - REMEMBERED), (step, position, np.log(np.maximum(material, LEAST)))]
        near = [logs for _, place, logs in self.seen if np.abs(place - position).max() < SAME_PLACE]
        said = np.exp((near[-1] + WORTH * np.sum(near[:-1], 0)) / (1 + WORTH * (len(near) - 1)))
        return said / said.sum()


def as_input(pictures):
    """BGR [moments, SIZE, SIZE, 3] → RGB [3 · moments, SIZE, SIZE]."""
    return as_tensor(pictures).flatten(0, 1)


class Looks(torch.utils.data.IterableDataset):
    """Endless single impacts: pictures, given places, and the truth. Each time they are lit and mirrored otherwise."""

    def __init__(self, folder, seed):
        self.folder, self.seed = folder, seed

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        r = np.random.default_rng((self.seed, worker.id if worker else 0))
        shards = Shards(self.folder)
        while True:
            shards.refresh()
            for _ in range(IMPACTS):
                pictures, arrays = shards[int(r.integers(len(shards)))]
                k = int(r.integers(IMPACTS))
                yield varied(pictures[k], {name: values[k] for name, values in arrays.items()}, r)


def varied(pictures, truth, r):
    x, given, position = as_input(pictures).float(), missed(truth["position"], r), truth["position"]
    if r.random() < 0.5:
        x, given, position = x.flip(2), mirrored(given), mirrored(position)
    gain, lift = (float(np.exp(r.normal(0, 0.2))) if r.random() < 0.5 else 1.0), (float(r.normal(0, 15)) if r.random() < 0.5 else 0.0)
    x = (x - 118) * gain + 118 + lift
    if r.random() < GREY_SHARE:
        grey = x.view(-1, 3, SIZE, SIZE).mean(1, keepdim=True)
        x = grey.expand(-1, 3, SIZE, SIZE).reshape(x.shape)
    return x.clamp(0, 255).bfloat16(), given.astype(np.float32), {**truth, "position": position.astype(np.float32)}


def mirrored(place):
    return np.stack([1 - place[0], place[1]])


def missed(position, r):
    """A place that is given for one that is true."""
    shares, deviations = zip(*MISSED)
    return np.clip(position + r.normal(0, r.choice(deviations, p=shares), 2), 0, 1)


def losses(said, truth):
    """Parts of the loss by name."""
    material, action, looks = said
    away = centres() - truth["position"][:, :, None]
    near = torch.exp(-(away * away).sum(1) / (2 * FOUND**2))
    found = (looks[:, :PLACING].float() * near[:, None]).sum(2)
    return {
        "material": F.cross_entropy(material.float(), truth["material"], label_smoothing=0.05),
        "action": 0.1 * F.cross_entropy(action.float(), truth["action"]),
        "place": -0.3 * torch.log(found + 1e-4).mean(),
    }


def judged(photos, clips):
    """Impacts that are kept out of training, pictures and a given place each, and their materials."""
    r, inputs, places, materials = np.random.default_rng(1), [], [], []
    for seed in range(JUDGED_SEEDS, JUDGED_SEEDS + clips):
        pictures, truth = render(seed, STEPS, photos, wanted=lambda truth: {one for step in known_impacts(truth) for one in moments(step, STEPS)})
        for step in known_impacts(truth):
            inputs.append(as_input(pictures[moments(step, STEPS)]))
            places.append(missed(truth.position[step], r).astype(np.float32))
            materials.append(truth.material[step])
    return torch.stack(inputs), torch.from_numpy(np.stack(places)), np.array(materials)


def right(network, pictures, places, materials):
    """Share of materials named right, and of each."""
    with torch.no_grad():
        said = torch.cat([network(*some)[0].argmax(1) for some in zip(pictures.split(50), places.split(50))]).numpy()
    return np.mean(said == materials), {name: np.mean(said[materials == k] == k) for k, name in enumerate(MATERIALS) if np.any(materials == k)}


def load_looks(path):
    state = torch.load(path)
    network = LookNet(state["width"])
    network.load_state_dict(state["average"])
    return network.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--impacts", type=Path, required=True, help="folder that impacts.py fills; it may go on meanwhile")
    parser.add_argument("--photos", type=Path, help="a folder of JPEG pictures for backgrounds of what judges")
    parser.add_argument("--begin", type=Path, help="look.onnx, whose weights a new training begins with")
    parser.add_argument("--minutes", type=float, default=95)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    kept_out = judged(find_photos(options.photos), 100)
    network = LookNet(options.width)
    if options.begin:
        network = load_shipped(network, options.begin, [(kept_out[0].float(), kept_out[1])])
    network.train().to(memory_format=torch.channels_last)
    body, rest = (list(part) for part in (network.body.parameters(), (value for name, value in network.named_parameters() if not name.startswith("body."))))
    optimizer = torch.optim.AdamW([{"params": body, "scale": BODY_RATE if options.begin else 1.0}, {"params": rest}], lr=options.rate, weight_decay=2e-2)
    training = Training(options.out, network, optimizer, options.minutes, 100)
    for pictures, places, truth in torch.utils.data.DataLoader(Looks(options.impacts, training.step), options.batch, num_workers=options.workers):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said = network(pictures.contiguous(memory_format=torch.channels_last), places)
        training.descend(losses(said, truth), options.rate)
        if training.due:
            training.save(width=options.width)
            share, each = right(load_looks(options.out), *kept_out)
            print(f"{training.step}  of {len(kept_out[2])} kept out of training {share:.3f} right  " + "  ".join(f"{name} {value:.2f}" for name, value in each.items()), flush=True)
        if training.done >= 1:
            break


if __name__ == "__main__":
    main()
