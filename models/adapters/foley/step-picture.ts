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

/**
 * Squares cut out of several pictures around the same place, moved so that they lie inside: uint8 `[1, 3 · pictures, size, size]`.
 *
 * @param position x and y, 0–1 from the left upper corner.
 */
export function cropsAround(
  pictures: readonly StepPicture[],
  [x, y]: readonly [x: number, y: number],
  size: number,
): StepPicture {
  const data = new Uint8Array(pictures.length * CHANNELS * size * size);
  let at = 0;
  for (const picture of pictures) {
    const side = sideOf(picture);
    const [left, top] = [cornerOf(x, side, size), cornerOf(y, side, size)];
    for (let channel = 0; channel < CHANNELS; channel++) {
      for (let row = top; row < top + size; row++, at += size) {
        const start = (channel * side + row) * side + left;
        data.set(picture.data.subarray(start, start + size), at);
      }
    }
  }
  return inlineTensor('uint8', [1, pictures.length * CHANNELS, size, size], data);
}

function cornerOf(position: number, side: number, size: number): number {
  return Math.min(side - size, Math.max(0, Math.round(position * side - size / 2)));
}

function sideOf({ shape }: StepPicture): number {
  return shape[2] ?? 0;
}
