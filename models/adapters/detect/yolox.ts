import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { Size } from '../picture/letterbox.js';
import { outputAt } from '../picture/model-tensors.js';
import { activated, corners, type DetectorFamily, networkOutput } from './candidates.js';

const MEANING = '[1, anchors, 5 + classes]';

/**
 * One box for each cell of the grids, one grid for each stride, row by row: offset from the cell and logarithm of the size, both in strides,
 * then objectness and class scores, whose product counts.
 *
 * @see Ge et al. 2021, "YOLOX: Exceeding YOLO Series in 2021"
 */
export const yolox: DetectorFamily = {
  units: 'pixels',
  choice: 'nms',
  classes: ({ who, tensors }) => {
    const channels = outputAt(who, tensors, 0, MEANING).shape[2];
    return typeof channels === 'number' ? channels - 5 : 80;
  },
  decode(graph, { who, tensors, adapter, canvas }) {
    const raw = networkOutput(graph, outputAt(who, tensors, 0, MEANING));
    const { cells, strides } = grid(graph, canvas, adapter.strides ?? [8, 16, 32]);
    const part = (from: number, to: number): Value => graph.slice(raw, 1, from, to);
    const centres = graph.node('Mul', [graph.node('Add', [part(0, 2), cells]), strides]);
    const sizes = graph.node('Mul', [graph.node('Exp', [part(2, 4)]), strides]);
    const scores = activated(graph, part(4, 2 ** 31 - 1), adapter);
    const objectness = graph.slice(scores, 1, 0, 1);
    const classes = graph.slice(scores, 1, 1, 2 ** 31 - 1);
    return { boxes: corners(graph, centres, sizes), scores: graph.node('Mul', [objectness, classes]) };
  },
};

/** Of each anchor: column and row of its cell, `[A, 2]`, and its stride, `[A, 1]`. */
function grid(graph: GraphBuilder, canvas: Size, strides: readonly number[]): { cells: Value; strides: Value } {
  const anchors = strides.flatMap((stride) => {
    const columns = Math.floor(canvas.width / stride);
    const rows = Math.floor(canvas.height / stride);
    return Array.from({ length: columns * rows }, (_, i) => ({ x: i % columns, y: Math.floor(i / columns), stride }));
  });
  return {
    cells: graph.floats(
      [anchors.length, 2],
      anchors.flatMap(({ x, y }) => [x, y]),
    ),
    strides: graph.floats(
      [anchors.length, 1],
      anchors.map(({ stride }) => stride),
    ),
  };
}
