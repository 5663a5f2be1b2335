"""How much a peak of motion should count beside what the network says: asked of real clips that the network has not been trained on.

    python3 train.py --out zero.pt --rendered clips --clips CLIPS --real 0 --minutes 10
    python3 choose_peak_worth.py zero.pt --clips ../../../../shared/data/foley/clips

Only the training's real clips are read. Prints F1 by worth (logits) and threshold; PEAK_WORTH of network.py is chosen of it, and where thresholds lie.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from clips import TRAINING, VAGUE, VOICES, named
from evaluate import load_network
from metrics import Score, motion_energy, motion_onsets, network_onsets
from rendered import grey
from vocabulary import LOOK_AHEAD

WORTHS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)
THRESHOLDS = np.arange(-1.5, 3.1, 0.5)


def watched(network, pictures):
    pictures = np.concatenate([pictures, np.repeat(pictures[-1:], LOOK_AHEAD, 0)])
    with torch.no_grad():
        outputs, _ = network(torch.from_numpy(grey(pictures))[None].float(), network.states())
    return {name: outputs[name][0, :, 0].numpy() for name in ("onset", "offset", "peak")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--clips", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = load_network(options.checkpoint)
    clips = [(watched(network, pictures), motion_energy(pictures), truth.times()) for pictures, truth in named(options.clips, [name for name in TRAINING if name not in VOICES + VAGUE]).values()]

    def score(onsets_of):
        result = Score()
        for clip in clips:
            result.add(onsets_of(clip), clip[2])
        return result

    print("worth   " + "  ".join(f"{threshold:5.1f}" for threshold in THRESHOLDS))
    for worth in WORTHS:
        scores = [score(lambda clip: network_onsets({**clip[0], "onset": clip[0]["onset"] + worth * clip[0]["peak"]}, threshold)).f1 for threshold in THRESHOLDS]
        print(f"{worth:5.1f}   " + "  ".join(f"{value:.3f}" for value in scores))
    print("peaks of motion alone", score(lambda clip: motion_onsets(clip[1], 1, 1)).words())


if __name__ == "__main__":
    main()
