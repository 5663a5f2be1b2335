import { yuvMatrices } from '../../../models/adapters/picture/yuv-matrices.js';
import type { VideoFrame } from '../../../pipeline/index.js';
import type { Rgb } from './contrast.js';

/** Luma, Cb and Cr, codes of 8 bits with fractions, whatever the depth of the frame. */
export type Codes = readonly [luma: number, cb: number, cr: number];

/** Both ways between colours and the codes of frames like this one. */
export class CodeColors {
  readonly #toRgb: Float32Array;
  readonly #fromRgb: Float32Array;

  constructor({ color, height }: Pick<VideoFrame, 'color' | 'height'>) {
    const matrices = yuvMatrices({ pixelFormat: 'yuv420p', color, height });
    this.#toRgb = matrices.toRgb.data as Float32Array;
    this.#fromRgb = matrices.fromRgb.data as Float32Array;
  }

  /** Codes to a colour, clipped to 0–255. */
  rgb(codes: Codes): Rgb {
    const channel = (row: number): number => Math.min(255, Math.max(0, dot(this.#toRgb, row, codes)));
    return [channel(0), channel(1), channel(2)];
  }

  /** A colour to codes. */
  codes(rgb: Rgb): Codes {
    return [dot(this.#fromRgb, 0, rgb), dot(this.#fromRgb, 1, rgb), dot(this.#fromRgb, 2, rgb)];
  }
}

function dot(matrix: Float32Array, row: number, [a, b, c]: readonly [number, number, number]): number {
  const at = 4 * row;
  return (
    (matrix[at] as number) * a +
    (matrix[at + 1] as number) * b +
    (matrix[at + 2] as number) * c +
    (matrix[at + 3] as number)
  );
}
