import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { outputAt } from '../picture/model-tensors.js';
import { corners, type DetectorFamily, networkOutput } from './candidates.js';

const MEANING = '[1, 5 + classes, h, w]';

/**
 * One box for each cell of a single grid: objectness, offset of the centre from the cell in cells (tanh), size over the picture (sigmoid), class
 * probabilities. Objectness and class weigh differently in the score: powers `objectnessPower` and `classPower` of the entry.
 *
 * @see https://github.com/dog-qiuqiu/FastestDet
 */
export const fastestdet: DetectorFamily = {
  units: 'relative',
  choice: 'nms',
  classes: ({ who, tensors }) => {
    const channels = outputAt(who, tensors, 0, MEANING).shape[1];
    return typeof channels === 'number' ? channels - 5 : 80;
  },
  decode(graph, { who, tensors, adapter }) {
    const maps = networkOutput(graph, outputAt(who, tensors, 0, MEANING));
    const [cells, sides] = gridOf(graph, maps);
    // [cells, 5 + classes]
    const rows = graph.node('Transpose', [graph.node('Flatten', [maps], { axis: 1 })], { perm: [1, 0] });
    const part = (from: number, to: number): Value => graph.slice(rows, 1, from, to);
    const offsets = graph.node('Tanh', [part(1, 3)]);
    const centres = graph.node('Div', [graph.node('Add', [offsets, cells]), sides]);
    const sizes = graph.node('Sigmoid', [part(3, 5)]);
    return { boxes: corners(graph, centres, sizes), scores: scoresOf(graph, part, adapter) };
  },
};

function scoresOf(
  graph: GraphBuilder,
  part: (from: number, to: number) => Value,
  { objectnessPower, classPower }: AdapterParameters,
): Value {
  const power = (value: Value, exponent: unknown, otherwise: number): Value =>
    graph.node('Pow', [value, graph.scalar(typeof exponent === 'number' ? exponent : otherwise)]);
  return graph.node('Mul', [power(part(0, 1), objectnessPower, 0.6), power(part(5, 2 ** 31 - 1), classPower, 0.4)]);
}

/** Column and row of each cell, row by row, `[h·w, 2]`, and the number of columns and rows, `[2]`. */
function gridOf(graph: GraphBuilder, maps: Value): readonly [Value, Value] {
  const side = (axis: number): Value =>
    graph.node('Squeeze', [graph.node('Shape', [maps], { start: axis, end: axis + 1 })]);
  const [height, width] = [side(1), side(2)];
  const [zero, one] = [
    graph.constant('int64', [], BigInt64Array.of(0n)),
    graph.constant('int64', [], BigInt64Array.of(1n)),
  ];
  const cell = graph.node('Range', [zero, graph.node('Mul', [height, width]), one]);
  const column = graph.node('Mod', [cell, width]);
  const row = graph.node('Div', [cell, width]);
  const axis = graph.ints([1], [1]);
  const pair = graph.node('Concat', [graph.node('Unsqueeze', [column, axis]), graph.node('Unsqueeze', [row, axis])], {
    axis: 1,
  });
  const sides = graph.node(
    'Concat',
    [2, 1].map((a) => graph.node('Shape', [maps], { start: a, end: a + 1 })),
    { axis: 0 },
  );
  return [graph.cast(pair, 'float32'), graph.cast(sides, 'float32')];
}
