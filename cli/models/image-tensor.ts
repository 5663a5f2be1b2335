import type { AdapterParameters } from '../../models/catalog/adapter-parameters.js';
import { describeTensor, formatShape, type TensorSpec } from '../../models/tensor.js';
import { VitascopeError } from '../../pipeline/index.js';
import { channelCount, type ImageSpec } from './parse-image-spec.js';

/**
 * Compares what a person says of an image with the tensor of the file.
 *
 * @param option The option that said it, for the message.
 * @throws VitascopeError `OPTION_INVALID` that tells what the file has.
 */
export function checkImage(option: string, spec: ImageSpec, tensor: TensorSpec): void {
  const { name, shape, type } = tensor;
  const count = channelCount(spec);
  const has = `"${name}" of the file is ${describeTensor(tensor)}`;
  if (spec.dtype !== undefined && spec.dtype !== type) throw wrong(`${option} says ${spec.dtype}, ${has}`);
  if (imageType(tensor) === undefined) throw wrong(`${option}: ${has}; images may be float32, float16, uint8 or int32`);
  if (shape.length === 0) return;
  if (shape.length !== 4) throw wrong(`${option}: an image has four axes, ${has}`);
  const [first, last] = [shape[1], shape[3]];
  const channels = spec.layout === 'NCHW' ? first : last;
  if (typeof channels !== 'number' || channels === count) {
    checkSize(option, spec, tensor);
    return;
  }
  const other = spec.layout === 'NCHW' ? last : first;
  const hint = other === count ? `; did you mean ${spec.layout === 'NCHW' ? 'nhwc' : 'nchw'}?` : '';
  throw wrong(`${option} says ${spec.layout} with ${count} channels, ${has}${hint}`);
}

function checkSize(option: string, spec: ImageSpec, tensor: TensorSpec): void {
  if (spec.size === undefined) return;
  const sides = sidesOf(spec, tensor);
  if (sides.every((side, axis) => typeof side !== 'number' || side === spec.size?.[axis])) return;
  throw wrong(
    `${option} says size=${spec.size.join('x')}, "${tensor.name}" of the file is ${formatShape(tensor.shape)}`,
  );
}

/** Height and width of an image tensor. */
export function sidesOf({ layout }: ImageSpec, { shape }: TensorSpec): readonly (number | string)[] {
  return layout === 'NCHW' ? shape.slice(2, 4) : shape.slice(1, 3);
}

/** Height and width, where the file fixes both. */
export function fixedSize(spec: ImageSpec, tensor: TensorSpec | undefined): [number, number] | undefined {
  const [height, width] = tensor === undefined ? [] : sidesOf(spec, tensor);
  return typeof height === 'number' && typeof width === 'number' ? [height, width] : undefined;
}

/** The element type of a tensor, if it is one that images may have. */
export function imageType(tensor: TensorSpec | undefined): AdapterParameters['dtype'] {
  const type = tensor?.type;
  return type === 'float32' || type === 'float16' || type === 'uint8' || type === 'int32' ? type : undefined;
}

function wrong(message: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `models add: ${message}`);
}
