"""Trains the finer network to see in spoilt pictures what PoseNet sees in good ones. Writes a checkpoint every few minutes, and goes on from it when run again.

    python3 train.py --cache cache --teacher posenet_mobilenet_v1_075_f32_dyn.onnx --out pose.pt --minutes 30
"""

import argparse
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from network import EDGES, HEAT, SHORT, FinePoseNet, enlarge, mirror_maps
from teach import CELLS, SIZE

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training, words  # noqa: E402

WARM_UP_STEPS = 100
# Cells where the teacher sees no key point teach nothing about offsets.
LEAST_HEAT = 0.15
# Every so many samples, one is kept out of training.
JUDGED = 40
PARENTS, CHILDREN = ([edge[part] for edge in EDGES] for part in (0, 1))


class Samples(torch.utils.data.Dataset):
    """Spoilt pictures, with what PoseNet saw in the good ones. Those that judge are spoilt the same way each time."""

    def __init__(self, cache, judged):
        count = int((cache / "count.txt").read_text())
        self.indices = [i for i in range(count) if (i % JUDGED == 0) == judged]
        self.pictures = np.load(cache / "pictures.npy", mmap_mode="r")
        self.maps = np.load(cache / "maps.npy", mmap_mode="r")
        self.varies = not judged

    def __len__(self):
        return len(self.indices)

    def __getitem__(self, i):
        index = self.indices[i]
        picture, maps = np.array(self.pictures[index]), np.array(self.maps[index])
        picture = degrade(picture, np.random.default_rng(np.random.randint(2**31) if self.varies else index))
        return torch.from_numpy(picture.transpose(2, 0, 1).copy()), torch.from_numpy(maps)


def degrade(picture, r):
    """Light, colour, blur, grain, compression and grey, as cameras and old film have them."""
    x = picture.astype(np.float32)
    x = (x - 128) * r.uniform(0.5, 1.3) + 128 + r.uniform(-45, 45)
    x = x * r.uniform(0.85, 1.15, 3).astype(np.float32)
    if r.random() < 0.35:
        x = np.repeat(x @ np.array([[0.299], [0.587], [0.114]], np.float32), 3, 2)
    if r.random() < 0.3:
        x = cv2.GaussianBlur(x, (0, 0), r.uniform(0.4, 1.8))
    if r.random() < 0.4:
        grain = r.normal(0, r.uniform(3, 24), x.shape[:2]).astype(np.float32)
        x += (cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.6 if r.random() < 0.5 else grain)[:, :, None]
    if r.random() < 0.15:
        x[:, r.integers(0, x.shape[1], r.integers(1, 4))] += r.uniform(-90, 90)
    x = np.clip(x, 0, 255).astype(np.uint8)
    if r.random() < 0.3:
        x = cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(r.integers(20, 80))])[1], 1)
    return x


def mixed(pictures, maps):
    """Half of a batch mirrored, and half with the right or lower part of another sample: more people, and edges through them."""
    flip = torch.rand(len(pictures)) < 0.5
    pictures[flip] = pictures[flip].flip(3)
    maps[flip] = mirror_maps(maps[flip])
    for i in range(0, len(pictures) - 1, 2):
        cut = int(torch.randint(5, CELLS - 5, ()))
        dimension = 1 + int(torch.randint(0, 2, ()))
        # Maps near the seam speak of what is beyond it: they are not wrong by much, and few.
        take = [slice(None)] * 3
        take[dimension] = slice(cut * 16 + 8, None)
        pictures[i][tuple(take)] = pictures[i + 1][tuple(take)]
        take[dimension] = slice(cut + 1, None)
        maps[i][tuple(take)] = maps[i + 1][tuple(take)]
    return pictures, maps


def losses(maps, wanted):
    """Parts of the loss by name, weighted so that they begin about equal."""
    maps, wanted = maps.float(), enlarge(wanted.float())
    heat = torch.sigmoid(wanted[:, :HEAT])
    entropy = F.binary_cross_entropy_with_logits(maps[:, :HEAT], heat, reduction="none")
    floor = F.binary_cross_entropy(heat, heat, reduction="none")
    there = heat * (heat > LEAST_HEAT)
    result = {"heat": 0.1 * ((entropy - floor) * (1 + 8 * heat)).sum() / there.sum().clamp(min=50)}
    short, wanted_short = (one[:, HEAT : HEAT + SHORT] for one in (maps, wanted))
    result["short"] = 4 * weighted(short, wanted_short, there.repeat(1, 2, 1, 1), 16.0)
    mid, wanted_mid = (one[:, HEAT + SHORT :] for one in (maps, wanted))
    parents, children = there[:, PARENTS], there[:, CHILDREN]
    result["mid"] = 8 * weighted(mid, wanted_mid, torch.cat([parents, parents, children, children], 1), 48.0)
    return result


def weighted(offsets, wanted, weight, unit):
    """Errors count relative to the length that is wanted, in units."""
    error = F.smooth_l1_loss(offsets / unit, wanted / unit, reduction="none", beta=0.1)
    return (error * weight / (0.5 + wanted.abs() / unit)).sum() / weight.sum().clamp(min=50)


def judge(network, average, samples):
    """Mean losses of the averaged weights on samples kept out of training."""
    own = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(average)
    sums = {}
    with torch.no_grad():
        for picture, wanted in torch.utils.data.DataLoader(samples, 8):
            for name, value in losses(maps_of(network, picture), wanted).items():
                sums[name] = sums.get(name, 0.0) + value.item() * len(picture) / len(samples)
    network.load_state_dict(own)
    return sums


def maps_of(network, picture):
    picture = ((picture.float() - 128) / 128).to(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return network(picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--teacher", required=True, help="PoseNet as ONNX, to begin with")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--coarse-rate", type=float, default=0.06, help="of --rate, for what begins as PoseNet")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    network = FinePoseNet()
    network.coarse.load_onnx(options.teacher)
    network = network.to(memory_format=torch.channels_last)
    coarse = [p for p in network.coarse.parameters() if p.requires_grad]
    fine = [p for name, p in network.named_parameters() if not name.startswith("coarse.")]
    groups = [{"params": coarse, "scale": options.coarse_rate}, {"params": fine, "scale": 1.0}]
    optimizer = torch.optim.AdamW(groups, lr=options.rate, weight_decay=1e-4)
    training = Training(options.out, network, optimizer, options.minutes, 50, 0.995)
    samples, judged = Samples(options.cache, False), Samples(options.cache, True)
    print(f"{len(samples)} samples, step {training.step}; kept out of training: {words(judge(network, training.average, judged))}", flush=True)
    while training.done < 1:
        for picture, wanted in torch.utils.data.DataLoader(samples, options.batch, shuffle=True, drop_last=True, num_workers=1):
            picture, wanted = mixed(picture, wanted)
            training.descend(losses(maps_of(network, picture), wanted), options.rate, WARM_UP_STEPS, 5.0)
            if training.due:
                training.save()
                print(f"{training.step}  kept out of training: {words(judge(network, training.average, judged))}", flush=True)
            if training.done >= 1:
                break


if __name__ == "__main__":
    main()
