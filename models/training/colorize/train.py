"""Trains the colour network on folders of photographs, on a CPU if need be; stops and resumes anywhere.

    python3 train.py --stage vivid --photos FOLDER... --out vivid.pt --steps 20000
    python3 train.py --stage calm  --photos FOLDER... --out calm.pt  --steps 3000 --init vivid.pt

Started again with the same --out it goes on from the last checkpoint; Ctrl-C writes one first.
"""

from __future__ import annotations

import argparse
import copy
import math
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from bins import ChromaBins, rebalanced
from checkpoint import load_network, save_atomically
from data import Crops, load_photographs
from losses import cross_entropy, dullness, perceptual
from network import STRIDE, ColorizeNet

WARM_UP_STEPS = 50
WEIGHT_DECAY = 0.02
LARGEST_GRADIENT = 5.0


@dataclass(frozen=True)
class Stage:
    """What distinguishes one kind of colouring from another; everything else is the same."""

    rebalancing: float
    """Exponent of the class weights: 1 favours rare, strong colours, 0 leaves their natural share."""
    perceptual: float
    """Weight of the colour difference of the decoded picture."""
    dullness: float
    """Weight of the penalty for less chroma than the photograph has."""
    learning_rate: float


STAGES = {
    "vivid": Stage(rebalancing=1.0, perceptual=0.0, dullness=0.0, learning_rate=1.5e-3),
    "calm": Stage(rebalancing=0.25, perceptual=0.0, dullness=0.0, learning_rate=4e-4),
    "faithful": Stage(rebalancing=0.1, perceptual=1.5, dullness=0.4, learning_rate=3e-4),
}


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--photos", nargs="+", required=True, help="folders of photographs, searched recursively")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write, and to resume from if it exists")
    parser.add_argument("--init", help="checkpoint to start from; without it, random weights")
    parser.add_argument("--steps", type=int, default=20000, help="length of the whole stage, resumes included")
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--crop", type=int, default=112, help="side of the training crops, a multiple of 16")
    parser.add_argument("--learning-rate", type=float, help="instead of the stage's own")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.crop % STRIDE:
        parser.error(f"--crop must be a multiple of {STRIDE}, got {options.crop}")
    return options


class Trainer:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.stage = STAGES[options.stage]
        self.peak_rate = options.learning_rate or self.stage.learning_rate
        pictures = load_photographs(options.photos)
        print(f"{len(pictures)} photographs", flush=True)

        torch.manual_seed(options.seed)
        if options.init:
            self.network, self.bins = load_network(options.init)
        else:
            self.bins = ChromaBins.from_pictures(pictures)
            self.network = ColorizeNet(len(self.bins))
        self.network = self.network.to(memory_format=torch.channels_last).train()
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=self.peak_rate, weight_decay=WEIGHT_DECAY
        )
        self.weight = rebalanced(self.bins.prior(pictures), self.stage.rebalancing)
        self.crops = Crops(pictures, options.crop, options.seed)
        self.step = 0
        if options.out.exists():
            self._resume()

    def run(self) -> None:
        stop = _stop_on_interrupt()
        started, first, running = time.time(), self.step, None
        while self.step < self.options.steps and not stop:
            loss = self._train_step()
            running = loss if running is None else 0.98 * running + 0.02 * loss
            self.step += 1
            if self.step % 20 == 0:
                rate = (self.step - first) * self.options.batch / (time.time() - started)
                print(f"step {self.step}/{self.options.steps}  loss {running:.4f}  {rate:.0f} crops/s", flush=True)
            if self.step % self.options.save_every == 0:
                self._save()
        self._save()

    def _train_step(self) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        luma, chroma, clean_luma = self.crops.next(self.options.batch)
        phase = tuple(int(value) for value in self.crops.random.randint(0, 2, 2))
        chroma, clean_luma = (plane[:, :, phase[0] :: 2, phase[1] :: 2] for plane in (chroma, clean_luma))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self.network(luma.contiguous(memory_format=torch.channels_last), phase)
        logits = logits.float()
        loss = cross_entropy(logits, chroma, self.bins, self.weight)
        if self.stage.perceptual:
            loss = loss + self.stage.perceptual * perceptual(logits, chroma, clean_luma, self.bins)
        if self.stage.dullness:
            loss = loss + self.stage.dullness * dullness(logits, chroma, self.bins)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.optimizer.step()
        self._update_average()
        return loss.item()

    def _learning_rate(self) -> float:
        warm_up = min(1.0, (self.step + 1) / WARM_UP_STEPS)
        cosine = 0.5 * (1 + math.cos(math.pi * self.step / self.options.steps))
        return self.peak_rate * warm_up * (0.02 + 0.98 * cosine)

    @torch.no_grad()
    def _update_average(self) -> None:
        """Polyak averaging: the average of the last couple of hundred steps is what gets exported."""
        decay = 0.995 if self.options.init else min(0.995, self.step / (self.step + 50))
        for averaged, current in zip(self.average.state_dict().values(), self.network.state_dict().values()):
            if averaged.is_floating_point():
                averaged.mul_(decay).add_(current, alpha=1 - decay)
            else:
                averaged.copy_(current)

    def _save(self) -> None:
        content = {
            "stage": self.options.stage,
            "step": self.step,
            "centres": self.bins.centres,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": self.crops.random.get_state(),
        }
        save_atomically(content, self.options.out)

    def _resume(self) -> None:
        stored = torch.load(self.options.out, map_location="cpu")
        if stored["stage"] != self.options.stage:
            raise SystemExit(f"{self.options.out} holds stage {stored['stage']}, not {self.options.stage}")
        if not torch.equal(stored["centres"], self.bins.centres):
            raise SystemExit(f"{self.options.out} was trained with other chroma bins: give the same --init or --photos")
        self.network.load_state_dict(stored["network"])
        self.average.load_state_dict(stored["average"])
        self.optimizer.load_state_dict(stored["optimizer"])
        self.crops.random.set_state(stored["random"])
        self.step = stored["step"]
        print(f"resumed at step {self.step}", flush=True)


def _stop_on_interrupt() -> list[bool]:
    """A list that becomes non-empty, and so true, at the first Ctrl-C; the second one kills as usual."""
    asked: list[bool] = []

    def remember(*_: object) -> None:
        asked.append(True)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    signal.signal(signal.SIGINT, remember)
    return asked


if __name__ == "__main__":
    arguments = parse_options()
    torch.set_num_threads(arguments.threads)
    Trainer(arguments).run()
