import { ciede2000 } from './ciede2000.js';
import { labFromRgb, type Rgb } from './color-spaces.js';

/** Pixels of a picture, in any order that both pictures of a comparison share. */
export type Pixels = readonly Rgb[];

/** Peak signal-to-noise ratio over all three channels, dB; infinite for equal pictures. Higher is nearer. */
export function psnr(truth: Pixels, picture: Pixels): number {
  let squares = 0;
  for (const [i, [r, g, b]] of truth.entries()) {
    const [r2, g2, b2] = picture[i] as Rgb;
    squares += (r - r2) ** 2 + (g - g2) ** 2 + (b - b2) ** 2;
  }
  return 10 * Math.log10((255 * 255 * 3 * truth.length) / squares);
}

/** Mean CIEDE2000 difference over all pixels. Lower is nearer. */
export function colorDifference(truth: Pixels, picture: Pixels): number {
  let sum = 0;
  for (const [i, pixel] of truth.entries()) sum += ciede2000(labFromRgb(pixel), labFromRgb(picture[i] as Rgb));
  return sum / truth.length;
}

/**
 * How colourful a picture looks: 0 is grey, about 40 an ordinary photograph, above 80 very vivid.
 *
 * @see Hasler and Süsstrunk, Measuring Colourfulness in Natural Images, 2003 (the metric M̂⁽³⁾)
 */
export function colorfulness(picture: Pixels): number {
  const redGreen = moments(picture, ([r, g]) => r - g);
  const yellowBlue = moments(picture, ([r, g, b]) => (r + g) / 2 - b);
  return Math.hypot(redGreen.deviation, yellowBlue.deviation) + 0.3 * Math.hypot(redGreen.mean, yellowBlue.mean);
}

function moments(picture: Pixels, value: (pixel: Rgb) => number): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const pixel of picture) {
    const v = value(pixel);
    sum += v;
    squares += v * v;
  }
  const mean = sum / picture.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / picture.length - mean * mean)) };
}
