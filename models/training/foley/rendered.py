"""Clips drawn in advance, which trainings share: drawing them takes longer than learning from them.

    python3 rendered.py clips --photos PHOTOS --shards 36     # in a folder; run again with --first 36, it goes on

A shard is `N.npy`, uint8 [CLIPS, STEPS, SIZE, SIZE], luma, and `N.npz`, the arrays of `Truth`, [CLIPS, STEPS, …], without features: those follow from the rest.
"""

import argparse
import os
from pathlib import Path

import cv2
import numpy as np
import torch

from scenes import find_photos, render
from sound_features import BankFeatures
from truth import Truth

STEPS = 100
CLIPS = 250
"""In a shard: 310 MB."""
CALM_SHARE = 0.6
JUDGED_SEEDS = 1_000_000
"""Renders with seeds from here on judge and are never trained on, up to FIRST_SEED."""
FIRST_SEED = 2_000_000


def grey(pictures):
    """BGR [steps, h, w, 3] to luma [steps, h, w]."""
    return np.stack([cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in pictures])


def as_tensor(pictures):
    """BGR [steps, h, w, 3] to RGB [steps, 3, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2)))


def draw_shard(folder, shard, photos):
    """Appears whole or not at all."""
    pictures, truths = [], []
    for seed in range(FIRST_SEED + shard * CLIPS, FIRST_SEED + (shard + 1) * CLIPS):
        # Not of the seed alone, of which the clip's own chances are.
        calm = np.random.default_rng((seed, 1)).random() < CALM_SHARE
        seen, truth = render(seed, STEPS, photos, calm=calm)
        pictures.append(grey(seen))
        truths.append(truth.arrays())
    arrays = {name: np.stack([truth[name] for truth in truths]) for name in truths[0] if name != "features"}
    np.savez(folder / f"{shard}.new.npz", **arrays)
    os.replace(folder / f"{shard}.new.npz", folder / f"{shard}.npz")
    np.save(folder / f"{shard}.new.npy", np.stack(pictures))
    os.replace(folder / f"{shard}.new.npy", folder / f"{shard}.npy")


class Rendered:
    """The shards of a folder, as many as there are; `refresh` finds those drawn since."""

    def __init__(self, folder):
        self.folder, self.shards, self.bank = folder, {}, BankFeatures()
        self.refresh()

    def refresh(self):
        drawn = [path for path in self.folder.glob("*.npy") if path.stem.isdigit()]
        for path in sorted(drawn, key=lambda path: int(path.stem)):
            if path.stem not in self.shards:
                self.shards[path.stem] = (np.load(path, mmap_mode="r"), dict(np.load(path.with_suffix(".npz"))))

    def __len__(self):
        return CLIPS * len(self.shards)

    def __getitem__(self, index):
        """Pictures and `Truth` of a clip; the first shards' come first."""
        pictures, arrays = list(self.shards.values())[index // CLIPS]
        truth = Truth.silent(STEPS)
        for name, value in arrays.items():
            getattr(truth, name)[:] = value[index % CLIPS]
        self.bank.fill(truth)
        return pictures[index % CLIPS], truth


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=Path, help="a folder of JPEG pictures for backgrounds")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shards", type=int, default=36)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    photos = find_photos(options.photos)
    for shard in range(options.first, options.first + options.shards):
        if not (options.folder / f"{shard}.npy").exists():
            draw_shard(options.folder, shard, photos)
            print(f"{shard}: {CLIPS} clips", flush=True)


if __name__ == "__main__":
    main()
