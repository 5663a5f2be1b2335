"""What trainings that run for a long time have in common."""

import os

import numpy as np
import torch


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


def resume(path, network, optimizer):
    """Goes on from a checkpoint if there is one: averaged weights, step, and seconds spent."""
    if not path.exists():
        return {name: value.clone() for name, value in network.state_dict().items()}, 0, 0.0
    state = torch.load(path)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return state["average"], state["step"], state["spent"]


def update_average(average, network, step, longest=0.998):
    """Weights averaged over time, sooner forgotten at the beginning; what is counted is copied."""
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                average[name].lerp_(value, 1 - min(longest, step / (step + 20)))
            else:
                average[name].copy_(value)
