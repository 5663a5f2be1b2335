import type { Lab } from './ciede2000.js';

/** Red, green, blue: sRGB codes, 0–255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A full-range BT.601 colour, as in JPEG: luma 0–255, chroma as codes around 128. @see ITU-T T.871 */
export function rgbFromYcbcr(y: number, cb: number, cr: number): Rgb {
  const [b, r] = [cb - 128, cr - 128];
  return [clamp(y + 1.402 * r), clamp(y - 0.344136 * b - 0.714136 * r), clamp(y + 1.772 * b)];
}

/** sRGB to CIE L*a*b* under D65. @see IEC 61966-2-1; CIE 15 */
export function labFromRgb([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = compress((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = compress(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = compress((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Rounded to the nearest code, since pictures are. */
function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

const linearCodes = Float64Array.from({ length: 256 }, (_, code) => {
  const value = code / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

function linear(code: number): number {
  return linearCodes[code] as number;
}

function compress(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116;
}
