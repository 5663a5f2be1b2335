import type { GraphBuilder, Value } from '../../../models/onnx/graph-builder.js';
import type { TensorType } from '../../../models/tensor.js';
import type { FrameProperties, VideoFrame } from '../../../pipeline/video-frame.js';
import { testFrame } from '../../helpers/frames.js';

/** A dark grey frame with a bright square of `side` pixels around each of the points. */
export function dotFrame(
  changes: Partial<FrameProperties>,
  dots: readonly (readonly [x: number, y: number])[],
  side = 4,
): VideoFrame {
  const frame = testFrame(0, changes);
  const unit = frame.bitDepth === 8 ? 1 : 4;
  frame.plane(0).fill(40 * unit);
  for (const plane of [1, 2] as const) frame.plane(plane).fill(128 * unit);
  const luma = frame.plane(0);
  for (const [x, y] of dots) {
    for (let row = y - side / 2; row < y + side / 2; row++) {
      luma.fill(235 * unit, row * frame.width + x - side / 2, row * frame.width + x + side / 2);
    }
  }
  return frame;
}

/** Where an image is brightest: the mean place of all pixels that are nearly white. */
export interface BrightSpot {
  /** float32 `[N, 1]`, pixels, pixel centres at half coordinates. */
  readonly x: Value;
  readonly y: Value;
}

/** Declares an image input, and finds the white spot in it: a network that knows what it is doing. */
export function brightSpot(
  graph: GraphBuilder,
  type: TensorType,
  shape:
    | readonly [batch: number | string, channels: 3, height: number, width: number]
    | readonly [number | string, number, number, 3],
): BrightSpot {
  const input = graph.input('image', type, shape);
  const floats = type === 'float32' ? input : graph.cast(input, 'float32');
  const planar = shape[1] === 3 ? floats : graph.node('Transpose', [floats], { perm: [0, 3, 1, 2] });
  const light = graph.node('ReduceMean', [planar, graph.ints([1], [1])], { keepdims: 0 });
  const peak = graph.node('ReduceMax', [light, graph.ints([2], [1, 2])], { keepdims: 1 });
  const least = graph.node('Mul', [peak, graph.scalar(0.9)]);
  const white = graph.cast(graph.node('Greater', [light, least]), 'float32');
  const [height, width] = shape[1] === 3 ? [shape[2] as number, shape[3]] : [shape[1], shape[2] as number];
  const total = graph.node('ReduceSum', [white, graph.ints([2], [1, 2])], { keepdims: 0 });
  const along = (centres: Value): Value => {
    const sum = graph.node('ReduceSum', [graph.node('Mul', [white, centres]), graph.ints([2], [1, 2])], {
      keepdims: 0,
    });
    return graph.reshape(graph.node('Div', [sum, total]), [-1, 1]);
  };
  const middles = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 0.5);
  return {
    x: along(graph.floats([1, 1, width], middles(width))),
    y: along(graph.floats([1, height, 1], middles(height))),
  };
}
