"""What a line says: convolutions down to one row, then mixing along the line by wide convolutions and by attention (Du et al. 2022, SVTR), for CTC."""

import torch
from torch import nn
from torch.nn import functional as F

from layers import ConvNorm, Residual
from vocabulary import CLASSES

DEEP = 256


class Along(nn.Module):
    """Mixes along the line: each channel over `reach` steps, then channels at each step. [N, C, 1, T]"""

    def __init__(self, channels, reach=9):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, (1, reach), padding=(0, reach // 2), groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            ConvNorm(channels, 2 * channels, 1),
            ConvNorm(2 * channels, channels, 1, active=False),
        )

    def forward(self, x):
        return x + self.body(x)


class Attention(nn.Module):
    """Each step looks at all of the line. [N, C, 1, T]"""

    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.norm = nn.BatchNorm2d(channels)
        self.ask = nn.Conv2d(channels, 3 * channels // 2, 1)
        self.give = nn.Conv2d(channels // 2, channels, 1)

    def forward(self, x):
        batch, channels = x.shape[:2]
        asked = self.ask(self.norm(x)).reshape(batch, 3, self.heads, channels // 2 // self.heads, -1)
        query, key, value = asked[:, 0], asked[:, 1], asked[:, 2]
        weights = torch.softmax(query.transpose(2, 3) @ key * (channels // 2 // self.heads) ** -0.5, 3)
        seen = (value @ weights.transpose(2, 3)).reshape(batch, channels // 2, 1, -1)
        return x + self.give(seen)


class ReadNet(nn.Module):
    """Lines [N, 1, 32, w], -1 to 1 → logits [N, T, CLASSES]; two steps for each four pixels begun."""

    def __init__(self, deep=DEEP):
        super().__init__()
        self.look = nn.Sequential(
            ConvNorm(1, 24, 3, 2),
            ConvNorm(24, 48, 3),
            ConvNorm(48, 80, 3, 2),
            Residual(80),
            Residual(80),
            ConvNorm(80, 128, 3, (2, 1)),
            Residual(128),
            Residual(128),
            ConvNorm(128, deep, (4, 3)),
        )
        self.mix = nn.Sequential(Along(deep), Along(deep), Attention(deep), Along(deep), Attention(deep), Along(deep))
        self.say = nn.Conv2d(deep, 2 * 160, 1)
        self.spell = nn.Linear(160, CLASSES)
        # Most steps say nothing: begin with that.
        nn.init.constant_(self.spell.bias[:1], 4.0)

    def forward(self, x):
        steps = self.say(self.mix(self.look(x)))
        # Narrow letters have less than four pixels: each column says two things.
        batch = steps.shape[0]
        steps = steps.reshape(batch, 2, 160, -1).permute(0, 3, 1, 2).reshape(batch, -1, 160)
        return self.spell(F.relu(steps))


def steps_of(width):
    return 2 * ((width + 3) // 4)
