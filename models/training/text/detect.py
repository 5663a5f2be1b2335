"""Trains the network that finds lines of text, and judges it. Writes a checkpoint every few minutes, and goes on from it when run again.

    python3 detect.py train detect.pt --scenes SCENES --minutes 120
    python3 detect.py judge detect.pt --scenes SCENES/judged --icdar ../../../../shared/data/text/mmocr/det_toy_dataset
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

from db import BOX_SCORE, THRESHOLD, UNCLIP, boxes, maps_of
from detect_network import DetectNet, losses
from matching import counted, figures
from patches import Line
from real import icdar_pictures, joined
from rendered import RenderedScenes
from scenes import marked

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training  # noqa: E402

WARM_UP_STEPS = 100
SIDE = 384
"""Pixels of the crops that train."""
STEP = 32
LONGEST = 960


class Crops(torch.utils.data.IterableDataset):
    """Endless crops of drawn scenes, larger and smaller, with other colours."""

    def __init__(self, scenes, seed):
        self.scenes, self.seed = scenes, seed

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        cv2.setNumThreads(1)
        chance = np.random.default_rng((self.seed, info.id if info else 0))
        while True:
            picture, lines, _ = self.scenes[chance.integers(len(self.scenes))]
            yield sample(chance, picture, lines)


def sample(chance, picture, lines):
    """A crop as a tensor [3, SIDE, SIDE], and its maps. Half of them have a line in the middle."""
    scale = float(np.exp(chance.uniform(np.log(0.6), np.log(1.7))))
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    height, width = picture.shape[:2]
    spare = np.array([width - SIDE, height - SIDE])
    corner = chance.uniform(np.minimum(0, spare), np.maximum(0, spare))
    if lines and chance.random() < 0.5:
        line = lines[chance.integers(len(lines))]
        corner = np.clip(line.quad.mean(0) * scale - SIDE / 2 + chance.normal(0, 60, 2), np.minimum(0, spare), np.maximum(0, spare))
    x, y = (int(v) for v in corner)
    canvas = cv2.warpAffine(picture, np.float32([[1, 0, -x], [0, 1, -y]]), (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    moved = [Line(line.text, line.quad * scale - np.float32([x, y]), ignored=line.ignored) for line in lines]
    return torch.from_numpy(as_input(_recoloured(chance, canvas))), *map(torch.from_numpy, maps_of(moved, SIDE, SIDE))


def _recoloured(chance, picture):
    seen = picture.astype(np.float32)
    if chance.random() < 0.3:
        seen = seen[..., chance.permutation(3)]
    if chance.random() < 0.1:
        seen = 255 - seen
    if chance.random() < 0.5:
        seen = seen * chance.uniform(0.6, 1.25) + chance.uniform(-30, 30)
    if chance.random() < 0.15:
        seen = np.repeat(seen.mean(2, keepdims=True), 3, 2)
    return np.clip(seen, 0, 255)


def as_input(picture):
    """RGB [h, w, 3], 0–255 → float32 [3, h, w], -1 to 1."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32) / 127.5 - 1


def probabilities(network, picture):
    """The map of an RGB picture, and the scale x, y of its coordinates: sides in steps of STEP, the longer one LONGEST at most, as the adapter has it."""
    height, width = picture.shape[:2]
    ratio = min(1.0, LONGEST / max(height, width))
    h, w = (max(STEP, int(side * ratio / STEP + 0.5) * STEP) for side in (height, width))
    # What is in the graph of the package: averaging where that makes it smaller.
    fed = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA if h < height else cv2.INTER_LINEAR)
    with torch.no_grad():
        logits = network(torch.from_numpy(as_input(fed))[None].to(memory_format=torch.channels_last))
    return torch.sigmoid(logits)[0, 0].float().numpy(), np.float32([w / width, h / height])


def found_in(network, picture, **settings):
    seen, scale = probabilities(network, picture)
    return [(quad / scale, score) for quad, score in boxes(seen, **settings)]


def judge(network, pictures, **settings):
    """Counts of all lines, and of those of at least 24 pixels."""
    counts = {"all": np.zeros(3), "24 px": np.zeros(3)}
    for picture, lines, _ in pictures:
        found = found_in(network, picture, **settings)
        counts["all"] += counted(found, lines)
        counts["24 px"] += counted(found, lines, 24)
    return counts


def spoken(counts):
    return "  ".join(f"{name}: P %.3f R %.3f F %.3f" % figures(count) for name, count in counts.items())


def load_network(path):
    network = DetectNet()
    network.load_state_dict(torch.load(path)["average"])
    return network.eval().to(memory_format=torch.channels_last)


def train(options):
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    network = DetectNet().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-3)
    training = Training(options.checkpoint, network, optimizer, options.minutes)
    scenes = RenderedScenes(options.scenes)
    # A seed of its own for every start: a resumed training sees other crops.
    loader = torch.utils.data.DataLoader(Crops(scenes, training.step), options.batch, num_workers=options.workers)
    print(f"{sum(parameter.numel() for parameter in network.parameters())} weights, {len(scenes)} scenes, step {training.step}", flush=True)
    for picture, *maps in loader:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = network(picture.to(memory_format=torch.channels_last))
        training.descend(losses(outputs, *maps), options.rate, WARM_UP_STEPS, 5.0)
        if training.due:
            training.save()
        if training.done >= 1:
            break


def judge_all(options):
    torch.set_num_threads(options.threads)
    network = load_network(options.checkpoint)
    settings = {"threshold": options.threshold, "box_score": options.score, "unclip": options.unclip}
    if options.scenes:
        scenes = RenderedScenes(options.scenes)
        kept = [scenes[at] for at in range(min(options.most, len(scenes)))]
        print("drawn  ", spoken(judge(network, kept, **settings)))
        for kind in sorted({kind for *_, kind in kept}):
            print(f"  {kind:11}", spoken(judge(network, [scene for scene in kept if scene[2] == kind], **settings)))
    if options.icdar:
        pictures = icdar_pictures(options.icdar)
        print("ICDAR words", spoken(judge(network, pictures, **settings)))
        print("ICDAR lines", spoken(judge(network, [(picture, joined(lines), kind) for picture, lines, kind in pictures], **settings)))
    if options.look:
        options.look.mkdir(parents=True, exist_ok=True)
        shown = (kept[:12] if options.scenes else []) + (pictures if options.icdar else [])
        for at, (picture, _, _) in enumerate(shown):
            found = [Line("", quad) for quad, _ in found_in(network, picture, **settings)]
            cv2.imwrite(str(options.look / f"{at}.jpg"), marked(picture, found)[..., ::-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["train", "judge"])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--scenes", type=Path, help="folder that rendered.py has filled")
    parser.add_argument("--icdar", type=Path, help="folder with textdet_test.json")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--most", type=int, default=400, help="scenes that judge, at most")
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--score", type=float, default=BOX_SCORE)
    parser.add_argument("--unclip", type=float, default=UNCLIP)
    parser.add_argument("--look", type=Path, help="folder for pictures with what was found")
    options = parser.parse_args()
    if options.what == "train":
        train(options)
    else:
        judge_all(options)


if __name__ == "__main__":
    main()
