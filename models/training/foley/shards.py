"""What is drawn in advance, in shards, which trainings share: `N.npy` are pictures, `N.npz` the arrays that say what is in them. A shard appears whole or not at all."""

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

from scenes import find_photos


def write_shard(folder, shard, pictures, arrays):
    np.savez(folder / f"{shard}.new.npz", **arrays)
    os.replace(folder / f"{shard}.new.npz", folder / f"{shard}.npz")
    np.save(folder / f"{shard}.new.npy", pictures)
    os.replace(folder / f"{shard}.new.npy", folder / f"{shard}.npy")


class Shards:
    """Those of a folder, in order, as pairs of pictures and arrays; `refresh` finds those drawn since."""

    def __init__(self, folder):
        self.folder, self.shards = folder, {}
        self.refresh()

    def refresh(self):
        drawn = [path for path in self.folder.glob("*.npy") if path.stem.isdigit()]
        for path in sorted(drawn, key=lambda path: int(path.stem)):
            if path.stem not in self.shards:
                self.shards[path.stem] = (np.load(path, mmap_mode="r"), dict(np.load(path.with_suffix(".npz"))))

    def __len__(self):
        return len(self.shards)

    def __getitem__(self, index):
        return list(self.shards.values())[index]


def draw_shards(doc, draw, name, shards):
    """The command that fills a folder: `draw` makes the pictures and arrays of a shard, given its number and photographs."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=Path, help="a folder of JPEG pictures for backgrounds")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shards", type=int, default=shards)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    photos = find_photos(options.photos)
    for shard in range(options.first, options.first + options.shards):
        if not (options.folder / f"{shard}.npy").exists():
            pictures, arrays = draw(shard, photos)
            write_shard(options.folder, shard, pictures, arrays)
            print(f"{shard}: {len(pictures)} {name}", flush=True)
