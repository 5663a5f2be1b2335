import { VitascopeError } from '../../../pipeline/errors.js';
import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { TensorSpec } from '../../tensor.js';
import { describeTensor } from '../../tensor.js';
import type { Size } from './letterbox.js';
import { displaySize, type FrameShape } from './place-frame.js';

/** The image input of a network, as far as its file fixes it. */
export interface ImageInput {
  readonly spec: TensorSpec;
  /** Images a run must be given; `undefined` when any number will do. */
  readonly batch: number | undefined;
  /** `undefined` when it is for the caller to choose. */
  readonly size: Size | undefined;
}

/** Reads the shape of an image input. @throws VitascopeError `MODEL_INVALID` when it is no batch of images of 1 or 3 channels. */
export function imageInput(
  who: string,
  spec: TensorSpec | undefined,
  { layout = 'NCHW' }: AdapterParameters,
): ImageInput {
  const axes = layout === 'NCHW' ? { channels: 1, height: 2, width: 3 } : { channels: 3, height: 1, width: 2 };
  const channels = spec?.shape[axes.channels];
  const isImage = spec?.shape.length === 4 && (typeof channels === 'string' || channels === 3 || channels === 1);
  if (spec === undefined || !isImage) {
    const got = spec === undefined ? 'no input' : describeTensor(spec);
    throw new VitascopeError('MODEL_INVALID', `${who}: the first input must be images, ${layout}, got ${got}`, {
      context: { layout, got },
    });
  }
  const fixed = (axis: number): number | undefined => {
    const size = spec.shape[axis];
    return typeof size === 'number' ? size : undefined;
  };
  const [width, height] = [fixed(axes.width), fixed(axes.height)];
  return { spec, batch: fixed(0), size: width === undefined || height === undefined ? undefined : { width, height } };
}

/**
 * The size at which a frame is fed: the file's, where it has one; else the catalog's `size`, or, where its sides may vary
 * (`multipleOf`), one of about that area in the proportions of the frame.
 *
 * @throws VitascopeError `MODEL_INVALID` when neither tells.
 */
export function inputSize(who: string, input: ImageInput, adapter: AdapterParameters, frame?: FrameShape): Size {
  if (input.size !== undefined) return input.size;
  const { size, multipleOf } = adapter;
  if (size === undefined) {
    throw new VitascopeError('MODEL_INVALID', `${who}: neither the file nor its parameters tell the size of the input`);
  }
  const [height, width] = size;
  return multipleOf === undefined || frame === undefined
    ? { width, height }
    : shapedLike(frame, adapter, width * height);
}

function shapedLike(frame: FrameShape, adapter: AdapterParameters, area: number): Size {
  const { multipleOf = 1, multiplePlus = 0, sizeRange: [least, most] = [1, Infinity] } = adapter;
  const shown = displaySize(frame);
  const ratio = Math.sqrt(area / (shown.width * shown.height));
  const side = (length: number): number => {
    const wanted = Math.min(most, Math.max(least, length * ratio));
    return Math.max(1, Math.round((wanted - multiplePlus) / multipleOf)) * multipleOf + multiplePlus;
  };
  return { width: side(shown.width), height: side(shown.height) };
}
