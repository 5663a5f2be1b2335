"""Smaller files at the same arithmetic: weights as float16 behind Casts, or as int8 and a scale for each output, which the runtime makes float32 of again when it loads."""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

SMALLEST = 1024
"""Tensors with fewer elements stay float32: nothing to gain."""
LARGEST = 127


def halve_weights(model: ModelProto) -> None:
    _store_smaller(model, lambda name, values: _cast(name, values.astype(np.float16)))


def byte_weights(model: ModelProto) -> None:
    """Of convolutions and products; half as large as float16, and a little less exact: `byte_rounded` says how much."""
    outputs = {node.input[1]: 0 if node.op_type == "Conv" else 1 for node in model.graph.node if node.op_type in ("Conv", "MatMul")}

    def store(name, values):
        if name not in outputs:
            return _cast(name, values.astype(np.float16))
        scales = byte_scales(values, outputs[name])
        tensors, nodes = _cast(f"{name}.whole", np.round(values / scales).astype(np.int8))
        scale = numpy_helper.from_array(scales, f"{name}.scale")
        return [*tensors, scale], [*nodes, helper.make_node("Mul", [f"{name}.whole", scale.name], [name])]

    _store_smaller(model, store)


def byte_scales(values, outputs=0):
    """float32, one for each output, which are along the axis `outputs`: the largest weight becomes LARGEST."""
    others = tuple(axis for axis in range(values.ndim) if axis != outputs)
    return np.maximum(np.abs(values).max(others, keepdims=True), 1e-12).astype(np.float32) / LARGEST


def byte_rounded(values):
    """Weights of a layer in PyTorch, outputs first, as `byte_weights` leaves them."""
    scales = byte_scales(values)
    return np.round(values / scales) * scales


def _cast(name, values):
    tensor = numpy_helper.from_array(values, f"{name}.{'half' if values.dtype == np.float16 else 'bytes'}")
    return [tensor], [helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT)]


def _store_smaller(model, store):
    tensors, made = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        small = values.dtype != np.float32 or values.size < SMALLEST
        stored, nodes = ([tensor], []) if small else store(tensor.name, values)
        tensors.extend(stored)
        made.extend(nodes)
    nodes = [*made, *model.graph.node]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(tensors)
