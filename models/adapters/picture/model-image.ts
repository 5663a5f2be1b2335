import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { TensorType } from '../../tensor.js';

/** How a network wants its image. Names and units are those of the catalog's `adapter` parameters. */
export interface ImageFormat {
  /** Default `NCHW`. */
  readonly layout?: 'NCHW' | 'NHWC';
  /** Default `RGB`. `gray` is the luma of BT.601. */
  readonly channels?: 'RGB' | 'BGR' | 'gray';
  /** Values of black and white before mean and standard deviation. Default 0–255. */
  readonly range?: readonly [number, number];
  /** Subtracted, one per channel in the order of {@link channels}, in units of {@link range}. Default 0. */
  readonly mean?: readonly number[];
  /** Divided by afterwards. Default 1. */
  readonly std?: readonly number[];
  /** Default float32. Integers are rounded. */
  readonly dtype?: TensorType;
}

const grayWeights = [0.299, 0.587, 0.114];

/**
 * RGB, float32 `[N, 3, h, w]`, 0–255 → the tensor that a network wants, in its type, order, range and layout.
 */
export function toModelImage(graph: GraphBuilder, rgb: Value, format: ImageFormat): Value {
  const { layout = 'NCHW', dtype = 'float32' } = format;
  const scaled = affine(graph, channelsOf(graph, rgb, format), format);
  const ordered = layout === 'NCHW' ? scaled : graph.node('Transpose', [scaled], { perm: [0, 2, 3, 1] });
  if (dtype === 'float32') return ordered;
  return graph.cast(dtype.startsWith('float') ? ordered : graph.node('Round', [ordered]), dtype);
}

/** The way back: what {@link toModelImage} gave → RGB, float32 `[N, 3, h, w]`, 0–255, clipped. One channel gives grey. */
export function fromModelImage(graph: GraphBuilder, image: Value, format: ImageFormat): Value {
  const { layout = 'NCHW', dtype = 'float32', channels = 'RGB' } = format;
  const floats = dtype === 'float32' ? image : graph.cast(image, 'float32');
  const planar = layout === 'NCHW' ? floats : graph.node('Transpose', [floats], { perm: [0, 3, 1, 2] });
  const count = channels === 'gray' ? 1 : 3;
  const { gain, offset } = affineOf(format, count);
  const values = graph.node('Div', [graph.node('Sub', [planar, perChannel(graph, offset)]), perChannel(graph, gain)]);
  const clipped = graph.node('Clip', [values, graph.scalar(0), graph.scalar(255)]);
  if (channels === 'RGB') return clipped;
  return graph.node('Gather', [clipped, graph.ints([3], channels === 'BGR' ? [2, 1, 0] : [0, 0, 0])], { axis: 1 });
}

function channelsOf(graph: GraphBuilder, rgb: Value, { channels = 'RGB' }: ImageFormat): Value {
  if (channels === 'RGB') return rgb;
  if (channels === 'BGR') return graph.node('Gather', [rgb, graph.ints([3], [2, 1, 0])], { axis: 1 });
  return graph.node('Conv', [rgb, graph.floats([1, 3, 1, 1], grayWeights)]);
}

function affine(graph: GraphBuilder, image: Value, format: ImageFormat): Value {
  const { gain, offset } = affineOf(format, format.channels === 'gray' ? 1 : 3);
  if (gain.every((g) => g === 1) && offset.every((o) => o === 0)) return image;
  return graph.node('Add', [graph.node('Mul', [image, perChannel(graph, gain)]), perChannel(graph, offset)]);
}

/** value = pixel × gain + offset */
function affineOf({ range = [0, 255], mean, std }: ImageFormat, channels: number) {
  const at = (values: readonly number[] | undefined, i: number, otherwise: number): number =>
    values?.[i] ?? values?.[0] ?? otherwise;
  const [low, high] = range;
  const indices = Array.from({ length: channels }, (_, i) => i);
  return {
    gain: indices.map((i) => (high - low) / 255 / at(std, i, 1)),
    offset: indices.map((i) => (low - at(mean, i, 0)) / at(std, i, 1)),
  };
}

function perChannel(graph: GraphBuilder, values: readonly number[]): Value {
  return graph.floats([1, values.length, 1, 1], values);
}
