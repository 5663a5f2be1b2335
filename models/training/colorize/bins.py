"""Chroma as a classification problem (Zhang, Isola and Efros, "Colorful Image Colorization", ECCV 2016).

The Cb-Cr plane is cut into a grid, the cells that occur in photographs become classes, and the network
predicts how likely each is. Regressing chroma directly averages a red and a green apple to brown;
a distribution can be sharpened afterwards with a temperature.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

STEP = 10.0
"""Distance of neighbouring bin centres, in 8-bit chroma codes."""

REACH = 8
"""Centres go from -REACH * STEP to +REACH * STEP in Cb and in Cr."""

SIDE = 2 * REACH + 1
SOFT_LIMIT = 31.0
"""Distance from neutral, in 8-bit codes, that stronger and stronger colours approach; 10 becomes 9.5, 20 becomes 16.8."""

RAREST = 2e-6
"""A cell that holds a smaller share of the pixels than this is no class; its colours go to the nearest class."""


class ChromaBins:
    """`centres` is float32 [bins, 2]: Cb and Cr as offsets from neutral, 8-bit codes, full range."""

    def __init__(self, centres: torch.Tensor) -> None:
        self.centres = centres.float()
        axis = torch.arange(-REACH, REACH + 1).float() * STEP
        grid = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
        self.class_of_cell = torch.cdist(grid, self.centres).argmin(1)

    def __len__(self) -> int:
        return len(self.centres)

    @staticmethod
    def from_pictures(pictures: list[np.ndarray]) -> "ChromaBins":
        counts = cell_counts(pictures)
        used = (counts / counts.sum() > RAREST).nonzero().flatten()
        return ChromaBins(torch.stack([used // SIDE - REACH, used % SIDE - REACH], 1) * STEP)

    def prior(self, pictures: list[np.ndarray]) -> torch.Tensor:
        """Share of the pixels in each class, float32 [bins]."""
        counts = torch.zeros(len(self)).index_add_(0, self.class_of_cell, cell_counts(pictures))
        return counts / counts.sum()

    def soft_target(self, chroma: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Chroma [N, 2, h, w] to four classes and their bilinear weights, each [N, 4, h, w]."""
        position = (chroma / STEP).clamp(-REACH + 1e-3, REACH - 1e-3) + REACH
        corner = position.floor()
        fraction = position - corner
        corner = corner.long()
        classes, weights = [], []
        for down in (0, 1):
            for right in (0, 1):
                cell = (corner[:, 0] + down) * SIDE + corner[:, 1] + right
                classes.append(self.class_of_cell[cell])
                weight_cb = fraction[:, 0] if down else 1 - fraction[:, 0]
                weight_cr = fraction[:, 1] if right else 1 - fraction[:, 1]
                weights.append(weight_cb * weight_cr)
        return torch.stack(classes, 1), torch.stack(weights, 1)

    def decode(self, logits: torch.Tensor, temperature: float) -> torch.Tensor:
        """The annealed mean: the expectation after sharpening, [N, bins, h, w] to [N, 2, h, w]."""
        return F.conv2d((logits / temperature).softmax(1), self.centres.t()[:, :, None, None])


def soft_limited(chroma: torch.Tensor) -> torch.Tensor:
    """Holds strong colours back, [N, 2, h, w] to the same: where the network is sure and wrong they hurt most. At
    equal colourfulness the result is nearer to the truth than with all colours weakened alike."""
    distance = chroma.square().sum(1, keepdim=True)
    return chroma / (1 + distance / SOFT_LIMIT**2).sqrt()


def rebalanced(prior: torch.Tensor, exponent: float) -> torch.Tensor:
    """Loss weight of each class: rare colours count more. Exponent 1 is Zhang et al., 0 is none at all."""
    flattened = 0.5 * prior + 0.5 / len(prior)
    weight = 1 / flattened
    weight = (weight / (prior * weight).sum()).clamp(max=8) ** exponent
    return weight / (prior * weight).sum()


def cell_counts(pictures: list[np.ndarray]) -> torch.Tensor:
    counts = np.zeros(SIDE * SIDE)
    for picture in pictures:
        chroma = picture[::2, ::2, 1:].reshape(-1, 2).astype(np.float32) - 128
        cell = np.clip(np.rint(chroma / STEP), -REACH, REACH).astype(np.int64) + REACH
        counts += np.bincount(cell[:, 0] * SIDE + cell[:, 1], minlength=SIDE * SIDE)
    return torch.from_numpy(counts).float()
