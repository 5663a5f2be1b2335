import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { type PictureInput, toRgb } from './picture-input.js';

/**
 * Cuts any number of upright, turned or tilted pieces out of a picture, as RGB: float32 `[N, 3, height, width]`, 0–255, bilinear.
 *
 * @param homographies float32 `[N, 3, 3]`: from the pixels of a piece to those of the picture, pixel centres at half coordinates.
 * @param outside RGB value, 0–255, where a piece reaches beyond the picture; `edge` repeats the picture's border.
 */
export function warpPicture(
  graph: GraphBuilder,
  picture: PictureInput,
  homographies: Value,
  size: { readonly width: number; readonly height: number },
  outside: number | 'edge' = 'edge',
): Value {
  const { width, height } = size;
  const grid = samplingGrid(graph, picture.y, homographies, size);
  const planes = [picture.y, picture.cb, picture.cr].map((plane) =>
    graph.node('GridSample', [plane, grid], { mode: 'bilinear', padding_mode: 'border', align_corners: 0 }),
  );
  const rows = toRgb(graph, graph.node('Concat', planes, { axis: 1 }), picture.toRgb);
  // The pieces lie below each other in one image: [1, 3, N·height, width].
  const split = graph.reshape(rows, [3, -1, height, width]);
  const pieces = graph.node('Transpose', [split], { perm: [1, 0, 2, 3] });
  return outside === 'edge' ? pieces : fillOutside(graph, pieces, grid, size, outside);
}

/** float32 `[1, N·height, width, 2]`: x and y, −1 to 1 over the picture, as `GridSample` wants them. */
function samplingGrid(
  graph: GraphBuilder,
  plane: Value,
  homographies: Value,
  { width, height }: { readonly width: number; readonly height: number },
): Value {
  const points = graph.floats([3, height * width], pixelCentres(width, height));
  const mapped = graph.node('MatMul', [homographies, points]);
  const xy = graph.node('Div', [graph.slice(mapped, 1, 0, 2), graph.slice(mapped, 1, 2, 3)]);
  const rowsFirst = graph.node('Transpose', [xy], { perm: [0, 2, 1] });
  const sides = graph.cast(graph.node('Shape', [plane], { start: 2, end: 4 }), 'float32');
  const widthHeight = graph.node('Gather', [sides, graph.ints([2], [1, 0])], { axis: 0 });
  const relative = graph.node('Div', [graph.node('Mul', [rowsFirst, graph.scalar(2)]), widthHeight]);
  return graph.reshape(graph.node('Sub', [relative, graph.scalar(1)]), [1, -1, width, 2]);
}

/** Homogeneous coordinates of the pixels of a piece, row by row: all x, all y, ones. */
function pixelCentres(width: number, height: number): number[] {
  const count = width * height;
  const x = Array.from({ length: count }, (_, i) => (i % width) + 0.5);
  const y = Array.from({ length: count }, (_, i) => Math.floor(i / width) + 0.5);
  return [...x, ...y, ...new Array<number>(count).fill(1)];
}

function fillOutside(
  graph: GraphBuilder,
  pieces: Value,
  grid: Value,
  { width, height }: { readonly width: number; readonly height: number },
  value: number,
): Value {
  const inside = graph.node('LessOrEqual', [graph.node('Abs', [grid]), graph.scalar(1)]);
  const both = graph.node('ReduceMin', [graph.cast(inside, 'int32'), graph.ints([1], [3])], { keepdims: 0 });
  const mask = graph.cast(graph.reshape(both, [-1, 1, height, width]), 'bool');
  return graph.node('Where', [mask, pieces, graph.scalar(value)]);
}
