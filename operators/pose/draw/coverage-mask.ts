import type { Shape } from './shape.js';

/**
 * How much of each pixel is to be painted, gathered from shapes before any is painted: where shapes of one colour overlap, the larger opacity counts, so
 * that half-transparent limbs have no beads at their joints. It has the size of the picture, and only what is covered is ever touched.
 */
export class CoverageMask {
  readonly width: number;
  readonly height: number;
  /** 0–255, row by row. */
  readonly values: Uint8Array;
  /** Of each row: the first pixel that may not be 0, and the one after the last. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  #top: number;
  #bottom = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.values = new Uint8Array(width * height);
    this.#from = new Int32Array(height).fill(width);
    this.#to = new Int32Array(height);
    this.#top = height;
  }

  /** First row that may be covered. */
  get top(): number {
    return this.#top;
  }
  /** Row after the last that may be covered; not above {@link top} unless nothing is covered. */
  get bottom(): number {
    return this.#bottom;
  }

  /** First pixel of a row that may be covered. Rows outside the picture have none. */
  from(row: number): number {
    return this.#from[row] ?? this.width;
  }

  /** Pixel after the last of a row that may be covered. */
  to(row: number): number {
    return this.#to[row] ?? 0;
  }

  /** Adds a shape, cut off at the edges of the picture. @param opacity 0–1. */
  add(shape: Shape, opacity: number): void {
    const top = Math.max(0, Math.floor(shape.top));
    const bottom = Math.min(this.height, Math.ceil(shape.bottom));
    // Written so that places which are not numbers cover nothing.
    if (!(opacity > 0 && top < bottom)) return;
    for (let row = top; row < bottom; row++) this.#addRow(shape, row, Math.min(1, opacity) * 255);
    this.#top = Math.min(this.#top, top);
    this.#bottom = Math.max(this.#bottom, bottom);
  }

  #addRow(shape: Shape, row: number, weight: number): void {
    const y = row + 0.5;
    const from = Math.max(0, Math.floor(shape.left(y)));
    const to = Math.min(this.width, Math.ceil(shape.right(y)));
    if (!(from < to)) return;
    const { values } = this;
    const start = row * this.width;
    for (let column = from; column < to; column++) {
      const value = Math.round(shape.coverage(column + 0.5, y) * weight);
      if (value > (values[start + column] as number)) values[start + column] = value;
    }
    this.#from[row] = Math.min(this.from(row), from);
    this.#to[row] = Math.max(this.to(row), to);
  }

  /** Covers nothing again. */
  clear(): void {
    for (let row = this.#top; row < this.#bottom; row++) {
      const start = row * this.width;
      if (this.from(row) < this.to(row)) this.values.fill(0, start + this.from(row), start + this.to(row));
      this.#from[row] = this.width;
      this.#to[row] = 0;
    }
    this.#top = this.height;
    this.#bottom = 0;
  }
}
