"""A few lines that make an ONNX graph readable to write: `g.Mul(a, b)` adds a node and returns its output."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

OPSET = 21
"""Resize with antialias needs 18; (De)QuantizeLinear on uint16 needs 21."""

IR_VERSION = 10
"""The first with which opset 21 may be used."""

TYPES = {
    "uint8": TensorProto.UINT8,
    "uint16": TensorProto.UINT16,
    "int64": TensorProto.INT64,
    "float32": TensorProto.FLOAT,
}


class GraphBuilder:
    """Any operator is a method: inputs by position (a name, a number, an array or None), attributes by keyword."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._initializers: list[Any] = []
        self._count = 0

    def input(self, name: str, dtype: str, shape: list[int | str]) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, TYPES[dtype], shape))
        return name

    def output(self, value: str, name: str, dtype: str, shape: list[int | str]) -> None:
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TYPES[dtype], shape))

    def constant(self, value: Any) -> str:
        """Floats become float32, integers int64; equal constants are stored once."""
        array = np.asarray(value)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        key = (str(array.dtype), array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"c{len(self._constants)}"
            self._initializers.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def split(self, value: str, sizes: list[int], axis: int) -> list[str]:
        outputs = [self._fresh() for _ in sizes]
        self._nodes.append(helper.make_node("Split", [value, self.constant(sizes)], outputs, axis=axis))
        return outputs

    def float(self, value: str) -> str:
        return self.Cast(value, to=TensorProto.FLOAT)

    def uint8(self, value: str) -> str:
        return self.Cast(value, to=TensorProto.UINT8)

    def __getattr__(self, operator: str) -> Any:
        if not operator[0].isupper():
            raise AttributeError(operator)

        def add(*inputs: Any, **attributes: Any) -> str:
            output = self._fresh()
            names = [self._name_of(value) for value in inputs]
            self._nodes.append(helper.make_node(operator, names, [output], **attributes))
            return output

        return add

    def build(self, documentation: str = "") -> ModelProto:
        graph = helper.make_graph(
            self._nodes, self.name, self._inputs, self._outputs, self._initializers, doc_string=documentation
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        model.producer_name = "vitascope"
        return model

    def _name_of(self, value: Any) -> str:
        """None stands for an optional input that is left out."""
        if value is None:
            return ""
        return value if isinstance(value, str) else self.constant(value)

    def _fresh(self) -> str:
        self._count += 1
        return f"v{self._count}"
