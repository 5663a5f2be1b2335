import type { PictureFormat, PlaneLayout } from '../pipeline/index.js';

/** Encoders that refuse sides which their subsampled chroma does not divide. */
const needsEvenSides = /264|265|hevc|svtav1|av1_(nvenc|qsv|amf|vaapi)|prores|dnxhd/;

export interface EvenSides {
  readonly width: number;
  readonly height: number;
}

/**
 * To what pictures with an odd side must be widened for an encoder that cannot take them, by repeating the last column or row, so that no
 * pixel is lost (FFmpeg's `pad` would paint over the last odd column). Nothing when the encoder takes them as they are.
 *
 * @param pixelFormat FFmpeg's name of the format that is encoded.
 */
export function evenSides(encoder: string, pixelFormat: string, picture: PictureFormat): EvenSides | undefined {
  if (!needsEvenSides.test(encoder) || /444|gray|rgb|gbr/.test(pixelFormat)) return undefined;
  const right = picture.width % 2;
  const bottom = /422|nv16|p210|yuyv|uyvy/.test(pixelFormat) ? 0 : picture.height % 2;
  if (right === 0 && bottom === 0) return undefined;
  return { width: picture.width + right, height: picture.height + bottom };
}

/**
 * Repeats the last column and row of a plane into the one column and row that its memory has beyond them.
 *
 * @param stride Bytes from row to row.
 */
export function repeatEdges(bytes: Uint8Array, stride: number, own: PlaneLayout, wider: PlaneLayout): void {
  const end = own.width * own.bytesPerSample;
  for (let y = 0; wider.width > own.width && y < own.height; y++) {
    bytes.copyWithin(y * stride + end, y * stride + end - own.bytesPerSample, y * stride + end);
  }
  if (wider.height === own.height) return;
  const last = (own.height - 1) * stride;
  bytes.copyWithin(last + stride, last, last + wider.width * own.bytesPerSample);
}
