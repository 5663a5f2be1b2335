"""What the network learns from: rendered clips, and real ones changed in many ways, as endless windows."""

import cv2
import numpy as np
import torch

import film
from clips import TRAINING, VOICES, named
from scenes import render
from sound_features import BankFeatures
from truth import Truth
from vocabulary import RATE, SIZE

CLIP_STEPS = 100
POOL = 800
"""Rendered clips that a worker keeps (3.8 MB each)."""
CALM_SHARE = 0.6
"""Of rendered clips that train. Those that judge are none."""
JUDGED_SEEDS = 1_000_000
"""Renders with seeds from here on judge and are never trained on."""


class Windows(torch.utils.data.IterableDataset):
    """Endless windows of `steps`: pictures uint8 [steps, 3, SIZE, SIZE] RGB, and the truth's arrays.

    Each rendered clip is used `reuse` times on average; `real` of the windows come from real clips (0–1).
    """

    def __init__(self, steps, folder=None, real=0.2, reuse=8, photos=None, seed=0):
        self.steps, self.real, self.reuse, self.photos, self.seed = steps, real if folder else 0, reuse, photos, seed
        # Nobody sees in a picture when a bird sings.
        self.clips = list(named(folder, [name for name in TRAINING if name not in VOICES]).values()) if folder else []
        self.bank = BankFeatures()

    def __iter__(self):
        cv2.setNumThreads(1)
        worker = torch.utils.data.get_worker_info()
        r = np.random.default_rng((self.seed, worker.id if worker else 0))
        pool = []
        while True:
            if r.random() < self.real:
                pictures, truth = changed(*self.clips[r.integers(len(self.clips))], r)
            else:
                if not pool or len(pool) < POOL and r.random() < 0.6 or r.random() < 1 / self.reuse:
                    fresh = self.rendered(int(r.integers(JUDGED_SEEDS)), calm=r.random() < CALM_SHARE)
                    if len(pool) < POOL:
                        pool.append(fresh)
                    else:
                        pool[r.integers(POOL)] = fresh
                    pictures, truth = fresh
                else:
                    pictures, truth = pool[r.integers(len(pool))]
            yield window(pictures, truth, self.steps, r)

    def rendered(self, seed, calm=False):
        pictures, truth = render(seed, CLIP_STEPS, self.photos, calm=calm)
        self.bank.fill(truth)
        return pictures, truth


def window(pictures, truth, steps, r):
    """A part, perhaps mirrored. Clips that are too short begin with their first picture, standing."""
    short = steps - len(pictures)
    if short > 0:
        pictures = np.concatenate([np.repeat(pictures[:1], short, 0), pictures])
        silent = Truth.silent(short).arrays()
        truth = Truth(**{name: np.concatenate([silent[name], value]) for name, value in truth.arrays().items()})
    first = int(r.integers(len(pictures) - steps + 1))
    pictures, truth = pictures[first : first + steps], truth.part(first, first + steps)
    arrays = {name: value.copy() for name, value in truth.arrays().items()}
    if r.random() < 0.5:
        pictures = pictures[:, :, ::-1]
        arrays["position"][:, 0] = 1 - arrays["position"][:, 0]
    return as_tensor(pictures), {name: torch.from_numpy(value) for name, value in arrays.items()}


def as_tensor(pictures):
    """BGR [steps, h, w, 3] to RGB [steps, 3, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2)))


def changed(pictures, truth, r):
    """A real clip faster or slower, cut out, turned, in other light and at another rate. The truth's times follow."""
    speed = float(np.exp(r.uniform(-0.35, 0.35)))
    steps = max(8, int(len(pictures) / speed))
    source = np.minimum((np.arange(steps) * speed).astype(int), len(pictures) - 1)
    if r.random() < 0.4:
        rate = min(RATE, int(r.choice(film.HELD_RATES)))
        source = source[np.ceil(film.held(steps, RATE, rate) * RATE / rate).astype(int).clip(0, steps - 1)]
    side = SIZE / r.uniform(0.6, 1)
    angle, middle = np.deg2rad(r.normal(0, 6)), r.uniform(0.4, 0.6, 2) * SIZE
    c, s = np.cos(angle) * side / SIZE, np.sin(angle) * side / SIZE
    place = np.float32([[c, -s, 0], [s, c, 0]])
    place[:, 2] = SIZE / 2 - place[:, :2] @ middle.astype(np.float32)
    look, out, before = film.Look(r, gentle=True), np.empty((steps, SIZE, SIZE, 3), np.uint8), None
    for step, index in enumerate(source):
        out[step] = out[step - 1] if index == before else look.apply(cv2.warpAffine(pictures[index], place, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT_101), step / RATE)
        before = index
    new = Truth.silent(steps)
    for step in np.flatnonzero(truth.onset):
        new.add((step + truth.offset[step]) / RATE / speed, truth.energy[step], features=truth.features[step])
        at = round((step + truth.offset[step]) / speed)
        if at < steps:
            new.action[at], new.material[at] = truth.action[step], truth.material[step]
    return out, new
