import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';

/**
 * Prepares a line for Tesseract's LSTM: gray 0–255 → dark −1, light 1. Black and white are what the row through the middle of the line has for
 * them: the lower quartile of its minima, the upper one of its maxima. Input beside the image: `invert`, float32 `[1]`, 1 for light text.
 *
 * @param image float32 `[1, 1, h, w]`, 0–255.
 * @see https://github.com/tesseract-ocr/tesseract, `NetworkIO::Copy2DImage`
 */
export function tesseractContrast(graph: GraphBuilder, image: Value, height: number): Value {
  const invert = graph.input('invert', 'float32', [1]);
  const whole = graph.node('Round', [image]);
  const inverted = graph.node('Sub', [graph.scalar(255), whole]);
  const gray = graph.node('Where', [graph.cast(invert, 'bool'), inverted, whole]);
  const middle = Math.floor(height / 2);
  const row = graph.reshape(graph.slice(gray, 2, middle, middle + 1), [-1]);
  const black = quartile(graph, row, 'Less', 0.25, 0);
  const white = quartile(graph, row, 'Greater', 0.75, 255);
  const half = graph.node('Mul', [graph.node('Sub', [white, black]), graph.scalar(0.5)]);
  const usable = graph.node('Greater', [half, graph.scalar(0)]);
  const contrast = graph.node('Where', [usable, half, graph.scalar(1)]);
  const values = graph.node('Sub', [graph.node('Div', [graph.node('Sub', [gray, black]), contrast]), graph.scalar(1)]);
  // The weights are those of a network of 8-bit integers, which saw nothing beyond.
  return graph.node('Clip', [values, graph.scalar(-1), graph.scalar(1)]);
}

/** A quantile of the local minima (`Less`) or maxima (`Greater`) of a row, or `otherwise` where it has none. */
function quartile(
  graph: GraphBuilder,
  row: Value,
  beyond: 'Less' | 'Greater',
  quantile: number,
  otherwise: number,
): Value {
  const shifted = (from: number, to: number): Value => graph.slice(row, 0, from, to);
  const [before, at, after] = [shifted(0, -2), shifted(1, -1), shifted(2, Number.MAX_SAFE_INTEGER)];
  const strict = (a: Value, b: Value): Value => graph.node(beyond, [a, b]);
  const or = (a: Value, b: Value): Value => graph.node(`${beyond}OrEqual`, [a, b]);
  const isExtreme = graph.node('Or', [
    graph.node('And', [strict(at, before), or(at, after)]),
    graph.node('And', [or(at, before), strict(at, after)]),
  ]);
  const filled = graph.node('Where', [isExtreme, at, graph.scalar(1e9)]);
  const count = graph.node('Shape', [filled]);
  const [sorted] = graph.nodes('TopK', [filled, count], 2, { axis: 0, largest: 0 });
  const extremes = graph.node('ReduceSum', [graph.cast(isExtreme, 'float32'), graph.ints([1], [0])], { keepdims: 1 });
  const rank = graph.node('Sub', [
    graph.node('Ceil', [graph.node('Mul', [extremes, graph.scalar(quantile)])]),
    graph.scalar(1),
  ]);
  const chosen = graph.node('Concat', [sorted, graph.floats([1], [otherwise])], { axis: 0 });
  // Without extremes the rank is −1: the last element.
  return graph.node('Gather', [chosen, graph.cast(rank, 'int64')], { axis: 0 });
}
