import { VitascopeError } from '../../../pipeline/errors.js';
import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { ModelContract } from '../../model-contract.js';
import { describeTensor, type TensorSpec } from '../../tensor.js';
import type { Size } from '../picture/letterbox.js';
import type { ImageFormat } from '../picture/model-image.js';

/** What an image-to-image network takes and gives. */
export interface ImageInterface {
  readonly input: ImageFormat & { readonly name: string };
  readonly output: ImageFormat & { readonly name: string };
  /** Axes of height and width of the input. */
  readonly axes: readonly [number, number];
  /** The one size that the file allows; nothing when the sides are free. */
  readonly fixed: Size | undefined;
}

/**
 * Brings together what a model file says of its tensors (names, types, sizes) and what its adapter parameters say of their meaning.
 *
 * @throws VitascopeError `MODEL_INVALID` when it does not take one image and give one.
 */
export function imageInterface(id: string, parameters: AdapterParameters, model: ModelContract): ImageInterface {
  const [input, output] = [onlyImage(id, 'input', model.inputs), onlyImage(id, 'output', model.outputs)];
  const given = { ...formatOf(parameters, input), name: input.name };
  const { output: own = {} } = parameters;
  const taken = { ...formatOf({ ...parameters, ...own }, output), name: output.name };
  const axes = given.layout === 'NHWC' ? ([1, 2] as const) : ([2, 3] as const);
  const [height, width] = [input.shape[axes[0]], input.shape[axes[1]]];
  const isFixed = typeof height === 'number' && typeof width === 'number';
  return { input: given, output: taken, axes, fixed: isFixed ? { width, height } : undefined };
}

function onlyImage(id: string, side: 'input' | 'output', specs: readonly TensorSpec[]): TensorSpec {
  const [image] = specs;
  const isImage = image !== undefined && image.shape.length === 4 && (side === 'output' || specs.length === 1);
  if (isImage) return image;
  const got = specs.map((spec) => `"${spec.name}" ${describeTensor(spec)}`).join(', ');
  throw new VitascopeError('MODEL_INVALID', `model ${id}: its ${side} must be one image of four axes, it has ${got}`, {
    context: { id, side },
  });
}

function formatOf(parameters: AdapterParameters, { type, shape }: TensorSpec): ImageFormat {
  const { layout = layoutOf(shape), channels = 'RGB', range, mean, std } = parameters;
  const count = shape[layout === 'NCHW' ? 1 : 3];
  return {
    layout,
    channels: count === 1 ? 'gray' : channels === 'BGR' ? 'BGR' : 'RGB',
    dtype: type,
    ...(range === undefined ? {} : { range }),
    ...(mean === undefined ? {} : { mean }),
    ...(std === undefined ? {} : { std }),
  };
}

function layoutOf(shape: TensorSpec['shape']): 'NCHW' | 'NHWC' {
  const isChannels = (size: number | string | undefined): boolean => size === 1 || size === 3;
  return isChannels(shape[3]) && !isChannels(shape[1]) ? 'NHWC' : 'NCHW';
}
