"""Photographs from folders, and what makes their luma look like film.

Pictures are held as uint8 [h, w, 3] in Y, Cb, Cr order (BT.601, full range, as JPEG stores them).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

SHORT_SIDE = 176
"""Photographs are reduced to this when loaded; crops are taken between the crop size and this."""

GREY_BELOW = 2.0
"""A picture whose chroma differs from neutral by less than this on average teaches nothing but grey."""


def load_photographs(folders: list[str], short_side: int = SHORT_SIDE, smallest: int = 100) -> list[np.ndarray]:
    pictures = []
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        picture = load_photograph(path, short_side)
        if picture is not None and min(picture.shape[:2]) >= smallest:
            pictures.append(picture)
    if not pictures:
        raise SystemExit(f"no colour photographs of at least {smallest} px found in {', '.join(folders)}")
    return pictures


def load_photograph(path: Path, short_side: int) -> np.ndarray | None:
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        return None
    scale = short_side / min(bgr.shape[:2])
    if scale < 1:
        size = [max(short_side, round(side * scale)) for side in bgr.shape[1::-1]]
        bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
    ycc = cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb)[..., [0, 2, 1]]
    grey = np.abs(ycc[..., 1:].astype(np.float32) - 128).mean() < GREY_BELOW
    return None if grey else np.ascontiguousarray(ycc)


class Crops:
    """Random square crops. `next(batch)` gives luma as film would show it [N, 1, s, s] (0-1), and what it
    really was: chroma [N, 2, s/2, s/2] (offsets from neutral) and luma [N, 1, s/2, s/2] (0-1)."""

    def __init__(self, pictures: list[np.ndarray], size: int, seed: int) -> None:
        self.pictures = [picture for picture in pictures if min(picture.shape[:2]) >= size]
        self.size = size
        self.random = np.random.RandomState(seed)

    def next(self, batch: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        crops = torch.from_numpy(np.stack([self._crop() for _ in range(batch)])).permute(0, 3, 1, 2).float()
        luma = crops[:, :1] / 255
        return self._film(luma), F.avg_pool2d(crops[:, 1:] - 128, 2), F.avg_pool2d(luma, 2)

    def _crop(self) -> np.ndarray:
        picture = self.pictures[self.random.randint(len(self.pictures))]
        height, width = picture.shape[:2]
        side = self.random.randint(self.size, min(height, width) + 1)
        top, left = self.random.randint(height - side + 1), self.random.randint(width - side + 1)
        crop = picture[top : top + side, left : left + side]
        crop = cv2.resize(crop, (self.size, self.size), interpolation=cv2.INTER_AREA)
        return crop[:, ::-1] if self.random.rand() < 0.5 else crop

    def _film(self, luma: torch.Tensor) -> torch.Tensor:
        """Gamma, contrast and brightness of unknown stock and scanner; a soft lens; grain."""
        per_picture = (len(luma), 1, 1, 1)
        gamma = self._uniform(-0.35, 0.35, per_picture).exp()
        contrast = self._uniform(0.7, 1.2, per_picture)
        brightness = self._uniform(-0.08, 0.08, per_picture)
        luma = (luma.clamp(1e-3, 1) ** gamma - 0.5) * contrast + 0.5 + brightness
        if self.random.rand() < 0.4:
            luma = F.avg_pool2d(F.pad(luma, (1, 1, 1, 1), mode="reflect"), 3, 1)
        grain = float(self.random.choice([0, 0, 0.015, 0.04]))
        noise = torch.from_numpy(self.random.standard_normal(luma.shape).astype(np.float32))
        return (luma + noise * grain).clamp(0, 1)

    def _uniform(self, low: float, high: float, shape: tuple[int, ...]) -> torch.Tensor:
        return torch.from_numpy(self.random.uniform(low, high, shape).astype(np.float32))
