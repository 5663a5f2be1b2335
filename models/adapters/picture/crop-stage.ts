import { GraphBuilder } from '../../onnx/graph-builder.js';
import { type InlineTensor, inlineTensor } from '../../tensor.js';
import type { Size } from './letterbox.js';
import { type ImageFormat, toModelImage } from './model-image.js';
import { type PlaneType, pictureInput } from './picture-input.js';
import { type FrameShape, pixelAspect } from './place-frame.js';
import { warpPicture } from './warp-picture.js';

/** A rectangle, `[x1, y1, x2, y2]` in pixels of the picture; the left upper corner of the picture is 0, 0. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** How pieces of a picture come to a network. */
export interface CropStageOptions extends ImageFormat {
  /** Name of the network's input. */
  readonly output: string;
  readonly planes: PlaneType;
  readonly size: Size;
  /** See `warpPicture`. Default `edge`. */
  readonly outside?: number | 'edge';
}

/**
 * The graph before networks that look at pieces of a picture.
 *
 * Inputs: those of `pictureInput`, and `homographies`, float32 `[N, 3, 3]`. Output: the network's input under its name, N images.
 *
 * @returns Bytes of an ONNX file.
 */
export function cropStage(options: CropStageOptions): Uint8Array {
  const graph = new GraphBuilder('crops');
  const { size, layout = 'NCHW', channels = 'RGB', dtype = 'float32' } = options;
  const picture = pictureInput(graph, options.planes);
  const homographies = graph.input('homographies', 'float32', ['N', 3, 3]);
  const crops = warpPicture(graph, picture, homographies, size, options.outside ?? 'edge');
  const count = channels === 'gray' ? 1 : 3;
  const { height, width } = size;
  const shape = layout === 'NCHW' ? ['N', count, height, width] : ['N', height, width, count];
  graph.output(options.output, toModelImage(graph, crops, options), dtype, shape);
  return graph.build();
}

/** Feed of {@link cropStage} for upright pieces. */
export function cropFeeds(boxes: readonly Box[], size: Size): { readonly homographies: InlineTensor } {
  const rows = boxes.flatMap(([x1, y1, x2, y2]) => [
    ...[(x2 - x1) / size.width, 0, x1],
    ...[0, (y2 - y1) / size.height, y1],
    ...[0, 0, 1],
  ]);
  return { homographies: inlineTensor('float32', [boxes.length, 3, 3], Float32Array.from(rows)) };
}

/** The box around the same centre that is `padding` times as large, grown on one axis to the proportions of `size` as a viewer sees them. */
export function cropAround([x1, y1, x2, y2]: Box, size: Size, padding: number, frame: FrameShape): Box {
  const aspect = pixelAspect(frame);
  const scale = Math.max(((x2 - x1) * aspect) / size.width, (y2 - y1) / size.height) * padding;
  const halfWidth = (scale * size.width) / aspect / 2;
  const halfHeight = (scale * size.height) / 2;
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

/** The part of a box that lies in the picture; `undefined` when none does. */
export function clipBox([x1, y1, x2, y2]: Box, { width, height }: Size): Box | undefined {
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const clipped: Box = [clamp(x1, width), clamp(y1, height), clamp(x2, width), clamp(y2, height)];
  return clipped[2] > clipped[0] && clipped[3] > clipped[1] ? clipped : undefined;
}
