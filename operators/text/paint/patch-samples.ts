import type { Codes } from './code-colors.js';
import type { LinePatch, PatchGrid } from './line-patch.js';

/** Luma, Cb and Cr of samples, codes of 8 bits: all three in the resolution of luma. */
export type CodePlanes = readonly [Float32Array, Float32Array, Float32Array];

/** Three planes at the samples of the first, and where samples lie, as seen from the line. */
export class PatchSamples {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly planes: CodePlanes;
  /** How far outside the line each sample lies, in heights of the line; negative inside. */
  readonly outside: Float32Array;

  constructor([luma, cb, cr]: LinePatch, grid: PatchGrid) {
    const { columns, rows } = grid;
    this.count = columns * rows;
    this.width = columns;
    this.height = rows;
    this.planes = [luma.values, new Float32Array(this.count), new Float32Array(this.count)];
    for (let y = 0, at = 0; y < rows; y++) {
      const row = (y >> 1) * cb.width;
      for (let x = 0; x < columns; x++, at++) {
        this.planes[1][at] = cb.values[row + (x >> 1)] as number;
        this.planes[2][at] = cr.values[row + (x >> 1)] as number;
      }
    }
    this.outside = outsideOf(grid);
  }

  luma(index: number): number {
    return this.planes[0][index] as number;
  }

  /** From the colour of a sample to another; luma and chroma count alike. */
  distance(index: number, to: Codes): number {
    // Without destructuring, which costs more than all else until this has been compiled.
    const { planes } = this;
    const luma = (planes[0][index] as number) - to[0];
    const cb = (planes[1][index] as number) - to[1];
    const cr = (planes[2][index] as number) - to[2];
    return Math.sqrt(luma * luma + cb * cb + cr * cr);
  }
}

function outsideOf({ columns, rows, density, marginX, marginY, lineWidth, lineHeight }: PatchGrid): Float32Array {
  const outside = new Float32Array(columns * rows);
  const along = (at: number, perUnit: number, margin: number, length: number): number => {
    const place = (at + 0.5) / perUnit - margin;
    return Math.max(-place, place - length) / lineHeight;
  };
  const across = new Float32Array(columns).map((_, x) => along(x, density[0], marginX, lineWidth));
  for (let y = 0, at = 0; y < rows; y++) {
    const down = along(y, density[1], marginY, lineHeight);
    for (let x = 0; x < columns; x++, at++) outside[at] = Math.max(across[x] as number, down);
  }
  return outside;
}

/** Between two colours; luma and chroma count alike. */
export function distance(a: Codes, b: Codes): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Mean colour of some samples, or `none` of no samples. */
export function meanCodes(planes: CodePlanes, samples: readonly number[], none: Codes): Codes {
  if (samples.length === 0) return none;
  const meanOf = (plane: Float32Array): number => {
    let sum = 0;
    for (const at of samples) sum += plane[at] as number;
    return sum / samples.length;
  };
  return [meanOf(planes[0]), meanOf(planes[1]), meanOf(planes[2])];
}

/** Median of each code apart; grey of no samples. */
export function medianCodes(planes: CodePlanes, samples: readonly number[]): Codes {
  const values = new Float32Array(samples.length);
  const middle = (plane: Float32Array): number => {
    for (let i = 0; i < values.length; i++) values[i] = plane[samples[i] as number] as number;
    return values.sort()[values.length >> 1] ?? 128;
  };
  return [middle(planes[0]), middle(planes[1]), middle(planes[2])];
}
