"""Trained weights back out of a shipped ONNX file, so that a training can go on where no checkpoint is kept.

Exporting folds each normalization into the convolution before it. A network can go on to learn like that (`without_norms`), which is a quarter faster, at rates that are gentle. Or that is undone: what
each convolution gives is measured on examples, and its normalization set such that the network computes what it did, and goes on to learn as one that was never exported.
"""

import math

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

LEAST_NORM = 1e-3
"""Of the weights of a channel that is made as long as the others: shorter ones say nothing, and stay as they are."""


def load_shipped(network, path, examples=(), part=""):
    """Fills `network` with the weights of the file at `path` that it was exported to. `examples` are inputs as training has them, tuples of those of networks with several, for networks with normalizations that are to learn. Of a file that has several networks, `part` is the name of the one that is meant. Raises ValueError where a layer does not fit.

    Layers have to be defined in the order in which they run, and normalizations that are folded right after their convolution, which has no bias.
    """
    graph = onnx.load(str(path)).graph
    values = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()).float() for tensor in graph.initializer}
    for node in graph.node:
        # As `half_weights.py` stores them.
        if node.op_type in ("Cast", "Mul") and all(name in values for name in node.input):
            values[node.output[0]] = math.prod(values[name] for name in node.input)
    nodes = [node for node in graph.node if node.name.startswith(f"/{part}/" if part else "/")]
    norms = [node for node in nodes if node.op_type == "BatchNormalization"]
    fixed = {f"{part}.{name}" for name, _ in network.named_buffers()}
    products = [node for node in nodes if node.op_type in ("Conv", "MatMul", "Gemm") and node.input[1] in values and node.input[1] not in fixed]
    folded = folded_norms(network)
    with torch.no_grad():
        for layer, node in same_number([m for m in network.modules() if isinstance(m, (nn.Conv2d, nn.Linear))], products):
            weight = values[node.input[1]]
            put(layer.weight, weight.T if node.op_type == "MatMul" else weight, node)
            bias = folded[layer].bias if layer in folded else layer.bias
            if bias is not None:
                put(bias, bias_of(node, graph, values), node)
        for norm, node in same_number([m for m in network.modules() if isinstance(m, nn.BatchNorm2d) and m not in folded.values()], norms):
            for own, name in zip((norm.weight, norm.bias, norm.running_mean, norm.running_var), node.input[1:]):
                put(own, values[name], node)
        for layer, node in same_number([m for m in network.modules() if isinstance(m, nn.GRU)], [node for node in nodes if node.op_type == "GRU"]):
            put_recurrent(layer, node, values)
        for layer, norm in folded.items():
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            norm.weight.fill_(1)
        if examples:
            unfold(network.eval(), folded, examples)
    return network


def without_norms(network):
    """The same network with its normalizations folded into the convolutions before them, or into those of 1 × 1 after them: it computes what it does in use, and learns without normalizing."""
    parents = {child: (parent, name) for parent in network.modules() for name, child in parent.named_children()}
    folded = folded_norms(network.eval())
    modules = list(network.modules())
    with torch.no_grad():
        for norm, layer in zip(modules, modules[1:]):
            if isinstance(norm, nn.BatchNorm2d) and norm not in folded.values():
                scale = norm.weight / (norm.running_var + norm.eps).sqrt()
                layer.bias += layer.weight.sum((2, 3)) @ (norm.bias - norm.running_mean * scale)
                layer.weight *= scale[None, :, None, None]
                setattr(*parents[norm], nn.Identity())
        for layer, norm in folded.items():
            setattr(*parents[layer], fuse_conv_bn_eval(layer, norm))
            setattr(*parents[norm], nn.Identity())
    return network


def has_norms(state):
    """Whether weights, by name, are of a network with normalizations."""
    return any(name.endswith("running_mean") for name in state)


def folded_norms(network):
    """The normalization after each convolution without bias."""
    modules = list(network.modules())
    return {one: after for one, after in zip(modules, modules[1:]) if isinstance(one, nn.Conv2d) and one.bias is None and isinstance(after, nn.BatchNorm2d)}


def unfold(network, folded, examples):
    """Sets each normalization to what it measures on the examples, and each channel's weights to one length, without a change of what the network computes."""
    seen = {norm: [] for norm in folded.values()}
    hooks = [norm.register_forward_pre_hook(lambda norm, inputs: seen[norm].append(torch.var_mean(inputs[0].float(), (0, 2, 3), unbiased=False))) for norm in seen]
    for example in examples:
        network(*(example if isinstance(example, tuple) else (example,)))
    for hook in hooks:
        hook.remove()
    for layer, norm in folded.items():
        variances, means = (torch.stack(values) for values in zip(*seen[norm]))
        mean, variance = means.mean(0), (variances + means**2).mean(0) - means.mean(0) ** 2
        length = layer.weight.flatten(1).norm(dim=1)
        length = torch.where(length < LEAST_NORM, torch.ones_like(length), length)
        norm.bias += mean
        norm.running_mean.copy_(mean / length)
        norm.running_var.copy_(variance / length**2)
        # The same deviation as of what was measured, but for the normalization's epsilon.
        norm.weight.copy_(length * (norm.running_var + norm.eps).sqrt())
        layer.weight /= length[:, None, None, None]


def bias_of(node, graph, values):
    """Of a convolution, or added to a product."""
    if len(node.input) > 2:
        return values[node.input[2]]
    adding = next(one for one in graph.node if one.op_type == "Add" and node.output[0] in one.input)
    return next(values[name] for name in adding.input if name in values)


def put_recurrent(layer, node, values):
    """Of a recurrent unit of one layer, whose gates ONNX has in another order: update, reset, new."""

    def gates(value):
        update, reset, new = value.split(layer.hidden_size)
        return torch.cat([reset, update, new])

    inputs, memory, biases = (values[name][0] for name in node.input[1:4])
    put(layer.weight_ih_l0, gates(inputs), node)
    put(layer.weight_hh_l0, gates(memory), node)
    for own, value in zip((layer.bias_ih_l0, layer.bias_hh_l0), biases.chunk(2)):
        put(own, gates(value), node)


def put(own, value, node):
    if own.shape != value.shape:
        raise ValueError(f"{node.name}: {list(value.shape)} in the file, {list(own.shape)} in the network")
    own.copy_(value)


def same_number(layers, nodes):
    if len(layers) != len(nodes):
        raise ValueError(f"{len(nodes)} layers in the file, {len(layers)} in the network")
    return zip(layers, nodes)
