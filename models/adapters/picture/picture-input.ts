import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { planeTensor, type Tensor } from '../../tensor.js';
import { yuvMatrices } from './yuv-matrices.js';

/** Element type of a picture's planes. */
export type PlaneType = 'uint8' | 'uint16';

/** The planes of a picture inside a graph, as float32. */
export interface PictureInput {
  /** float32 `[1, 1, H, W]`, codes. */
  readonly y: Value;
  /** float32 `[1, 1, Hc, Wc]`, codes. */
  readonly cb: Value;
  readonly cr: Value;
  /** float32 `[3, 4]`, see `yuvMatrices`. */
  readonly toRgb: Value;
}

/**
 * Declares the inputs through which every graph takes a picture: `y`, `cb`, `cr` (planes, uint8 or uint16 `[1, 1, H, W]`, rows tight) and
 * `toRgb` (float32 `[3, 4]`). {@link pictureFeeds} gives the tensors for them.
 */
export function pictureInput(graph: GraphBuilder, type: PlaneType): PictureInput {
  const plane = (name: string, height: string, width: string): Value =>
    graph.cast(graph.input(name, type, [1, 1, height, width]), 'float32');
  return {
    y: plane('y', 'H', 'W'),
    cb: plane('cb', 'Hc', 'Wc'),
    cr: plane('cr', 'Hc', 'Wc'),
    toRgb: graph.input('toRgb', 'float32', [3, 4]),
  };
}

/** Feeds of {@link pictureInput} for a frame, which stays the caller's and must stay open until the run has settled. */
export function pictureFeeds(frame: VideoFrame): Readonly<Record<'y' | 'cb' | 'cr' | 'toRgb', Tensor>> {
  return {
    y: planeTensor(frame, 0),
    cb: planeTensor(frame, 1),
    cr: planeTensor(frame, 2),
    toRgb: yuvMatrices(frame).toRgb,
  };
}

/** The type that {@link pictureInput} must be declared with for this frame. */
export function planeTypeOf(frame: VideoFrame): PlaneType {
  return frame.bitDepth === 8 ? 'uint8' : 'uint16';
}

/**
 * Planes of the same size → RGB, float32 `[N, 3, h, w]`, 0–255, clipped.
 *
 * @param planes float32 `[N, 3, h, w]`: Y, Cb, Cr.
 */
export function toRgb(graph: GraphBuilder, planes: Value, matrix: Value): Value {
  const weights = graph.reshape(graph.slice(matrix, 1, 0, 3), [3, 3, 1, 1]);
  const bias = graph.reshape(graph.slice(matrix, 1, 3, 4), [3]);
  return graph.node('Clip', [graph.node('Conv', [planes, weights, bias]), graph.scalar(0), graph.scalar(255)]);
}
