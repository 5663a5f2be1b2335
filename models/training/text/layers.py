"""Layers of both networks."""

from torch import nn
from torch.nn import functional as F


class ConvNorm(nn.Sequential):
    def __init__(self, inputs, outputs, kernel=3, stride=1, groups=1, active=True):
        padding = (kernel // 2, kernel // 2) if isinstance(kernel, int) else (0, kernel[1] // 2)
        layers = [nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
        super().__init__(*layers, *([nn.ReLU(inplace=True)] if active else []))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(ConvNorm(channels, channels), ConvNorm(channels, channels, active=False))

    def forward(self, x):
        return F.relu(x + self.body(x))
