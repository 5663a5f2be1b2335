"""How far a colouring is from the truth, and how colourful it is.

Pixel distances reward grey, so none of them is to be read without the colourfulness beside it.
"""

from __future__ import annotations

import cv2
import numpy as np


def psnr(truth: np.ndarray, candidate: np.ndarray) -> float:
    """Decibels between two uint8 pictures."""
    error = np.mean((truth.astype(np.float64) - candidate) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def colourfulness(bgr: np.ndarray) -> float:
    """Hasler and Suesstrunk, "Measuring Colourfulness in Natural Images", 2003. About 0 for grey, 35 for a photograph."""
    blue, green, red = (bgr[..., channel].astype(np.float64) for channel in range(3))
    red_green, yellow_blue = red - green, 0.5 * (red + green) - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def ciede2000(truth: np.ndarray, candidate: np.ndarray) -> float:
    """Mean colour difference of two uint8 BGR pictures (CIE 142-2001, after Sharma, Wu and Dalal, 2005)."""
    lightness1, a1, b1 = _lab(truth)
    lightness2, a2, b2 = _lab(candidate)
    mean_chroma7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma7 / (mean_chroma7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    chroma1, chroma2 = np.hypot(a1, b1), np.hypot(a2, b2)
    hue1, hue2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360

    grey = chroma1 * chroma2 == 0
    hue_step = (hue2 - hue1 + 180) % 360 - 180
    hue_step = np.where(grey, 0, hue_step)
    d_lightness, d_chroma = lightness2 - lightness1, chroma2 - chroma1
    d_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(hue_step / 2))

    lightness, chroma = (lightness1 + lightness2) / 2, (chroma1 + chroma2) / 2
    hue = np.where(grey, hue1 + hue2, (hue1 + hue_step / 2) % 360)
    cosines = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    t = 1 + sum(weight * np.cos(np.radians(times * hue + shift)) for weight, times, shift in cosines)
    scale_lightness = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    scale_chroma, scale_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    rotation = rotation * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    x, y, z = d_lightness / scale_lightness, d_chroma / scale_chroma, d_hue / scale_hue
    return float(np.sqrt(np.maximum(x * x + y * y + z * z + rotation * y * z, 0)).mean())


def _lab(bgr: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lab = cv2.cvtColor(bgr.astype(np.float32) / 255, cv2.COLOR_BGR2Lab).astype(np.float64)
    return lab[..., 0], lab[..., 1], lab[..., 2]
