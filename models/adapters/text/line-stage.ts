import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { type InlineTensor, inlineTensor } from '../../tensor.js';
import { type ImageFormat, toModelImage } from '../picture/model-image.js';
import { type PictureInput, type PlaneType, pictureInput, toRgb } from '../picture/picture-input.js';
import { homographyOnto, type Quad, quadSize } from './quad.js';

export interface LineStageOptions extends ImageFormat {
  /** Name of the network's input. */
  readonly output: string;
  readonly planes: PlaneType;
  /** Height of the lines, pixels. */
  readonly height: number;
  /** What stands to the right of lines that are shorter than the widest, 0–255. */
  readonly pad: number;
  /** Turns the images `[N, C, height, width]` into what the network takes, where format alone does not. */
  readonly finish?: (graph: GraphBuilder, image: Value) => Value;
}

/** A line of text on its way into a network. */
export interface PlacedLine {
  readonly quad: Quad;
  /** Width that it takes on the canvas, pixels. */
  readonly width: number;
}

/** Samples a side of each pixel of the network at most; text so much larger than the network's is blurred no further. */
const MAX_SAMPLES = 4;

/**
 * The graph before networks that look at lines of text: cuts tilted quadrangles out of a picture, makes them upright, and scales them to one
 * height, averaging where that makes them smaller.
 *
 * Inputs: those of `pictureInput` and {@link lineFeeds}. Output: the network's input under its name, N lines.
 *
 * @returns Bytes of an ONNX file.
 */
export function lineStage(options: LineStageOptions): Uint8Array {
  const graph = new GraphBuilder('lines');
  const { height, layout = 'NCHW', channels = 'RGB', dtype = 'float32' } = options;
  const picture = pictureInput(graph, options.planes);
  const rgb = lineImages(graph, picture, options);
  const image = toModelImage(graph, rgb, options);
  const count = channels === 'gray' ? 1 : 3;
  const shape = layout === 'NCHW' ? ['N', count, height, 'w'] : ['N', height, 'w', count];
  graph.output(options.output, options.finish?.(graph, image) ?? image, dtype, shape);
  return graph.build();
}

/**
 * Feeds of {@link lineStage}.
 *
 * @param size Canvas of the network.
 * @throws VitascopeError `INFERENCE_INPUT` for a quadrangle that is none.
 */
export function lineFeeds(
  lines: readonly PlacedLine[],
  size: { readonly width: number; readonly height: number },
): Readonly<Record<'homographies' | 'lineWidths' | 'canvasWidth' | 'samples', InlineTensor>> {
  const homographies = lines.flatMap(({ quad, width }) => homographyOnto(quad, width, size.height));
  const shrinking = Math.max(...lines.map(({ quad }) => quadSize(quad).height / size.height));
  const samples = Math.min(MAX_SAMPLES, Math.max(1, Math.ceil(shrinking)));
  return {
    homographies: inlineTensor('float32', [lines.length, 3, 3], Float32Array.from(homographies)),
    lineWidths: ints(lines.map(({ width }) => width)),
    canvasWidth: ints([size.width]),
    samples: ints([samples]),
  };
}

/** RGB, float32 `[N, 3, height, width]`, 0–255. */
function lineImages(graph: GraphBuilder, picture: PictureInput, { height, pad }: LineStageOptions): Value {
  const homographies = graph.input('homographies', 'float32', ['N', 3, 3]);
  const lineWidths = graph.input('lineWidths', 'int64', ['N']);
  const width = graph.input('canvasWidth', 'int64', [1]);
  const samples = graph.input('samples', 'int64', [1]);
  const rows = graph.node('Mul', [samples, graph.ints([1], [height])]);
  const columns = graph.node('Mul', [samples, width]);
  const grid = samplingGrid(graph, picture.y, homographies, { rows, columns, samples });
  const planes = [picture.y, picture.cb, picture.cr].map((plane) =>
    graph.node('GridSample', [plane, grid], { mode: 'bilinear', padding_mode: 'border', align_corners: 0 }),
  );
  const below = toRgb(graph, graph.node('Concat', planes, { axis: 1 }), picture.toRgb);
  const split = graph.node('Reshape', [below, concat(graph, graph.ints([2], [3, -1]), rows, columns)]);
  const lines = graph.node('Transpose', [split], { perm: [1, 0, 2, 3] });
  const averaged = boxAverage(graph, lines, { height, width, samples });
  const index = graph.node('Range', [graph.ints([], [0]), squeeze(graph, width), graph.ints([], [1])]);
  const inside = graph.node('Less', [index, graph.reshape(lineWidths, [-1, 1, 1, 1])]);
  return graph.node('Where', [inside, averaged, graph.scalar(pad)]);
}

/** float32 `[1, N·rows, columns, 2]`: x and y, −1 to 1 over the picture, as `GridSample` wants them. */
function samplingGrid(
  graph: GraphBuilder,
  plane: Value,
  homographies: Value,
  { rows, columns, samples }: Readonly<Record<'rows' | 'columns' | 'samples', Value>>,
): Value {
  const perPixel = graph.cast(samples, 'float32');
  const shape = concat(graph, rows, columns);
  const along = (count: Value, front: readonly number[]): Value => {
    const index = graph.cast(
      graph.node('Range', [graph.ints([], [0]), squeeze(graph, count), graph.ints([], [1])]),
      'float32',
    );
    const centres = graph.node('Div', [graph.node('Add', [index, graph.scalar(0.5)]), perPixel]);
    return graph.reshape(graph.node('Expand', [graph.reshape(centres, front), shape]), [1, -1]);
  };
  const [x, y] = [along(columns, [1, -1]), along(rows, [-1, 1])];
  const ones = graph.node('Add', [graph.node('Mul', [x, graph.scalar(0)]), graph.scalar(1)]);
  const mapped = graph.node('MatMul', [homographies, graph.node('Concat', [x, y, ones], { axis: 0 })]);
  // Zeros come from warm-up runs; what is not a number would send GridSample anywhere in memory.
  const depth = graph.node('Max', [graph.slice(mapped, 1, 2, 3), graph.scalar(1e-6)]);
  const xy = graph.node('Transpose', [graph.node('Div', [graph.slice(mapped, 1, 0, 2), depth])], { perm: [0, 2, 1] });
  const sides = graph.cast(graph.node('Shape', [plane], { start: 2, end: 4 }), 'float32');
  const widthHeight = graph.node('Gather', [sides, graph.ints([2], [1, 0])], { axis: 0 });
  const relative = graph.node('Div', [graph.node('Mul', [xy, graph.scalar(2)]), widthHeight]);
  const front = graph.ints([2], [1, -1]);
  return graph.node('Reshape', [
    graph.node('Sub', [relative, graph.scalar(1)]),
    concat(graph, front, columns, graph.ints([1], [2])),
  ]);
}

/** Means over `samples` × `samples` pixels. */
function boxAverage(
  graph: GraphBuilder,
  images: Value,
  { height, width, samples }: { readonly height: number; readonly width: Value; readonly samples: Value },
): Value {
  const rows = graph.ints([1], [height]);
  const blocks = concat(graph, graph.ints([1], [-1]), rows, samples, width, samples);
  const means = graph.node('ReduceMean', [graph.node('Reshape', [images, blocks]), graph.ints([2], [2, 4])], {
    keepdims: 0,
  });
  return graph.node('Reshape', [means, concat(graph, graph.ints([2], [-1, 3]), rows, width)]);
}

function concat(graph: GraphBuilder, ...sizes: readonly Value[]): Value {
  return graph.node('Concat', sizes, { axis: 0 });
}

function squeeze(graph: GraphBuilder, value: Value): Value {
  return graph.node('Squeeze', [value]);
}

function ints(values: readonly number[]): InlineTensor {
  return inlineTensor('int64', [values.length], BigInt64Array.from(values, BigInt));
}
