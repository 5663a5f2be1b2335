import { VitascopeError } from '../../../pipeline/errors.js';
import { type InlineTensor, inlineTensor } from '../../tensor.js';

/** A picture as the network sees it: uint8 `[1, 3, S, S]`, RGB, squeezed to a square. Nobody changes it. */
export type StepPicture = Extract<InlineTensor, { readonly type: 'uint8' }>;

const CHANNELS = 3;

/** The picture turned clockwise by 0, 90, 180 or 270 degrees. */
export function turnedPicture(picture: StepPicture, degrees: number): StepPicture {
  if (degrees === 0) return picture;
  const side = sideOf(picture);
  const source = sourceOf(degrees, side);
  const data = new Uint8Array(picture.data.length);
  for (let channel = 0, at = 0; channel < CHANNELS; channel++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, at++) data[at] = picture.data[channel * side * side + source(x, y)] as number;
    }
  }
  return inlineTensor('uint8', picture.shape, data);
}

/** Where, in the picture as it is stored, the point x, y of the turned one lies. */
function sourceOf(degrees: number, side: number): (x: number, y: number) => number {
  const last = side - 1;
  if (degrees === 90) return (x, y) => (last - x) * side + y;
  if (degrees === 180) return (x, y) => (last - y) * side + last - x;
  if (degrees === 270) return (x, y) => x * side + last - y;
  throw new VitascopeError('FRAME_FORMAT', `foley: pictures are turned by quarters, got ${degrees} degrees`);
}

/** Pictures one after the other as one tensor: uint8 `[1, 3 · pictures, S, S]`. */
export function stackedPictures(pictures: readonly StepPicture[]): StepPicture {
  const [, , height = 0, width = 0] = pictures[0]?.shape ?? [];
  const data = new Uint8Array(pictures.length * CHANNELS * height * width);
  for (const [k, picture] of pictures.entries()) data.set(picture.data, k * CHANNELS * height * width);
  return inlineTensor('uint8', [1, pictures.length * CHANNELS, height, width], data);
}

function sideOf({ shape }: StepPicture): number {
  return shape[2] ?? 0;
}
