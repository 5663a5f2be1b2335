import { VitascopeError } from '../../../pipeline/errors.js';
import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { TensorType } from '../../tensor.js';
import type { Fit } from './letterbox.js';
import type { ImageFormat } from './model-image.js';
import type { Interpolation } from './resize-picture.js';

/** What the stages before a network need to know of its image input. */
export interface ImageParameters {
  readonly format: ImageFormat;
  readonly fit: Fit;
  /** Value of the margins, 0–255, before mean and standard deviation. */
  readonly pad: number;
  readonly interpolation: Interpolation;
}

/**
 * The catalog's parameters of an image input in the terms of the picture stages.
 *
 * @param type Element type that the file has; it counts more than what the catalog says.
 * @throws VitascopeError `MODEL_INVALID` for channels that are no picture's (`L`, `ab`) and for lines of text (`fit: 'height'`).
 */
export function imageParameters(who: string, adapter: AdapterParameters, type?: TensorType): ImageParameters {
  const { layout, channels, range, mean, std } = adapter;
  if (channels === 'L' || channels === 'ab') throw wrong(who, 'channels', 'RGB, BGR or gray', channels);
  const dtype = type ?? adapter.dtype;
  return {
    format: {
      ...(layout === undefined ? {} : { layout }),
      ...(channels === undefined ? {} : { channels }),
      ...(range === undefined ? {} : { range }),
      ...(mean === undefined ? {} : { mean }),
      ...(std === undefined ? {} : { std }),
      ...(dtype === undefined ? {} : { dtype }),
    },
    fit: fitOf(who, adapter),
    pad: padOf(adapter),
    interpolation: adapter.interpolation ?? 'bilinear',
  };
}

function fitOf(who: string, { fit = 'stretch', anchor = 'centre', resizeShort }: AdapterParameters): Fit {
  if (fit === 'height') throw wrong(who, 'fit', 'letterbox, stretch or crop', fit);
  return { fit, anchor, ...(resizeShort === undefined ? {} : { short: resizeShort }) };
}

/** From units of `range` to 0–255. */
function padOf({ pad, range: [low, high] = [0, 255] }: AdapterParameters): number {
  return pad === undefined ? 0 : ((pad - low) / (high - low)) * 255;
}

function wrong(who: string, parameter: string, expected: string, got: string): VitascopeError {
  return new VitascopeError('MODEL_INVALID', `${who}: ${parameter} must be ${expected}, got ${got}`, {
    context: { parameter, got },
  });
}
