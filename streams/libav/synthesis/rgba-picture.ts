import { AV_PIX_FMT_RGBA } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { Rational } from '../../../pipeline/time.js';

/** `Frame.fromVideoBuffer` of node-av 6.1 copies nothing, though it says so: the copies that pictures stand for live as long as they do. */
const copies = new WeakMap<Frame, Buffer>();

/**
 * A picture of drawn pixels, which are copied, for filters and encoders. Whoever asked owns it.
 *
 * @param pixels RGBA, four bytes a pixel, row after row.
 */
export function rgbaPicture(pixels: Uint8Array, width: number, height: number, timeBase: Rational): Frame {
  const copy = Buffer.from(pixels);
  const picture = Frame.fromVideoBuffer(copy, { width, height, format: AV_PIX_FMT_RGBA, timeBase });
  copies.set(picture, copy);
  return picture;
}
