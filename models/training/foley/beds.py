"""What is heard all the time where a picture was taken: a network of its own, which learns from photographs and sees one picture.

    python3 beds.py --out beds.pt --photos ../../../../shared/data/photos --minutes 25 --teacher ../../../../shared/weights/public/classify/SqueezeNet_fp16.onnx

Labelled photographs are few. So that it learns to see at all, it is asked as well what a classifier of ImageNet says of each (distillation: Hinton et al., 2015).
"""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from bed_pictures import CLASSES, CROPS, SIDE, gather
from network import block
from scenes import find_photos
from torch import nn
from vocabulary import BEDS, SIZE

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import learning_rate, save, update_average  # noqa: E402
from shipped_weights import load_shipped  # noqa: E402

RARITY = (2.0, 1.0, 4.0, 6.0, 2.0, 6.0, 2.0)
"""How much more a bed weighs where it is."""
CERTAIN = 0.95
TEACHING = 1.0
"""Weight of what the teacher says, whose entropy is about 5."""
BATCH, RATE, WEIGHT_DECAY = 64, 2e-3, 2e-2


class BedsNet(nn.Module):
    """Pictures float [n, 3, SIZE, SIZE], RGB 0–255 → logits of BEDS [n, 7]. `teach` is what training asks for besides."""

    def __init__(self, width=16):
        super().__init__()
        w = width
        self.width = width
        first = nn.Sequential(nn.Conv2d(3, 2 * w, 5, 4, 2, bias=False), nn.BatchNorm2d(2 * w), nn.ReLU())
        self.body = nn.Sequential(first, block(2 * w, 3 * w, 2), block(3 * w, 3 * w, 1), block(3 * w, 5 * w, 2), block(5 * w, 5 * w, 1), block(5 * w, 8 * w, 2))
        self.drop, self.read, self.teach = nn.Dropout(0.3), nn.Linear(16 * w, len(BEDS)), nn.Linear(16 * w, CLASSES)

    def seen(self, pictures):
        x = self.body(pictures / 127.5 - 1)
        return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)

    def forward(self, pictures):
        return self.read(self.drop(self.seen(pictures)))


def load_beds(path):
    """Of a checkpoint, or of the model.onnx that ships: without `teach`."""
    if path.suffix == ".onnx":
        network = BedsNet()
        del network.teach
        return load_shipped(network, path, part="beds").eval()
    state = torch.load(path)
    network = BedsNet(state["width"])
    network.load_state_dict(state["average"])
    del network.teach
    return network.eval()


def varied(picture, r):
    """Another part, in other light, often grey, sometimes blurred or with grain."""
    side = int(r.integers(104, SIDE + 1))
    y, x = r.integers(SIDE + 1 - side, size=2)
    part = cv2.resize(picture[y : y + side, x : x + side], (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    part = (part[:, ::-1] if r.random() < 0.5 else part).astype(np.float32)
    part = grey(part) if r.random() < 0.4 else part * (1 + r.normal(0, 0.07, 3).astype(np.float32))
    part = (part - 118) * float(np.exp(r.normal(0, 0.25))) + 118 + float(r.normal(0, 18))
    if r.random() < 0.3:
        part = cv2.GaussianBlur(part, (0, 0), r.uniform(0.4, 1.5))
    if r.random() < 0.4:
        part = part + r.standard_normal(part.shape[:2], dtype=np.float32)[:, :, None] * r.uniform(1, 10)
    return np.clip(part, 0, 255)


def grey(picture):
    return np.repeat(picture.mean(2, keepdims=True), 3, 2)


def as_batch(pictures):
    """BGR [n, h, w, 3] to RGB [n, 3, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(np.stack(pictures)[..., ::-1].transpose(0, 3, 1, 2), np.float32))


def judge(network, pictures, change=lambda picture: picture):
    """Of judged photographs that sound of something, the share whose likeliest bed is heard there; the same of each bed."""
    wholes = [k for k in np.flatnonzero(pictures.judged)[::CROPS] if pictures.beds[k].any()]
    shown = as_batch([change(cv2.resize(pictures.pictures[k], (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)) for k in wholes])
    with torch.no_grad():
        said = network(shown).argmax(1).numpy()
    true = pictures.beds[wholes]
    right = true[np.arange(len(said)), said] > 0
    frequent = true.mean(0).max()
    each = "  ".join(f"{bed} {right[true[:, k] > 0].mean():.2f} of {int(true[:, k].sum())}" for k, bed in enumerate(BEDS) if true[:, k].any())
    return f"{right.mean():.3f} of {len(right)} right, always the most frequent {frequent:.3f}; {each}"


def loss_of(network, pictures, chosen, r):
    shown = as_batch([varied(pictures.pictures[k], r) for k in chosen])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        seen = network.seen(shown.contiguous(memory_format=torch.channels_last))
        said, taught = network.read(network.drop(seen)).float(), network.teach(seen).float()
    wanted = torch.from_numpy(pictures.beds[chosen]) * CERTAIN + (1 - CERTAIN) / 4
    weights = torch.from_numpy(pictures.weights[chosen])
    loss = (F.binary_cross_entropy_with_logits(said, wanted, reduction="none", pos_weight=torch.tensor(RARITY)).sum(1) * weights).mean()
    asked = ~np.isnan(pictures.teacher[chosen, 0])
    if asked.any():
        # The square root tells more of what it thinks of other classes.
        classes = torch.from_numpy(pictures.teacher[chosen[asked]]).sqrt()
        loss = loss - TEACHING * (classes / classes.sum(1, keepdim=True) * F.log_softmax(taught[asked], 1)).sum(1).mean()
    return loss


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, help="folder with bsds500, imagenet-sample and clothing")
    parser.add_argument("--teacher", type=Path, help="ONNX of an ImageNet classifier, SqueezeNet; may be left out")
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--width", type=int, default=16)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    r = np.random.default_rng(1)
    pictures = gather(options.photos, find_photos(options.photos / "bsds500" / "train"), options.teacher, r)
    training = np.flatnonzero(~pictures.judged)
    network = BedsNet(options.width).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    print(f"{len(training)} pictures train", flush=True)
    begun, step, done = time.time(), 0, 0.0
    while done < 1:
        done = (time.time() - begun) / (60 * options.minutes)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(done, RATE)
        loss = loss_of(network, pictures, r.choice(training, BATCH), r)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        step += 1
        update_average(average, network, step)
        if step % 500 == 0 or done >= 1:
            save({"average": average, "width": options.width}, options.out)
            print(f"{step}  {100 * done:.1f} %  loss {loss.item():.3f}  {judge(load_beds(options.out), pictures)}", flush=True)
    print("in grey:", judge(load_beds(options.out), pictures, grey))


if __name__ == "__main__":
    main()
