"""What the network learns from: drawn clips and real ones, each time changed otherwise, as endless windows."""

import time

import cv2
import numpy as np
import torch

import film
from clips import TRAINING, VAGUE, VOICES, named
from rendered import Rendered, grey
from truth import Truth
from vocabulary import RATE, SIZE

JUDGED = 150
"""Clips of the first shard that judge and are never trained on."""
REFRESH_SECONDS = 60
DRAWN_SPEEDS, REAL_SPEEDS = (0.85, 1.2), (0.7, 1.45)
HELD_SHARE = 0.3
"""Of real clips that are shown at a lower rate. Drawn ones were drawn at many."""
INVERTED_SHARE = 0.1


class Windows(torch.utils.data.IterableDataset):
    """Endless windows of `steps`: lumas uint8 [steps, SIZE, SIZE], and the truth's arrays. `real` of them come from real clips (0–1)."""

    def __init__(self, steps, rendered, folder=None, real=0.25, seed=0, without=()):
        self.steps, self.rendered, self.seed = steps, rendered, seed
        # Nobody sees in a picture when a bird sings.
        names = [name for name in TRAINING if name not in (*VOICES, *VAGUE, *without)]
        self.clips = [(grey(pictures), truth) for pictures, truth in named(folder, names).values()] if folder else []
        self.real = real if self.clips else 0

    def __iter__(self):
        cv2.setNumThreads(1)
        worker = torch.utils.data.get_worker_info()
        r = np.random.default_rng((self.seed, worker.id if worker else 0))
        rendered, looked = Rendered(self.rendered), time.time()
        while True:
            if time.time() - looked > REFRESH_SECONDS:
                rendered.refresh()
                looked = time.time()
            if r.random() < self.real:
                clip, speeds, held = self.clips[r.integers(len(self.clips))], REAL_SPEEDS, HELD_SHARE
            else:
                clip, speeds, held = rendered[int(r.integers(JUDGED, len(rendered)))], DRAWN_SPEEDS, 0
            yield tensors(*changed(*clip, self.steps, r, speeds, held))


def tensors(lumas, truth):
    return torch.from_numpy(lumas), {name: torch.from_numpy(value) for name, value in truth.arrays().items()}


def judged_windows(folder, steps):
    """The same ones each time, unchanged but for being cut to length."""
    rendered = Rendered(folder)
    clips = [rendered[k] for k in range(JUDGED)]
    return [tensors(np.array(lumas[:steps]), Truth(**{name: value[:steps] for name, value in truth.arrays().items()})) for lumas, truth in clips]


class Framing:
    """A part of the picture, turned, stretched and perhaps mirrored."""

    def __init__(self, r):
        side, angle = 1 / r.uniform(0.65, 1), np.deg2rad(r.normal(0, 8))
        c, s, stretch = np.cos(angle) * side, np.sin(angle) * side, np.exp(r.normal(0, 0.12))
        self.map = np.float32([[c * stretch, -s, 0], [s * stretch, c, 0]])
        if r.random() < 0.5:
            self.map[0] *= -1
        self.map[:, 2] = SIZE / 2 - self.map[:, :2] @ np.float32(r.uniform(0.38, 0.62, 2) * SIZE)

    def picture(self, luma):
        return cv2.warpAffine(np.ascontiguousarray(luma), self.map, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT_101)

    def position(self, position):
        return (self.map[:, :2] @ (position * SIZE) + self.map[:, 2]) / SIZE


class Light:
    """Contrast, light, noise and flicker of one clip; a few are negatives."""

    def __init__(self, r):
        self.r, self.gain, self.lift = r, np.exp(r.normal(0, 0.25)), r.normal(0, 15)
        self.noise = r.uniform(1, 6) if r.random() < 0.3 else 0
        self.flicker = r.uniform(0.01, 0.08) if r.random() < 0.07 else 0
        self.is_inverted = r.random() < INVERTED_SHARE

    def picture(self, luma):
        x = (luma.astype(np.float32) - 118) * self.gain * (1 + self.flicker * self.r.standard_normal()) + 118 + self.lift
        if self.noise:
            x += self.noise * self.r.standard_normal(x.shape, dtype=np.float32)
        return np.clip(255 - x if self.is_inverted else x, 0, 255)


def changed(pictures, truth, steps, r, speeds, held):
    """A window of a clip: faster or slower, framed otherwise, in other light, sometimes at another rate. The truth follows. Short clips begin with their first picture, standing."""
    speed = float(np.exp(r.uniform(*np.log(speeds))))
    length = max(8, int(len(pictures) / speed))
    source = np.minimum((np.arange(length) * speed).astype(int), len(pictures) - 1)
    if r.random() < held:
        rate = min(RATE, int(r.choice(film.HELD_RATES)))
        source = source[np.ceil(film.held(length, RATE, rate) * RATE / rate).astype(int).clip(0, length - 1)]
    first = int(r.integers(max(1, length - steps + 1)))
    source = source[first : first + steps]
    standing = steps - len(source)
    framing, light = Framing(r), Light(r)
    lumas, before = np.empty((steps, SIZE, SIZE), np.uint8), None
    for step, index in enumerate(source, standing):
        lumas[step] = lumas[step - 1] if index == before else light.picture(framing.picture(pictures[index]))
        before = index
    lumas[:standing] = lumas[standing]
    return lumas, moved(truth, steps, framing, lambda step: (step + truth.offset[step]) / speed - first + standing)


def moved(truth, steps, framing, when):
    """The impacts of a truth at other places, and at the steps (and parts of steps) that `when` gives."""
    new = Truth.silent(steps)
    for step in np.flatnonzero(truth.onset):
        at = when(step)
        if round(at) < 0:
            continue
        new.add(at / RATE, truth.energy[step], framing.position(truth.position[step]), features=truth.features[step])
        if round(at) < steps:
            new.action[round(at)], new.material[round(at)] = truth.action[step], truth.material[step]
    return new
