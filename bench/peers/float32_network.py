#!/usr/bin/env python3
"""Rewrites the colour network so that OpenCV's dnn module (4.6) loads it.

    float32_network.py model.onnx out.onnx --height 96 --width 176 --temperature 0.4

OpenCV knows no float16 weights, no second input for a number, no free sizes and no ReduceSum that takes its axes as an input. So: the weights
become float32, the temperature a constant, the sizes fixed; the mean over the classes, a product of matrices for ONNX Runtime's sake, becomes
a convolution; and what follows it, a few operations on each of a few thousand points, is left to NumPy in colorize_opencv.py. Arithmetic stays the same.
"""
import argparse

import numpy
import onnx
from onnx import numpy_helper


def main() -> None:
    options = arguments()
    model = onnx.load(options.model)
    graph = model.graph
    widen_weights(graph)
    fix_input(graph, options.height, options.width)
    graph.initializer.append(numpy_helper.from_array(numpy.float32([options.temperature]), "temperature"))
    end_with_mean_of_classes(graph)
    onnx.checker.check_model(model)
    onnx.save(model, options.out)


def widen_weights(graph: onnx.GraphProto) -> None:
    half = {i.name: i for i in graph.initializer if i.data_type == onnx.TensorProto.FLOAT16}
    for node in [n for n in graph.node if n.op_type == "Cast" and n.input[0] in half]:
        weights = numpy_helper.to_array(half[node.input[0]]).astype(numpy.float32)
        graph.initializer.append(numpy_helper.from_array(weights, node.output[0]))
        graph.node.remove(node)
    for initializer in half.values():
        graph.initializer.remove(initializer)


def fix_input(graph: onnx.GraphProto, height: int, width: int) -> None:
    for given in list(graph.input):
        if given.name != "thumb":
            graph.input.remove(given)
    shape = [1, 1, height, width]
    graph.input[0].CopyFrom(onnx.helper.make_tensor_value_info("thumb", onnx.TensorProto.FLOAT, shape))


def end_with_mean_of_classes(graph: onnx.GraphProto) -> None:
    end = next(i for i, node in enumerate(graph.node) if node.op_type == "Transpose")
    scores = graph.node[end].input[0]
    del graph.node[end:]
    graph.node.append(onnx.helper.make_node("Softmax", [scores], ["shares"], axis=1))
    graph.node.append(onnx.helper.make_node("Conv", ["shares", "centres"], ["mean"], kernel_shape=[1, 1]))
    centres = next(i for i in graph.initializer if i.name == "centres")
    centres.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(centres)[:, :, None, None], "centres"))
    del graph.output[:]
    graph.output.append(onnx.helper.make_tensor_value_info("mean", onnx.TensorProto.FLOAT, [1, 2, None, None]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--height", type=int, required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--temperature", type=float, required=True)
    return parser.parse_args()


main()
