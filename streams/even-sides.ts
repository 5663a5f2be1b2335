import type { PictureFormat } from '../pipeline/index.js';

/** Encoders that refuse sides which their subsampled chroma does not divide. */
const needsEvenSides = /264|265|hevc|svtav1|av1_(nvenc|qsv|amf|vaapi)|prores|dnxhd/;

export interface EvenSides {
  readonly width: number;
  readonly height: number;
  /** FFmpeg filters that repeat the last column or row once. */
  readonly filter: string;
}

/**
 * How pictures with an odd side must be widened for an encoder that cannot take them: by repeating the last column or row, so that no
 * pixel is lost. Nothing when the encoder takes them as they are.
 *
 * @param pixelFormat FFmpeg's name of the format that is encoded.
 */
export function evenSides(encoder: string, pixelFormat: string, picture: PictureFormat): EvenSides | undefined {
  if (!needsEvenSides.test(encoder) || /444|gray|rgb|gbr/.test(pixelFormat)) return undefined;
  const right = picture.width % 2;
  const bottom = /422|nv16|p210|yuyv|uyvy/.test(pixelFormat) ? 0 : picture.height % 2;
  if (right === 0 && bottom === 0) return undefined;
  const [width, height] = [picture.width + right, picture.height + bottom];
  return { width, height, filter: `pad=${width}:${height}:0:0,fillborders=right=${right}:bottom=${bottom}:mode=smear` };
}
