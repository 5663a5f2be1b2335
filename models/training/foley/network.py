"""A streaming network: pictures one by one, with what it remembers, to what sounds.

A small convolutional trunk sees each picture and how it differs from earlier ones; some channels come from the step before (temporal shift: Lin et al., *TSM*,
2019), so that motion is followed where it is. How much moves in each part of the picture is told to the recurrent unit besides, which keeps the context, and its beat
to where onsets are decided. A map of contacts says where and when; the rest is read off at its peak. The prediction made at a step is for LOOK_AHEAD steps before it.
"""

import torch
import torch.nn.functional as F
from torch import nn

from vocabulary import ACTIONS, BEDS, FEATURES, MATERIALS, SIZE

DIFFERENCES = (1, 3)
"""Steps back of the pictures that the present one is compared with."""
EARLIER = max(DIFFERENCES)
SHIFTED = 4
"""One in so many channels comes from the step before."""
LUMA = (0.299, 0.587, 0.114)
CELLS = 7
MOTION_GAIN = 40.0
"""log(1 + MOTION_GAIN · mean difference of luma): grain is about 0.5, a hand about 2."""
BEAT_STEPS = 8
BEAT_MEMORY = 0.985
"""Of one step to the next: what is usual is what was in the last three seconds or so."""
SERIES = 3 * len(DIFFERENCES)
"""Mean, greatest and five greatest of the cells, for each difference."""
OUTPUTS = {"onset": 1, "offset": 1, "energy": 1, "position": 2, "action": len(ACTIONS), "material": len(MATERIALS), "features": FEATURES, "beds": len(BEDS)}


def block(inputs, outputs, stride):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Stem(nn.Module):
    """Pictures [n, 3, …] and lumas of earlier ones [n, differences, …] → a quarter of their size.

    Its weights are for the picture and for differences, but differences are never made: a convolution of them is one of the pictures with other weights.
    """

    def __init__(self, outputs):
        super().__init__()
        self.of_picture = nn.Parameter(torch.empty(outputs, 3, 7, 7))
        self.of_differences = nn.Parameter(torch.empty(outputs, len(DIFFERENCES), 7, 7))
        for weight in (self.of_picture, self.of_differences):
            nn.init.normal_(weight, std=(2 / (49 * (3 + len(DIFFERENCES)))) ** 0.5)
        self.register_buffer("luma", torch.tensor(LUMA).view(1, 3, 1, 1))
        self.after = nn.Sequential(nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, pictures, earlier):
        present = 2 * self.of_picture + 4 * self.of_differences.sum(1, keepdim=True) * self.luma
        weight = torch.cat([present, -4 * self.of_differences], 1)
        x = torch.cat([pictures, earlier], 1).contiguous(memory_format=torch.channels_last)
        return self.after(F.conv2d(x, weight, stride=4, padding=3))


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


class Beat(nn.Module):
    """How motion rises and falls, relative to what is usual in this film: what a logit of onsets gains by it.

    Motion is [n, steps, differences, CELLS²]. `levels` [n, 2 · series + 1] are sums of what there was, which fade, and their weight; `beats` [n, BEAT_STEPS - 1, series]
    the last steps.
    """

    def __init__(self, hidden=32):
        super().__init__()
        self.hidden, self.gain = nn.Linear(BEAT_STEPS * SERIES, hidden), nn.Linear(hidden, 1)

    def forward(self, motion, levels, beats):
        series = torch.cat([motion.mean(3), motion.amax(3), motion.topk(5, 3).values.mean(3)], 2)
        relative = []
        for step in range(series.shape[1]):
            x = series[:, step]
            levels = BEAT_MEMORY * levels + torch.cat([x, x * x, torch.ones_like(x[:, :1])], 1)
            mean, square = levels[:, :SERIES] / levels[:, -1:], levels[:, SERIES:-1] / levels[:, -1:]
            relative.append(((x - mean) / ((square - mean * mean).clamp(min=0) + 0.01).sqrt()).clamp(-4, 4))
        beats = torch.cat([beats, torch.stack(relative, 1)], 1)
        steps = torch.cat([beats[:, k : k + series.shape[1]] for k in range(BEAT_STEPS)], 2)
        return self.gain(F.relu(self.hidden(steps))), levels, beats[:, -(BEAT_STEPS - 1) :]


class FoleyNet(nn.Module):
    """Pictures uint8 or float [n, steps, 3, SIZE, SIZE], RGB 0–255, and states → outputs by name, [n, steps, …], and new states.

    Of the outputs, onset, energy and beds are logits, offset is in steps (-0.5 to 0.5), position x and y (0–1), action and material logits of classes.
    """

    def __init__(self, width=16, memory=192):
        super().__init__()
        self.width, self.memory = width, memory
        w = width
        self.beat = Beat()
        self.stem = Stem(2 * w)
        self.early = block(2 * w, 4 * w, 2)
        self.middle = nn.ModuleList([Shifted(4 * w), Shifted(4 * w)])
        self.reduce = block(4 * w, 6 * w, 2)
        self.late = nn.ModuleList([Shifted(6 * w), Shifted(6 * w)])
        self.squeeze = nn.Conv2d(6 * w, w, 1)
        self.join = nn.Linear(12 * w + (w + len(DIFFERENCES)) * CELLS * CELLS, memory)
        self.recurrent = nn.GRU(memory, memory, batch_first=True)
        self.local, self.contextual = nn.Conv2d(6 * w, 6 * w, 1), nn.Linear(memory, 6 * w)
        self.contact = nn.Conv2d(6 * w, 1, 1)
        # Impacts are rare: without this the first hundred steps only learn that.
        nn.init.constant_(self.contact.bias, -7.0)
        self.read = nn.Linear(6 * w + memory, 160)
        self.heads = nn.ModuleDict({name: nn.Linear(160, OUTPUTS[name]) for name in ("offset", "energy", "position", "action", "material", "features")})
        self.beds = nn.Linear(memory, len(BEDS))
        centres = (torch.arange(CELLS) + 0.5) / CELLS
        self.register_buffer("centres", torch.stack([centres.repeat(CELLS), centres.repeat_interleave(CELLS)], 1))

    def states(self, n=1):
        """What it remembers before the first picture, by name: zeros."""
        w, half = self.width, SIZE // 16
        shapes = {"lumas": (EARLIER, SIZE, SIZE), "memory": (self.memory,), "levels": (2 * SERIES + 1,), "beats": (BEAT_STEPS - 1, SERIES)}
        for name, blocks, channels, side in (("middle", self.middle, 4 * w, 2 * half), ("late", self.late, 6 * w, half)):
            shapes |= {f"{name}{k}": (channels // SHIFTED, side, side) for k in range(len(blocks))}
        return {name: torch.zeros(n, *shape) for name, shape in shapes.items()}

    def forward(self, pictures, states):
        n, steps = pictures.shape[:2]
        x = (pictures if pictures.is_floating_point() else pictures.float()) / 255 - 0.5
        luma = LUMA[0] * x[:, :, 0] + LUMA[1] * x[:, :, 1] + LUMA[2] * x[:, :, 2]
        seen = torch.cat([states["lumas"].to(x.dtype), luma], 1)
        news = {"lumas": seen[:, -EARLIER:]}
        earlier = torch.stack([seen[:, EARLIER - back : EARLIER - back + steps] for back in DIFFERENCES], 2).flatten(0, 1)
        motion = self.motion(seen, steps)
        beat, news["levels"], news["beats"] = self.beat(motion.float().reshape(n, steps, len(DIFFERENCES), CELLS * CELLS), states["levels"], states["beats"])
        x = split(self.early(self.stem(x.flatten(0, 1), earlier)), (n, steps))
        for name, blocks in (("middle", self.middle), ("late", self.late)):
            if name == "late":
                x = split(self.reduce(x.flatten(0, 1)), (n, steps))
            for k, shifted in enumerate(blocks):
                x, news[f"{name}{k}"] = shifted(x, states[f"{name}{k}"].to(x.dtype))
        x = x.flatten(0, 1)
        whole = torch.cat([x.mean((2, 3)), x.amax((2, 3)), F.relu(self.squeeze(x)).flatten(1), motion.to(x.dtype)], 1)
        context, memory = self.recurrent(split(F.relu(self.join(whole)), (n, steps)).float(), states["memory"][None].float())
        news["memory"] = memory[0]
        outputs = self.outputs(x, context.flatten(0, 1), beat.flatten(0, 1))
        return {name: split(value.float(), (n, steps)) for name, value in outputs.items()}, news

    def motion(self, seen, steps):
        """How much each part of the picture differs from earlier ones, [n · steps, differences · CELLS²]; in parts of 4 × 4, where grain is less."""
        coarse = F.avg_pool2d(seen, 4)
        now = coarse[:, EARLIER:]
        changes = torch.stack([(now - coarse[:, EARLIER - back : EARLIER - back + steps]).abs() for back in DIFFERENCES], 2)
        return torch.log1p(MOTION_GAIN * F.avg_pool2d(changes.flatten(0, 1), SIZE // 4 // CELLS)).flatten(1)

    def outputs(self, x, context, beat):
        near = F.relu(self.local(x) + self.contextual(context)[:, :, None, None])
        contacts = self.contact(near).flatten(1).float()
        share = torch.softmax(contacts, 1)
        there = (near.flatten(2).float() * share[:, None]).sum(2)
        read = F.relu(self.read(torch.cat([there, context.float()], 1)))
        outputs = {name: head(read) for name, head in self.heads.items()}
        outputs["onset"] = torch.logsumexp(contacts, 1, keepdim=True) + beat.float()
        outputs["offset"] = 0.5 * torch.tanh(outputs["offset"])
        outputs["position"] = (share @ self.centres + 0.5 / CELLS * torch.tanh(outputs["position"].float())).clamp(0, 1)
        outputs["beds"] = self.beds(context)
        return outputs
