"""Where text is: a small residual network (He et al. 2016), a pyramid, and the two heads of DB. Maps come at the full resolution, 16 pixels from each cell of stride 4.

Convolutions are dense: on CPUs they train several times as fast as depthwise ones of the same quality, and run as fast.
"""

import torch
from torch import nn
from torch.nn import functional as F

from layers import ConvNorm, Residual

STEEPNESS = 50.0
WIDTHS = (32, 64, 96, 160)
"""Channels at strides 4, 8, 16 and 32."""
BLOCKS = (1, 2, 2, 2)
NECK = 48


class Context(nn.Module):
    """Channels weighed by what the whole picture has (Hu et al. 2018)."""

    def __init__(self, channels):
        super().__init__()
        self.weigh = nn.Sequential(nn.Conv2d(channels, channels // 4, 1), nn.ReLU(inplace=True), nn.Conv2d(channels // 4, channels, 1), nn.Hardsigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3), keepdim=True))


class Head(nn.Sequential):
    def __init__(self, inputs):
        super().__init__(ConvNorm(inputs, 32), nn.Conv2d(32, 16, 1), nn.PixelShuffle(4))


class DetectNet(nn.Module):
    """RGB float [N, 3, h, w], -1 to 1, sides multiples of 32 → logits of kernels [N, 1, h, w], and in training those of thresholds."""

    def __init__(self):
        super().__init__()
        self.stem = ConvNorm(3, 16, 3, 2)
        inputs = (16, *WIDTHS)
        self.stages = nn.ModuleList(nn.Sequential(ConvNorm(inputs[at], width, 3, 2), *(Residual(width) for _ in range(count))) for at, (width, count) in enumerate(zip(WIDTHS, BLOCKS)))
        self.context = Context(WIDTHS[-1])
        self.laterals = nn.ModuleList(ConvNorm(width, NECK, 1) for width in WIDTHS)
        self.smooth = nn.ModuleList(ConvNorm(NECK, NECK) for _ in range(2))
        self.kernels, self.thresholds = Head(NECK), Head(NECK)
        # Few pixels are text: begin with that.
        nn.init.constant_(self.kernels[1].bias, -2.5)

    def forward(self, x):
        x, levels = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        levels[3] = self.context(levels[3])
        laterals = [lateral(level) for lateral, level in zip(self.laterals, levels)]
        x = laterals[3]
        for at in (2, 1):
            x = self.smooth[at - 1](laterals[at] + F.interpolate(x, scale_factor=2.0, mode="nearest"))
        x = laterals[0] + F.interpolate(x, scale_factor=2.0, mode="nearest")
        return (self.kernels(x), self.thresholds(x)) if self.training else self.kernels(x)


def losses(outputs, kernels, asked, edges, near):
    """Targets float32 [N, h, w] as `maps_of` has them."""
    logits, thresholds = (output[:, 0].float() for output in outputs)
    thresholds = torch.sigmoid(thresholds)
    binary = torch.sigmoid(STEEPNESS * (torch.sigmoid(logits) - thresholds))
    return {
        "kernels": 3 * _mined(F.binary_cross_entropy_with_logits(logits, kernels, reduction="none"), kernels, asked),
        "binary": _dice(binary, kernels, asked),
        "edges": 5 * (F.l1_loss(thresholds, edges, reduction="none") * near).sum() / near.sum().clamp_min(1),
    }


def _mined(loss, kernels, asked, ratio=3.0, sampled=40_000):
    """Mean over text and over the `ratio` times as many pixels without text whose loss is largest; where those begin is told from a sample."""
    text, empty = (kernels * asked).bool(), ((1 - kernels) * asked).bool()
    positives, negatives = loss[text], loss[empty]
    share = min(1.0, ratio * max(len(positives), 1000) / max(1, len(negatives)))
    sample = negatives.detach()[torch.randint(len(negatives), (sampled,))]
    limit = torch.quantile(sample, 1 - share)
    hard = negatives[negatives >= limit]
    return (positives.sum() + hard.sum()) / (len(positives) + len(hard))


def _dice(binary, kernels, asked):
    both = (binary * kernels * asked).sum((1, 2))
    return (1 - (2 * both + 1) / ((binary * asked).sum((1, 2)) + (kernels * asked).sum((1, 2)) + 1)).mean()
