import { clamp } from './noise.js';

/** Sub-pixels along each side of a pixel: what makes edges smooth. */
const OVERSAMPLING = 2;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A grey picture, 0 black to 1 white. Positions are given in pixels; inside it is drawn twice as fine. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #values: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#columns = width * OVERSAMPLING;
    this.#rows = height * OVERSAMPLING;
    this.#values = new Float32Array(this.#columns * this.#rows);
  }

  /** What is drawn at a position; the nearest edge outside of the picture. */
  sample(x: number, y: number): number {
    const column = clamp(Math.round(x * OVERSAMPLING), 0, this.#columns - 1);
    const row = clamp(Math.round(y * OVERSAMPLING), 0, this.#rows - 1);
    return this.#values[row * this.#columns + column] as number;
  }

  /** Paints every position between two rows; `undefined` leaves it as it is. */
  paint(top: number, bottom: number, shade: (x: number, y: number) => number | undefined): void {
    const lastRow = Math.min(this.#rows, Math.ceil(bottom * OVERSAMPLING));
    for (let row = Math.max(0, Math.floor(top * OVERSAMPLING)); row < lastRow; row++) {
      for (let column = 0; column < this.#columns; column++) {
        const value = shade(column / OVERSAMPLING, row / OVERSAMPLING);
        if (value !== undefined) this.#values[row * this.#columns + column] = value;
      }
    }
  }

  /** A soft-edged round dab. */
  dab(x: number, y: number, radius: number, value: number, opacity = 1): void {
    const reach = radius * OVERSAMPLING;
    const [cx, cy] = [x * OVERSAMPLING, y * OVERSAMPLING];
    for (let row = Math.ceil(cy - reach); row <= cy + reach; row++) {
      if (row < 0 || row >= this.#rows) continue;
      for (let column = Math.ceil(cx - reach); column <= cx + reach; column++) {
        if (column < 0 || column >= this.#columns) continue;
        // Math.hypot is several times slower, and this is where most of the time goes.
        const distance = Math.sqrt((column - cx) ** 2 + (row - cy) ** 2) / reach;
        if (distance <= 1) this.#blend(column, row, value, opacity * Math.min(1, (1 - distance) * 3));
      }
    }
  }

  /** A thin line that tapers to nothing at its end. */
  blade(from: Point, to: Point, value: number, opacity: number): void {
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) * OVERSAMPLING));
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      const column = Math.round((from.x + (to.x - from.x) * t) * OVERSAMPLING);
      const row = Math.round((from.y + (to.y - from.y) * t) * OVERSAMPLING);
      this.#blend(column, row, value, opacity * (1 - 0.6 * t));
    }
  }

  /**
   * Fills a four-cornered shape. The shader gets positions inside it from 0 to 1: `u` from the first corner to the second, `v` from the
   * first to the fourth.
   */
  quad(corners: readonly [Point, Point, Point, Point], shade: (u: number, v: number) => number | undefined): void {
    const xs = corners.map((corner) => corner.x);
    const ys = corners.map((corner) => corner.y);
    const left = Math.floor(Math.min(...xs) * OVERSAMPLING);
    const right = Math.ceil(Math.max(...xs) * OVERSAMPLING);
    const bottom = Math.ceil(Math.max(...ys) * OVERSAMPLING);
    for (let row = Math.floor(Math.min(...ys) * OVERSAMPLING); row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const inside = insideQuad(corners, column / OVERSAMPLING, row / OVERSAMPLING);
        const value = inside && shade(inside.x, inside.y);
        if (value !== undefined) this.#blend(column, row, value, 1);
      }
    }
  }

  /** The finished picture: one value per pixel, row by row. */
  pixels(): Float32Array {
    const result = new Float32Array(this.width * this.height);
    for (let i = 0; i < this.#values.length; i++) {
      const row = Math.floor(i / this.#columns / OVERSAMPLING);
      const column = Math.floor((i % this.#columns) / OVERSAMPLING);
      const at = row * this.width + column;
      result[at] = (result[at] as number) + (this.#values[i] as number) / OVERSAMPLING ** 2;
    }
    return result;
  }

  #blend(column: number, row: number, value: number, opacity: number): void {
    if (column < 0 || row < 0 || column >= this.#columns || row >= this.#rows) return;
    const i = row * this.#columns + column;
    const old = this.#values[i] as number;
    this.#values[i] = old + (value - old) * opacity;
  }
}

/** Inverts the bilinear mapping of a convex quad by a few Newton steps. */
function insideQuad(corners: readonly [Point, Point, Point, Point], x: number, y: number): Point | undefined {
  const [a, b, c, d] = corners;
  let u = 0.5;
  let v = 0.5;
  for (let i = 0; i < 4; i++) {
    const px = a.x + (b.x - a.x) * u + (d.x - a.x) * v + (a.x - b.x + c.x - d.x) * u * v - x;
    const py = a.y + (b.y - a.y) * u + (d.y - a.y) * v + (a.y - b.y + c.y - d.y) * u * v - y;
    const ux = b.x - a.x + (a.x - b.x + c.x - d.x) * v;
    const uy = b.y - a.y + (a.y - b.y + c.y - d.y) * v;
    const vx = d.x - a.x + (a.x - b.x + c.x - d.x) * u;
    const vy = d.y - a.y + (a.y - b.y + c.y - d.y) * u;
    const determinant = ux * vy - uy * vx;
    if (Math.abs(determinant) < 1e-9) return undefined;
    u -= (px * vy - py * vx) / determinant;
    v -= (py * ux - px * uy) / determinant;
  }
  return u >= 0 && u <= 1 && v >= 0 && v <= 1 ? { x: u, y: v } : undefined;
}
