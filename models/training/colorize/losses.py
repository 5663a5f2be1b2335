"""What the network is asked to minimise."""

from __future__ import annotations

import torch

from bins import ChromaBins

DECODE_TEMPERATURE = 0.5
"""The perceptual terms look at the colours as a viewer will get them: sharpened."""


def cross_entropy(logits: torch.Tensor, chroma: torch.Tensor, bins: ChromaBins, weight: torch.Tensor) -> torch.Tensor:
    """Against soft targets; each pixel weighs what its colour weighs in `weight` [bins]."""
    classes, shares = bins.soft_target(chroma)
    per_pixel = -(logits.log_softmax(1).gather(1, classes) * shares).sum(1)
    return (per_pixel * (weight[classes] * shares).sum(1)).mean()


def perceptual(logits: torch.Tensor, chroma: torch.Tensor, luma: torch.Tensor, bins: ChromaBins) -> torch.Tensor:
    """Colour difference at equal luma (CIE94, without its lightness term), in units of ten."""
    decoded = bins.decode(logits, DECODE_TEMPERATURE)
    truth, guess = _lab(luma, chroma), _lab(luma, decoded)
    chroma_of_truth = truth[:, 1:].pow(2).sum(1).add(1e-2).sqrt()
    chroma_of_guess = guess[:, 1:].pow(2).sum(1).add(1e-2).sqrt()
    d_chroma = chroma_of_guess - chroma_of_truth
    d_hue2 = ((guess - truth)[:, 1:].pow(2).sum(1) - d_chroma.pow(2)).clamp(min=0)
    scale_chroma, scale_hue = 1 + 0.045 * chroma_of_truth, 1 + 0.015 * chroma_of_truth
    squared = (d_chroma / scale_chroma).pow(2) + d_hue2 / scale_hue.pow(2)
    return squared.add(1e-2).sqrt().mean() / 10


def dullness(logits: torch.Tensor, chroma: torch.Tensor, bins: ChromaBins) -> torch.Tensor:
    """How much less chroma a picture has on average than the real one, in units of ten codes: any colour
    difference alone is smallest for a cautious, greyish guess."""
    decoded = bins.decode(logits, DECODE_TEMPERATURE)
    strength = [c.pow(2).sum(1).add(1e-2).sqrt().mean((1, 2)) for c in (chroma, decoded)]
    return (strength[0] - strength[1]).clamp(min=0).mean() / 10


def _lab(luma: torch.Tensor, chroma: torch.Tensor) -> torch.Tensor:
    """Luma [N, 1, h, w] 0-1 and chroma [N, 2, h, w] (BT.601 full range) to CIE L*a*b* (D65)."""
    cb, cr = chroma[:, :1] / 255, chroma[:, 1:] / 255
    rgb = torch.cat([luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb], 1).clamp(0, 1)
    linear = torch.where(rgb > 0.04045, ((rgb.clamp(min=1e-3) + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    red, green, blue = linear.unbind(1)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (
        torch.where(t > 0.008856, t.clamp(min=1e-4) ** (1 / 3), 7.787 * t + 16 / 116) for t in (x, y, z)
    )
    return torch.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], 1)
