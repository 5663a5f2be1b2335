"""What trainings that run for a long time have in common."""

import math
import os
import time

import numpy as np
import torch

CHECKPOINT_SECONDS = 240
LONGEST_STEP = 30
"""Seconds; more between two steps means that the training was halted meanwhile, which is no time of training."""


class Training:
    """A network on its way: its weights averaged over time, and `done`, 0–1, by the time that it has worked, over all starts. Goes on from the checkpoint at `path` if there is one.

    `due` says after a step that it is time for `save`.
    """

    def __init__(self, path, network, optimizer, minutes, shown=20, averaging=0.998):
        self.path, self.network, self.optimizer, self.seconds = path, network, optimizer, minutes * 60
        self.shown, self.averaging = shown, averaging
        self.average = {name: value.clone() for name, value in network.state_dict().items()}
        self.step, self.spent, self.due, self.sums = 0, 0.0, False, {}
        if path.exists():
            state = torch.load(path)
            network.load_state_dict(state["network"])
            optimizer.load_state_dict(state["optimizer"])
            self.average, self.step, self.spent = state["average"], state["step"], state["spent"]
        self.looked = self.saved = time.time()

    @property
    def done(self):
        return min(1.0, self.spent / self.seconds)

    def descend(self, parts, peak, warm_up=1, longest=None):
        """One step down the gradient of a loss in parts, made no longer than `longest`; the rate rises for `warm_up` steps and falls with the time. Raises where the loss is no number."""
        loss = sum(parts.values())
        if not torch.isfinite(loss):
            raise SystemExit(f"step {self.step}: the loss is {loss.item()}")
        rate = learning_rate(self.done, peak) * min(1.0, (self.step + 1) / warm_up)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group.get("scale", 1.0)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        length = torch.nn.utils.clip_grad_norm_(self.network.parameters(), math.inf if longest is None else longest)
        # Some processors' bfloat16 arithmetic gives infinite gradients now and then: such a step is left out.
        if torch.isfinite(length):
            self.optimizer.step()
        else:
            print(f"step {self.step}: left out, its gradient is {length.item()} long", flush=True)
        update_average(self.average, self.network, self.step + 1, self.averaging)
        self._advance({name: value.item() for name, value in parts.items()})

    def _advance(self, parts):
        now = time.time()
        self.spent += min(LONGEST_STEP, now - self.looked)
        self.looked, self.step = now, self.step + 1
        for name, value in parts.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        if self.step % self.shown == 0:
            print(f"{self.step}  {100 * self.done:.1f} %  {self.spent / 60:.1f} min  {words(self.sums, self.shown)}", flush=True)
            self.sums = {}
        self.due = now - self.saved > CHECKPOINT_SECONDS or self.done >= 1

    def save(self, **more):
        state = {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(), "average": self.average}
        save({**state, "step": self.step, "spent": self.spent, **more}, self.path)
        self.saved, self.due = time.time(), False


def learning_rate(done, peak):
    """`done` 0–1 of the time: falls along a cosine to a fiftieth."""
    return peak * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * min(1.0, done))))


def words(sums, count=1):
    """Parts of a loss, summed over `count` steps, as a line."""
    return "  ".join(f"{name} {value / count:.4f}" for name, value in [("sum", sum(sums.values())), *sums.items()])


def save(state, path):
    """Never leaves half a checkpoint."""
    torch.save(state, f"{path}.new")
    os.replace(f"{path}.new", path)


def update_average(average, network, step, longest=0.998):
    """Weights averaged over time, sooner forgotten at the beginning; what is counted is copied."""
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                average[name].lerp_(value, 1 - min(longest, step / (step + 20)))
            else:
                average[name].copy_(value)
