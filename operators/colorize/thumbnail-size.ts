import { type Rational, rationalValue } from '../../pipeline/index.js';
import type { PictureBox } from './picture-box.js';

/** Sides of a thumbnail, pixels; multiples of 16. */
export interface ThumbnailSize {
  readonly width: number;
  readonly height: number;
}

const STEP = 16;
/** Panoramas are squeezed to this aspect, so that their cost stays bounded. */
const LONGEST = 4;

/** The thumbnail of a part of a picture: square pixels whatever the picture's are, short side about `shortSide`. */
export function thumbnailSize(box: PictureBox, sampleAspectRatio: Rational, shortSide: number): ThumbnailSize {
  const pixelAspect = rationalValue(sampleAspectRatio) || 1;
  const width = (box.right - box.left) * pixelAspect;
  const height = box.bottom - box.top;
  const scale = shortSide / Math.min(width, height);
  const side = (length: number): number =>
    Math.max(2, Math.round(Math.min(length * scale, shortSide * LONGEST) / STEP)) * STEP;
  return { width: side(width), height: side(height) };
}
