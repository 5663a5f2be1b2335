import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { type PictureInput, toRgb } from './picture-input.js';

/** How values between pixels are found; names are those of the catalog. `area` is `bilinear` that averages when making smaller. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'area';

/** How planes are resized. */
export interface ResizeOptions {
  /** Default `bilinear`. */
  readonly interpolation?: Interpolation;
  /**
   * Average over the area that a pixel covers when making smaller. Default false: plain bilinear sampling, which is what most published
   * pipelines do (OpenCV's `INTER_LINEAR`), and so what their networks have learned from.
   */
  readonly antialias?: boolean;
}

const modes = { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic', area: 'linear' } as const;

/**
 * The whole picture in another size, as RGB: float32 `[1, 3, h, w]`, 0–255. Pixel centres are at half coordinates.
 *
 * @param size int64 `[2]`: h, w.
 */
export function resizePicture(
  graph: GraphBuilder,
  picture: PictureInput,
  size: Value,
  options: ResizeOptions = {},
): Value {
  const planes = [picture.y, picture.cb, picture.cr].map((plane) => resize(graph, plane, size, options));
  return toRgb(graph, graph.node('Concat', planes, { axis: 1 }), picture.toRgb);
}

/**
 * A batch of planes in another size: float32 `[N, C, h, w]`.
 *
 * @param size int64 `[2]`: h, w.
 */
export function resize(
  graph: GraphBuilder,
  planes: Value,
  size: Value,
  { interpolation = 'bilinear', antialias = interpolation === 'area' }: ResizeOptions = {},
): Value {
  const front = graph.node('Shape', [planes], { start: 0, end: 2 });
  const sizes = graph.node('Concat', [front, size], { axis: 0 });
  return graph.node('Resize', [planes, undefined, undefined, sizes], {
    mode: modes[interpolation],
    coordinate_transformation_mode: 'half_pixel',
    antialias: antialias ? 1 : 0,
  });
}

/**
 * Puts an image onto a larger canvas: float32 `[N, C, h, w]` → `[N, C, top + h + bottom, left + w + right]`.
 *
 * @param margins int64 `[4]`: top, left, bottom, right.
 * @param value What the margins are filled with.
 */
export function pad(graph: GraphBuilder, image: Value, margins: Value, value: number): Value {
  const none = graph.ints([2], [0, 0]);
  const pads = graph.node('Concat', [none, graph.slice(margins, 0, 0, 2), none, graph.slice(margins, 0, 2, 4)], {
    axis: 0,
  });
  return graph.node('Pad', [image, pads, graph.scalar(value)], { mode: 'constant' });
}
