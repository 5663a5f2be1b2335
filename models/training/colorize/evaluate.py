"""Scores a checkpoint on photographs it has never seen: PSNR, CIEDE2000 and colourfulness beside grey's.

    python3 evaluate.py CHECKPOINT --photos FOLDER... [--temperature 0.4 0.6 1.0] [--saturation 1.0 1.3]
"""

from __future__ import annotations

import argparse

import cv2
import numpy as np
import torch

from bins import ChromaBins, soft_limited
from checkpoint import load_network
from data import load_photographs
from metrics import ciede2000, colourfulness, psnr
from network import STRIDE, ColorizeNet

THUMBNAIL_SHORT_SIDE = 128
EVALUATION_SHORT_SIDE = 192


def thumbnail(luma: np.ndarray, short_side: int = THUMBNAIL_SHORT_SIDE) -> torch.Tensor:
    """uint8 [h, w] to float32 [1, 1, h', w'], 0-1, both sides multiples of 16."""
    scale = short_side / min(luma.shape)
    height, width = (max(2 * STRIDE, round(side * scale / STRIDE) * STRIDE) for side in luma.shape)
    return torch.from_numpy(cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA)).float()[None, None] / 255


def paint(luma: np.ndarray, chroma: np.ndarray) -> np.ndarray:
    """uint8 luma [h, w] and chroma offsets [2, h', w'] to BGR."""
    height, width = luma.shape
    full = [cv2.resize(plane, (width, height), interpolation=cv2.INTER_CUBIC) + 128 for plane in chroma]
    cb, cr = (np.clip(np.rint(plane), 0, 255).astype(np.uint8) for plane in full)
    return cv2.cvtColor(np.dstack([luma, cr, cb]), cv2.COLOR_YCrCb2BGR)


def score(pictures: list[np.ndarray], network: ColorizeNet, bins: ChromaBins, settings: list[tuple[float, float]]):
    """Mean (PSNR, CIEDE2000, colourfulness) of grey and of each (temperature, saturation), by name."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for picture in pictures:
        luma = picture[..., 0]
        truth = cv2.cvtColor(np.ascontiguousarray(picture[..., [0, 2, 1]]), cv2.COLOR_YCrCb2BGR)
        with torch.no_grad():
            logits = network(thumbnail(luma))
        candidates = {"truth": truth, "grey": paint(luma, np.zeros((2, 2, 2), np.float32))}
        for temperature, saturation in settings:
            chroma = soft_limited(bins.decode(logits, temperature))[0].numpy() * saturation
            candidates[f"temperature {temperature} saturation {saturation}"] = paint(luma, chroma)
        for name, candidate in candidates.items():
            row = (psnr(truth, candidate), ciede2000(truth, candidate), colourfulness(candidate))
            rows.setdefault(name, []).append(row)
    return {name: np.mean(values, axis=0) for name, values in rows.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--photos", nargs="+", required=True, help="folders never used in training")
    parser.add_argument("--temperature", nargs="+", type=float, default=[0.6, 1.0])
    parser.add_argument("--saturation", nargs="+", type=float, default=[1.0])
    parser.add_argument("--every", type=int, default=1, help="score every n-th photograph only")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    network, bins = load_network(options.checkpoint)
    pictures = load_photographs(options.photos, EVALUATION_SHORT_SIDE)[:: options.every]
    settings = [(t, s) for t in options.temperature for s in options.saturation]
    print(f"{len(pictures)} photographs")
    for name, (decibels, difference, colour) in score(pictures, network, bins, settings).items():
        print(f"{name:34s} PSNR {decibels:6.2f} dB  CIEDE2000 {difference:6.3f}  colourfulness {colour:5.1f}", flush=True)


if __name__ == "__main__":
    main()
