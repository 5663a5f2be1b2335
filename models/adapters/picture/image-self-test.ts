import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { SelfTest } from '../../providers/self-test.js';
import type { TensorSpec } from '../../tensor.js';

/** About the side of the image where nothing tells, pixels. */
const USUAL_SIDE = 256;

/**
 * How a network of images proves an execution provider: an image of a size and in the range of values that it is made for.
 *
 * @param input Its image input, with four axes.
 */
export function imageSelfTest(input: TensorSpec, adapter: AdapterParameters): SelfTest {
  const side = usualSide(adapter);
  const [height, width] = adapter.size ?? [side, side];
  const channels = adapter.channels === 'gray' || adapter.channels === 'L' ? 1 : 3;
  const usual = adapter.layout === 'NHWC' ? [1, height, width, channels] : [1, channels, height, width];
  const shape = input.shape.map((size, axis) => (typeof size === 'number' ? size : (usual[axis] ?? 1)));
  return { inputs: { [input.name]: { shape, range: valueRange(adapter) } } };
}

function usualSide({ multipleOf = 1, multiplePlus = 0 }: AdapterParameters): number {
  return Math.max(1, Math.round((USUAL_SIDE - multiplePlus) / multipleOf)) * multipleOf + multiplePlus;
}

/** What black and white become, over all channels. */
function valueRange({ range: [low, high] = [0, 255], mean = [0], std = [1] }: AdapterParameters): [number, number] {
  const channels = Array.from({ length: Math.max(mean.length, std.length) }, (_, i) => ({
    mean: mean[i] ?? mean[0] ?? 0,
    std: std[i] ?? std[0] ?? 1,
  }));
  return [
    Math.min(...channels.map((channel) => (low - channel.mean) / channel.std)),
    Math.max(...channels.map((channel) => (high - channel.mean) / channel.std)),
  ];
}
