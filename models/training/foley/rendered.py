"""Clips drawn in advance, which trainings share: drawing them takes longer than learning from them.

    python3 rendered.py clips --photos PHOTOS --shards 36     # in a folder; run again with --first 36, it goes on

A shard is `N.npy`, uint8 [CLIPS, STEPS, SIZE, SIZE], luma, and `N.npz`, the arrays of `Truth`, [CLIPS, STEPS, …], without features: those follow from the rest.
"""

import cv2
import numpy as np
import torch

from scenes import render
from shards import Shards, draw_shards
from sound_features import BankFeatures
from truth import Truth

STEPS = 100
CLIPS = 250
"""In a shard: 310 MB."""
CALM_SHARE, PLAYED_SHARE = 0.6, 0.45
JUDGED_SEEDS = 1_000_000
"""Renders with seeds from here on judge and are never trained on, up to FIRST_SEED."""
FIRST_SEED = 2_000_000


def grey(pictures):
    """BGR [steps, h, w, 3] to luma [steps, h, w]."""
    return np.stack([cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in pictures])


def as_tensor(pictures):
    """BGR [steps, h, w, 3] to RGB [steps, 3, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2)))


def draw(shard, photos):
    pictures, truths = [], []
    for seed in range(FIRST_SEED + shard * CLIPS, FIRST_SEED + (shard + 1) * CLIPS):
        # Not of the seed alone, of which the clip's own chances are.
        calm, played = np.random.default_rng((seed, 1)).random(2) < (CALM_SHARE, PLAYED_SHARE)
        seen, truth = render(seed, STEPS, photos, calm=calm, played=played)
        pictures.append(grey(seen))
        truths.append(truth.arrays())
    return np.stack(pictures), {name: np.stack([truth[name] for truth in truths]) for name in truths[0] if name != "features"}


class Rendered:
    """The clips of the shards of a folder, as many as there are; `refresh` finds those drawn since."""

    def __init__(self, folder):
        self.shards, self.bank = Shards(folder), BankFeatures()

    def refresh(self):
        self.shards.refresh()

    def __len__(self):
        return CLIPS * len(self.shards)

    def __getitem__(self, index):
        """Pictures and `Truth` of a clip; the first shards' come first."""
        pictures, arrays = self.shards[index // CLIPS]
        truth = Truth.silent(STEPS)
        for name, value in arrays.items():
            getattr(truth, name)[:] = value[index % CLIPS]
        self.bank.fill(truth)
        return pictures[index % CLIPS], truth


if __name__ == "__main__":
    draw_shards(__doc__, draw, "clips", 36)
