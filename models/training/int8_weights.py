"""Smaller still: weights as int8, one scale a row. Two ways: kept so and multiplied in float32 again, or multiplied as integers, with what comes in measured and rounded each time.

    python3 int8_weights.py ../embedded/translate-west-en /somewhere/translate-west-en --arithmetic weights|integers

For folders that translate/export.py has written: weights as float16 behind Casts (`half_weights.py`).
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LARGEST = 63
"""Of 127 that fit: processors without VNNI add two products up in 16 bits, and 2 × 255 × 63 is the most that these hold."""


def rounded(values):
    """→ int8 [rows, columns] and float32 scales [rows, 1]: the largest of each row becomes LARGEST."""
    scales = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12).astype(np.float32) / LARGEST
    return np.clip(np.round(values / scales), -LARGEST, LARGEST).astype(np.int8), scales


class Int8:
    """Edits a graph whose weights are float16 behind Casts, those of layers transposed behind these."""

    def __init__(self, model, integers):
        self.graph, self.integers = model.graph, integers
        self.halves = {tensor.name: tensor for tensor in self.graph.initializer}
        self.matrices = {
            node.output[0]: self.halves[node.input[0]]
            for node in self.graph.node
            if node.op_type == "Cast" and node.input[0] in self.halves and len(self.halves[node.input[0]].dims) == 2
        }
        self.turned = {node.output[0]: node.input[0] for node in self.graph.node if node.op_type == "Transpose" and node.input[0] in self.matrices}

    def run(self):
        nodes = [made for name in self.matrices for made in self.stored(name)]
        for node in self.graph.node:
            if self.integers and node.op_type == "MatMul" and node.input[1] in self.turned:
                nodes.extend(self.multiplied(node, self.turned[node.input[1]]))
            elif node.output[0] not in self.matrices:
                nodes.append(node)
        del self.graph.node[:]
        self.graph.node.extend(self.needed(nodes))
        wanted = {name for node in self.graph.node for name in node.input}
        kept = [tensor for tensor in self.graph.initializer if tensor.name in wanted]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)

    def stored(self, name):
        """The weights as int8, and what makes float32 of them again when the runtime loads them: a Cast and a Mul."""
        whole, scales = rounded(numpy_helper.to_array(self.matrices[name]).astype(np.float32))
        for values, kind in [(whole, "int8"), (scales, "scale"), (scales[:, 0], "scales")]:
            self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), f"{name}.{kind}"))
        cast = helper.make_node("Cast", [f"{name}.int8"], [f"{name}.cast"], to=TensorProto.FLOAT)
        return [cast, helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [name])]

    def multiplied(self, node, name):
        """Nodes in the place of a MatMul with the weights, turned."""
        given, out = node.input[0], node.output[0]
        made, scale, zero, turned, sums, floats, both = (f"{out}.{part}" for part in ("whole", "scale", "zero", "turned", "sums", "float", "both"))
        return [
            helper.make_node("DynamicQuantizeLinear", [given], [made, scale, zero]),
            helper.make_node("Transpose", [f"{name}.int8"], [turned], perm=[1, 0]),
            helper.make_node("MatMulInteger", [made, turned, zero], [sums]),
            helper.make_node("Cast", [sums], [floats], to=TensorProto.FLOAT),
            helper.make_node("Mul", [scale, f"{name}.scales"], [both]),
            helper.make_node("Mul", [floats, both], [out]),
        ]

    def needed(self, nodes):
        """Those whose results somebody wants."""
        wanted, kept = {output.name for output in self.graph.output}, []
        for node in reversed(nodes):
            if wanted & set(node.output):
                kept.append(node)
                wanted.update(node.input)
        return kept[::-1]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--arithmetic", default="integers", choices=["weights", "integers"])
    given = arguments.parse_args()
    shutil.copytree(given.folder, given.out, dirs_exist_ok=True)
    described = json.loads((given.out / "model.json").read_text())
    for name in ["encoder.onnx", "decoder.onnx"]:
        model = onnx.load(given.folder / name)
        Int8(model, given.arithmetic == "integers").run()
        onnx.checker.check_model(model)
        (given.out / name).write_bytes(model.SerializeToString())
        described["files"][name]["sha256"] = hashlib.sha256((given.out / name).read_bytes()).hexdigest()
    (given.out / "model.json").write_text(json.dumps(described, indent=2) + "\n")
    print(f"{sum(file.stat().st_size for file in given.out.iterdir()) / 1e6:.1f} MB")
