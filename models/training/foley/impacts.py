"""Single impacts drawn in advance, for `looks.py`: drawing them takes longer than learning from them.

    python3 impacts.py impacts --photos PHOTOS --shards 40     # in a folder; run again with --first 40, it goes on

A shard is `N.npy`, uint8 [IMPACTS, moments, SIZE, SIZE, 3], BGR, the pictures at MOMENTS, and `N.npz`, one row each: `position`, x and y, 0-1; `material` and `action`,
indices in MATERIALS and ACTIONS.
"""

import numpy as np

from rendered import JUDGED_SEEDS, STEPS
from scenes import render
from shards import draw_shards

MOMENTS = (-4, -1, 0, 1, 3)
"""Steps from the impact to the pictures that are looked at: what it was like before, how it is hit, and what becomes of it."""
IMPACTS = 1000
"""In a shard: 190 MB."""


def known_impacts(truth):
    """Steps of those whose material is known."""
    return np.flatnonzero((truth.onset > 0) & (truth.material >= 0))


def moments(step, steps):
    return np.clip(step + np.array(MOMENTS), 0, steps - 1)


def one_impact(seed, chance, photos):
    """Of a clip, whichever `chance`, a whole number, falls on: its pictures and a row of each array; nothing where nothing is hit. One of each clip: as many different things as can be."""
    chosen = []

    def wanted(truth):
        steps = known_impacts(truth)
        chosen.extend(steps[chance % len(steps)] for _ in steps[:1])
        return moments(chosen[0], STEPS) if chosen else ()

    pictures, truth = render(seed, STEPS, photos, wanted=wanted)
    return [(pictures[moments(step, STEPS)], {name: getattr(truth, name)[step] for name in ("position", "material", "action")}) for step in chosen]


def draw(shard, photos):
    r, drawn = np.random.default_rng((shard, 1)), []
    while len(drawn) < IMPACTS:
        drawn += one_impact(int(r.integers(JUDGED_SEEDS)), int(r.integers(2**30)), photos)
    return np.stack([pictures for pictures, _ in drawn]), {name: np.stack([row[name] for _, row in drawn]) for name in drawn[0][1]}


if __name__ == "__main__":
    draw_shards(__doc__, draw, "impacts", 40)
