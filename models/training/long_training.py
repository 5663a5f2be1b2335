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
