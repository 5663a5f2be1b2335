"""Checkpoints: what `train.py` writes, and the first generation's file that it can start from."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from bins import ChromaBins
from network import ColorizeNet, upgrade_state


def load_network(path: str) -> tuple[ColorizeNet, ChromaBins]:
    """The averaged weights of a checkpoint, ready to infer."""
    stored = torch.load(path, map_location="cpu")
    bins = ChromaBins(stored["centres"] if "centres" in stored else stored["cent"])
    network = ColorizeNet(len(bins))
    network.load_state_dict(upgrade_state(stored["average"] if "average" in stored else stored["net"]))
    return network.eval(), bins


def save_atomically(content: dict, path: Path) -> None:
    """A crash while writing must not cost the previous checkpoint."""
    partial = path.with_suffix(path.suffix + ".partial")
    torch.save(content, partial)
    os.replace(partial, path)
