"""PoseNet, and the finer network that is made from it.

Both give maps of key points, of short offsets (from a place near a key point to it) and of mid offsets (from a key point to its neighbours on the
skeleton): Papandreou et al., PersonLab, 2018. PoseNet's have a cell every 16 pixels, ours every 8. Cell n lies on pixel n · stride (the index of a pixel,
not an edge), as every convolution of stride 2 is padded by one on both sides; pictures are therefore 16 k + 1 pixels high and wide.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# Left with right, in COCO's order of key points.
OTHER_SIDE = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
# Parent and child of each mid offset. Channels: y then x from parent to child, y then x from child to parent.
EDGES = [(0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11), (11, 13), (13, 15), (0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16)]
HEAT, SHORT, MID = 17, 34, 64
MAPS = HEAT + SHORT + MID
# (out channels, stride) of the 13 separable layers: MobileNet v1 (Howard et al. 2017) of width 0.75, cut at stride 16.
LAYERS = [(48, 1), (96, 2), (96, 1), (192, 2), (192, 1), (384, 2)] + [(384, 1)] * 7
# The last layer of stride 8, whose detail the finer network uses.
LATERAL_LAYER = 4
# What sees edges and textures stays as it began: most of the time of training would go there.
FROZEN_LAYERS = 6
NECK = 128


def relu6(x):
    # `F.relu6` has no backward pass in bfloat16 on CPUs.
    return x.clamp(0, 6)


class Separable(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        return relu6(self.pointwise(relu6(self.depthwise(x))))


class PoseNet(nn.Module):
    """Picture [n, 3, 16 k + 1, 16 l + 1], RGB, (value - 128) / 128 → maps [n, 115, k + 1, l + 1]: logits, and pixels."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 24, 3, 2, 1)
        channels = [24] + [outputs for outputs, _ in LAYERS]
        self.layers = nn.ModuleList(Separable(inputs, outputs, stride) for inputs, (outputs, stride) in zip(channels, LAYERS))
        self.heads = nn.Conv2d(channels[-1], MAPS, 1)

    def features(self, x):
        """Of stride 8, and of stride 16."""
        x = relu6(self.first(x))
        lateral = None
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index == LATERAL_LAYER:
                lateral = x
        return lateral, x

    def forward(self, picture):
        return self.heads(self.features(picture)[1])

    def load_onnx(self, path):
        """Weights of the conversion of google-coral/project-posenet (Apache-2.0)."""
        import onnx
        from onnx import numpy_helper

        graph = onnx.load(path).graph
        weights = {one.name: np.array(numpy_helper.to_array(one)) for one in graph.initializer}
        nodes = [node for node in graph.node if node.op_type == "Conv"]
        own = [self.first] + [conv for layer in self.layers for conv in (layer.depthwise, layer.pointwise)]
        for conv, node in zip(own, nodes):
            for parameter, name in zip((conv.weight, conv.bias), node.input[1:3]):
                parameter.data.copy_(torch.from_numpy(weights[name]))
        # Heat, short, then the two blocks of mid offsets, which the graph joins the other way round.
        heat, short, back, forth = nodes[len(own) :]
        for part, parameter in ((1, self.heads.weight), (2, self.heads.bias)):
            joined = np.concatenate([weights[node.input[part]] for node in (heat, short, forth, back)])
            parameter.data.copy_(torch.from_numpy(joined))
        return self


class FinePoseNet(nn.Module):
    """Picture as for `PoseNet` → maps [n, 115, 2 k + 1, 2 l + 1].

    PoseNet's maps, enlarged, plus a correction from features of both strides. The correction begins as zero, so the network begins as PoseNet.
    """

    def __init__(self):
        super().__init__()
        self.coarse = PoseNet()
        self.top = nn.Conv2d(LAYERS[-1][0], NECK, 1)
        self.lateral = nn.Conv2d(LAYERS[LATERAL_LAYER][0], NECK, 1)
        self.neck = nn.Sequential(Separable(NECK, NECK), Separable(NECK, NECK))
        self.correction = nn.Conv2d(NECK, MAPS, 1)
        nn.init.zeros_(self.correction.weight)
        nn.init.zeros_(self.correction.bias)
        for frozen in (self.coarse.first, *self.coarse.layers[:FROZEN_LAYERS]):
            frozen.requires_grad_(False)

    def forward(self, picture):
        lateral, top = self.coarse.features(picture)
        # One after the other, as interpolation is cheaper on fewer channels.
        joined = torch.cat([self.coarse.heads(top), self.top(top)], 1)
        enlarged = enlarge(joined) if self.training else F.interpolate(joined, size=lateral.shape[2:], mode="bilinear", align_corners=True)
        coarse, up = enlarged[:, :MAPS], enlarged[:, MAPS:]
        neck = relu6(up + self.lateral(lateral))
        return coarse + self.correction(self.neck(neck))


def enlarge(maps):
    """Maps of k + 1 cells to 2 k + 1: as bilinear interpolation does, whose backward pass is slow on CPUs."""
    return between(between(maps, 2), 3)


def between(maps, dimension):
    first, second = maps.narrow(dimension, 0, maps.shape[dimension] - 1), maps.narrow(dimension, 1, maps.shape[dimension] - 1)
    pairs = torch.stack([first, (first + second) / 2], dimension + 1).flatten(dimension, dimension + 1)
    return torch.cat([pairs, maps.narrow(dimension, maps.shape[dimension] - 1, 1)], dimension)


def mirror_maps(maps):
    """The maps of the mirrored picture, [n, 115, h, w]."""
    maps = maps.flip(3)
    heat = maps[:, :HEAT][:, OTHER_SIDE]
    short = maps[:, HEAT : HEAT + SHORT].unflatten(1, (2, HEAT))[:, :, OTHER_SIDE]
    pairs = [EDGES.index((OTHER_SIDE[parent], OTHER_SIDE[child])) for parent, child in EDGES]
    mid = maps[:, HEAT + SHORT :].unflatten(1, (2, 2, len(EDGES)))[:, :, :, pairs]
    return torch.cat([heat, negate_x(short, 1).flatten(1, 2), negate_x(mid, 2).flatten(1, 3)], 1)


def negate_x(offsets, dimension):
    y, x = offsets.unbind(dimension)
    return torch.stack([y, -x], dimension)
