"""The colour network: luma in, a distribution over chroma bins out, at half the input's resolution.

An encoder of residual blocks looks at the picture at strides 1, 2, 4, 8 and 16; the coarsest level is
averaged over the whole picture and added back (the global branch of Iizuka et al., "Let there be Color!",
2016), so that a beach is sandy even where a patch alone could be a wall. A decoder with skip connections
climbs back to stride 2. Every layer is a convolution, so any size divisible by 16 is accepted.
"""

from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS = (16, 48, 96, 160, 256)
"""Width of the encoder at strides 1, 2, 4, 8 and 16."""

DECODER_CHANNELS = 64
"""Width of the last decoder level, from which the bins are read."""

STRIDE = 16
"""Both sides of the input must be multiples of this."""


def conv_bn(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
    )


def conv_bn_relu(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(*conv_bn(inputs, outputs, stride), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv_bn_relu(channels, channels)
        self.second = conv_bn(channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.second(self.first(x)))


class ColorizeNet(nn.Module):
    """Luma `[N, 1, H, W]`, 0-1, to chroma-bin logits `[N, bins, H/2, W/2]`."""

    def __init__(self, bins: int) -> None:
        super().__init__()
        c1, c2, c4, c8, c16 = CHANNELS
        self.level1 = conv_bn_relu(1, c1)
        self.level2 = nn.Sequential(conv_bn_relu(c1, c2, 2), conv_bn_relu(c2, c2))
        self.level4 = nn.Sequential(conv_bn_relu(c2, c4, 2), Residual(c4))
        self.level8 = nn.Sequential(conv_bn_relu(c4, c8, 2), Residual(c8), Residual(c8))
        self.level16 = nn.Sequential(conv_bn_relu(c8, c16, 2), Residual(c16), Residual(c16))

        self.scene = nn.Sequential(nn.Linear(c16, c16), nn.ReLU())
        self.scene_to_level16 = nn.Linear(c16, c16)

        self.reduce16 = nn.Conv2d(c16, c8, 1)
        self.merge8 = Residual(c8)
        self.reduce8 = nn.Conv2d(c8, c4, 1)
        self.merge4 = Residual(c4)
        self.reduce4 = nn.Conv2d(c4, DECODER_CHANNELS, 1)
        self.skip2 = nn.Conv2d(c2, DECODER_CHANNELS, 1)
        self.merge2 = conv_bn_relu(DECODER_CHANNELS, DECODER_CHANNELS)
        self.head = nn.Conv2d(DECODER_CHANNELS, bins, 1)

    def forward(self, luma: torch.Tensor, phase: tuple[int, int] | None = None) -> torch.Tensor:
        """`phase` keeps every second row and column of the answer, starting there: a quarter of the
        softmax's cost in training, and with a random phase nothing goes unseen."""
        x2 = self.level2(self.level1(luma * 2 - 1))
        x4 = self.level4(x2)
        x8 = self.level8(x4)
        x16 = self.level16(x8)
        scene = self.scene(x16.mean((2, 3)))
        x16 = x16 + self.scene_to_level16(scene)[:, :, None, None]

        x = self.merge8(F.relu(_double(self.reduce16(x16)) + x8))
        x = self.merge4(F.relu(_double(self.reduce8(x)) + x4))
        x = self.merge2(F.relu(_double(self.reduce4(x)) + self.skip2(x2)))
        if phase is not None:
            x = x[:, :, phase[0] :: 2, phase[1] :: 2]
        return self.head(x)


def _double(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


_FIRST_GENERATION_NAMES = {
    "s0": "level1", "s1": "level2", "s2": "level4", "s3": "level8", "s4": "level16",
    "glob": "scene", "gproj": "scene_to_level16",
    "d4": "reduce16", "r3": "merge8", "d3": "reduce8", "r2": "merge4", "d2": "reduce4",
    "k1": "skip2", "r1": "merge2", "head": "head",
}  # fmt: skip


def upgrade_state(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Checkpoints of the first generation used short names and an auxiliary classifier, dropped here."""
    if "s0.0.weight" not in state:
        return state
    upgraded = {}
    for key, value in state.items():
        level, _, rest = key.partition(".")
        if level == "cls":
            continue
        if level in ("s2", "s3", "s4", "r3", "r2"):
            rest = rest.replace("a.", "first.", 1) if rest.startswith("a.") or ".a." in rest else rest
            rest = rest.replace("b.", "second.", 1) if rest.startswith("b.") or ".b." in rest else rest
        upgraded[f"{_FIRST_GENERATION_NAMES[level]}.{rest}"] = value
    return {key: value.float() if value.is_floating_point() else value for key, value in upgraded.items()}
