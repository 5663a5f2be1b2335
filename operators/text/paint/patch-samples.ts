import type { Codes } from './code-colors.js';
import type { LinePatch, PatchGrid } from './line-patch.js';

/** Reads three planes at the samples of the first, and knows where samples lie, as seen from the line. */
export class PatchSamples {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly #patch: LinePatch;
  readonly #outsideX: Float32Array;
  readonly #outsideY: Float32Array;

  constructor(patch: LinePatch, { columns, rows, density, marginX, marginY, lineWidth, lineHeight }: PatchGrid) {
    this.#patch = patch;
    this.count = columns * rows;
    this.width = columns;
    this.height = rows;
    const outside = (at: number, perUnit: number, margin: number, length: number): number => {
      const place = (at + 0.5) / perUnit - margin;
      return Math.max(-place, place - length) / lineHeight;
    };
    this.#outsideX = Float32Array.from({ length: columns }, (_, x) => outside(x, density[0], marginX, lineWidth));
    this.#outsideY = Float32Array.from({ length: rows }, (_, y) => outside(y, density[1], marginY, lineHeight));
  }

  at(index: number): Codes {
    const [luma, cb, cr] = this.#patch;
    const row = Math.trunc(index / this.width);
    const chroma = (row >> 1) * cb.width + ((index - row * this.width) >> 1);
    return [luma.values[index] as number, cb.values[chroma] as number, cr.values[chroma] as number];
  }

  luma(index: number): number {
    return this.#patch[0].values[index] as number;
  }

  /** How far outside the line a sample lies, in heights of the line; negative inside. */
  outside(index: number): number {
    const row = Math.trunc(index / this.width);
    return Math.max(this.#outsideX[index - row * this.width] as number, this.#outsideY[row] as number);
  }
}

/** Between two colours; luma and chroma count alike. */
export function distance(a: Codes, b: Codes): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Mean of colours, or `none` of no colours. */
export function meanCodes(colors: readonly Codes[], none: Codes): Codes {
  if (colors.length === 0) return none;
  const sums = [0, 0, 0];
  for (const color of colors) for (const i of [0, 1, 2] as const) sums[i] = (sums[i] as number) + color[i];
  return sums.map((sum) => sum / colors.length) as unknown as Codes;
}

/** Median of each code apart; black of no colours. */
export function medianCodes(colors: readonly Codes[]): Codes {
  const middle = (i: 0 | 1 | 2): number => {
    const values = Float32Array.from(colors, (color) => color[i]).sort();
    return values[values.length >> 1] ?? 128;
  };
  return [middle(0), middle(1), middle(2)];
}
