"""A streaming network: pictures one by one, with what it remembers, to what sounds.

It sees the picture in grey and how it differs from earlier ones, both in units of what is usual in this film: neither contrast nor the size of movements tells what sounds.
Some channels of a small convolutional trunk come from the step before (temporal shift: Lin et al., *TSM*, 2019), so that motion is followed where it is; a recurrent unit
keeps the context. A map of contacts says where and when; the rest is read off at its peak. The prediction made at a step is for LOOK_AHEAD steps before it.
"""

import torch
import torch.nn.functional as F
from torch import nn

from vocabulary import ACTIONS, FEATURES, MATERIALS, SIZE

DIFFERENCES = (1, 2, 4)
"""Steps back of the pictures that the present one is compared with."""
EARLIER = max(DIFFERENCES)
SHIFTED = 4
"""One in so many channels comes from the step before."""
LUMA = (0.299, 0.587, 0.114)
CELLS = 14
BROAD = 7
"""Cells of a side of the map of contacts, and of the coarser one that tells it what is around."""
MEMORY = 0.98
"""Of one step to the next: what is usual is what was in the last two seconds or so."""
LEAST = (0.7 / 255) ** 2
"""Square of a difference that is usual where nothing moves: grain."""
SURPRISE = 8.0
"""Of a step that moves more than so many times what is usual, so much counts: cuts and flashes are not usual."""
SHARPNESS = 2.0
PEAK_AROUND = 3
"""Steps to both sides within which a peak of motion is the highest."""
PEAK_RATIO = 1.0
"""A peak moves more than so many times what is usual."""
PEAK_WORTH = 1.0
"""Logits that an onset gains a step after a peak of motion, where arms are fastest before they hit; half of it a step sooner or later. Drawn scenes do not teach this, and lose by
it; it serves real clips that a network has not been trained on (`choose_peak_worth.py`)."""
OUTPUTS = {"onset": 1, "offset": 1, "energy": 1, "position": 2, "action": len(ACTIONS), "material": len(MATERIALS), "features": FEATURES}


def block(inputs, outputs, stride):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


def split(x, sides):
    """The first dimension as two. (`unflatten` has no counterpart in ONNX.)"""
    return x.reshape(*sides, *x.shape[1:])


class Shifted(nn.Module):
    """A residual block whose first channels are those of the step before: [n, steps, c, h, w], and the state [n, c / SHIFTED, h, w]."""

    def __init__(self, channels):
        super().__init__()
        self.share = channels // SHIFTED
        self.block = block(channels, channels, 1)

    def forward(self, x, before):
        own, kept = x[:, :, : self.share], x[:, :, self.share :]
        late = torch.cat([before[:, None], own[:, :-1]], 1)
        mixed = torch.cat([late, kept], 2)
        return x + split(self.block(mixed.flatten(0, 1)), x.shape[:2]), own[:, -1]


def usual_motion(energies, level):
    """Mean square differences [n, steps] and the state [n, 2], their fading sum and its weight → what is usual at each step, and the new state."""
    usual = []
    for step in range(energies.shape[1]):
        known = level[:, 0] / level[:, 1].clamp(min=1e-6)
        counted = torch.minimum(energies[:, step], SURPRISE * known + LEAST)
        level = MEMORY * level + torch.stack([counted, torch.ones_like(counted)], 1)
        usual.append(level[:, 0] / level[:, 1])
    return torch.stack(usual, 1) + LEAST, level


def motion_peaks(ratios, before):
    """How much moves in comparison with what is usual, [n, steps], and of the 2 · PEAK_AROUND + 2 steps before → [n, steps], 1 where a peak was a step before that which is meant, and the new state.

    The step that is meant is LOOK_AHEAD = PEAK_AROUND steps ago.
    """
    seen = torch.cat([before, ratios], 1)
    highest = F.max_pool1d(seen[:, None], 2 * PEAK_AROUND + 1, 1)[:, 0]
    middle = seen[:, PEAK_AROUND:-PEAK_AROUND]
    peaks = ((middle >= highest) & (middle > PEAK_RATIO)).to(ratios.dtype)
    steps = ratios.shape[1]
    sooner, there, later = (peaks[:, k : k + steps] for k in (0, 1, 2))
    return torch.maximum(there, 0.5 * torch.maximum(sooner, later)), seen[:, -before.shape[1] :]


def decided(outputs):
    """Logits of onsets, peaks of motion considered, [n, steps, 1]."""
    return outputs["onset"] + PEAK_WORTH * outputs["peak"]


class FoleyNet(nn.Module):
    """Lumas [n, steps, SIZE, SIZE], 0–255, and states → outputs by name, [n, steps, …], and new states.

    Of the outputs, onset and energy are logits, offset is in steps (-0.5 to 0.5), position x and y (0–1), action and material logits of classes; `cells` [n, steps, CELLS²]
    are logits of contacts, row by row, whose sum of probabilities the onset is. `peak` [n, steps, 1], 0 to 1, is no part of what is learned: see `decided`.
    """

    def __init__(self, width=16, memory=128):
        super().__init__()
        self.width, self.memory = width, memory
        w = width
        self.of_differences = nn.Conv2d(len(DIFFERENCES), 2 * w, 7, 4, 3, bias=False)
        self.of_picture = nn.Conv2d(1, 2 * w, 7, 4, 3, bias=False)
        self.after = nn.Sequential(nn.BatchNorm2d(2 * w), nn.ReLU())
        self.early = block(2 * w, 4 * w, 2)
        self.middle = nn.ModuleList([Shifted(4 * w), Shifted(4 * w)])
        self.reduce = block(4 * w, 6 * w, 2)
        self.late = nn.ModuleList([Shifted(6 * w), Shifted(6 * w)])
        self.squeeze = nn.Conv2d(6 * w, w, 1)
        self.join = nn.Linear(12 * w + w * BROAD * BROAD + 2, memory)
        self.recurrent = nn.GRU(memory, memory, batch_first=True)
        self.broad, self.fine, self.contextual = nn.Conv2d(6 * w, 4 * w, 1), nn.Conv2d(4 * w, 4 * w, 1), nn.Linear(memory, 4 * w)
        self.contact = nn.Conv2d(4 * w, 1, 1)
        # Impacts are rare: without this the first hundred steps only learn that.
        nn.init.constant_(self.contact.bias, -8.0)
        self.read = nn.Linear(4 * w + memory, 160)
        self.heads = nn.ModuleDict({name: nn.Linear(160, OUTPUTS[name]) for name in ("offset", "energy", "position", "action", "material", "features")})
        centres = (torch.arange(CELLS) + 0.5) / CELLS
        self.register_buffer("centres", torch.stack([centres.repeat(CELLS), centres.repeat_interleave(CELLS)], 1))

    def learn(self, early=True):
        """As `train`; but its first layers stay as they are where `early` is false, which takes a third less time."""
        self.train()
        for module in (self.of_differences, self.of_picture, self.after, self.early):
            module.train(early).requires_grad_(early)

    def states(self, n=1):
        """What it remembers before the first picture, by name: zeros."""
        shapes = {"lumas": (EARLIER, SIZE, SIZE), "level": (2,), "ratios": (2 * PEAK_AROUND + 2,), "memory": (self.memory,)}
        for name, blocks, channels, side in (("middle", self.middle, 4 * self.width, CELLS), ("late", self.late, 6 * self.width, BROAD)):
            shapes |= {f"{name}{k}": (channels // SHIFTED, side, side) for k in range(len(blocks))}
        return {name: torch.zeros(n, *shape) for name, shape in shapes.items()}

    def forward(self, lumas, states):
        n, steps = lumas.shape[:2]
        # What was before the first picture is taken to be like it: nothing has moved yet.
        begins = (states["level"][:, 1] == 0).to(lumas.dtype)[:, None, None, None]
        earlier = states["lumas"].to(lumas.dtype) * (1 - begins) + lumas[:, :1] * begins
        seen = torch.cat([earlier, lumas], 1)
        news = {"lumas": seen[:, -EARLIER:].float()}
        # Whole numbers up to 256 are exact in bfloat16, and so are their differences.
        differences = torch.stack([lumas - seen[:, EARLIER - back : EARLIER - back + steps] for back in DIFFERENCES], 2)
        x, told, ratios, news["level"] = self.look(lumas, differences, states["level"])
        peak, news["ratios"] = motion_peaks(ratios, states["ratios"])
        x = split(self.early(x), (n, steps))
        for k, shifted in enumerate(self.middle):
            x, news[f"middle{k}"] = shifted(x, states[f"middle{k}"].to(x.dtype))
        fine = x.flatten(0, 1)
        x = split(self.reduce(fine), (n, steps))
        for k, shifted in enumerate(self.late):
            x, news[f"late{k}"] = shifted(x, states[f"late{k}"].to(x.dtype))
        x = x.flatten(0, 1)
        whole = torch.cat([x.mean((2, 3)), x.amax((2, 3)), F.relu(self.squeeze(x)).flatten(1), told.to(x.dtype)], 1)
        context, memory = self.recurrent(split(F.relu(self.join(whole)), (n, steps)).float(), states["memory"][None].float())
        news["memory"] = memory[0]
        outputs = self.outputs(fine, x, context.flatten(0, 1))
        outputs["peak"] = peak.flatten(0, 1)[:, None]
        return {name: split(value.float(), (n, steps)) for name, value in outputs.items()}, news

    def look(self, lumas, differences, level):
        """The first layer, [n · steps, 2 · width, SIZE / 4, SIZE / 4]; how much moves and how much usually does, [n · steps, 2]; the ratio of both from one
        step to the next, [n, steps]; the state of what is usual."""
        coarse = F.avg_pool2d(differences[:, :, 1], 4).float() / 255
        energies = (coarse * coarse).mean((2, 3))
        usual, level = usual_motion(energies, level)
        now = F.avg_pool2d(differences[:, :, 0], 4).float() / 255
        ratios = ((now * now).mean((2, 3)) / usual).sqrt()
        told = torch.stack([0.5 * torch.log(energies / usual + 1e-3), 0.3 * torch.log(usual)], 2)
        whole = lumas.float()
        middle = whole.mean((2, 3), keepdim=True)
        spread = ((whole - middle) ** 2).mean((2, 3), keepdim=True).sqrt() + 8
        picture = ((whole - middle) / spread).to(lumas.dtype).flatten(0, 1)[:, None]
        moved = self.of_differences(differences.flatten(0, 1).contiguous(memory_format=torch.channels_last))
        scale = (0.25 / 255 / usual.sqrt()).flatten(0, 1)[:, None, None, None]
        x = (moved * scale.to(moved.dtype)).clamp(-8, 8) + self.of_picture(picture.contiguous(memory_format=torch.channels_last))
        return self.after(x), told.flatten(0, 1), ratios, level

    def outputs(self, fine, x, context):
        wide = F.interpolate(self.broad(x), scale_factor=CELLS // BROAD, mode="nearest")
        near = F.relu(self.fine(fine) + wide + self.contextual(context)[:, :, None, None])
        cells = self.contact(near).flatten(1).float()
        share = torch.softmax(cells, 1)
        there = (near.flatten(2).float() * share[:, None]).sum(2)
        read = F.relu(self.read(torch.cat([there, context.float()], 1)))
        outputs = {name: head(read) for name, head in self.heads.items()}
        outputs["onset"] = torch.logsumexp(cells, 1, keepdim=True)
        outputs["offset"] = 0.5 * torch.tanh(outputs["offset"])
        # Sharper than what is read off: between two places that it could be there is nothing.
        sharp = torch.softmax(SHARPNESS * cells, 1)
        outputs["position"] = (sharp @ self.centres + 0.5 / CELLS * torch.tanh(outputs["position"].float())).clamp(0, 1)
        outputs["cells"] = cells
        return outputs
