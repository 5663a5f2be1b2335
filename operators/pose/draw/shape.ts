/** Something with a soft edge, in pixels of the frame: the left upper corner is 0, 0 and pixel centres lie at halves. */
export interface Shape {
  /** Rows outside `top`–`bottom` are not covered. */
  readonly top: number;
  readonly bottom: number;
  /** Where a row, given by its centre, may be covered: nothing is outside. */
  left(y: number): number;
  right(y: number): number;
  /** Share of the pixel around this centre that is covered, 0–1. */
  coverage(x: number, y: number): number;
}

/** How far from its outline a shape still covers part of a pixel. */
const SOFT = 0.5;

/** Everything within `radius` of the line from one point to another: a limb with round ends, or a disc where both are one. */
export class Capsule implements Shape {
  readonly top: number;
  readonly bottom: number;
  readonly #x: number;
  readonly #y: number;
  readonly #dx: number;
  readonly #dy: number;
  readonly #squared: number;
  readonly #reach: number;

  constructor(x1: number, y1: number, x2: number, y2: number, radius: number) {
    this.#x = x1;
    this.#y = y1;
    this.#dx = x2 - x1;
    this.#dy = y2 - y1;
    this.#squared = this.#dx ** 2 + this.#dy ** 2;
    this.#reach = radius + SOFT;
    this.top = Math.min(y1, y2) - this.#reach;
    this.bottom = Math.max(y1, y2) + this.#reach;
  }

  left(y: number): number {
    return Math.max(Math.min(this.#x, this.#x + this.#dx) - this.#reach, this.#crossing(y) - this.#slant);
  }

  right(y: number): number {
    return Math.min(Math.max(this.#x, this.#x + this.#dx) + this.#reach, this.#crossing(y) + this.#slant);
  }

  coverage(x: number, y: number): number {
    const px = x - this.#x;
    const py = y - this.#y;
    const along = this.#squared === 0 ? 0 : (px * this.#dx + py * this.#dy) / this.#squared;
    const at = along < 0 ? 0 : along > 1 ? 1 : along;
    const covered = this.#reach - Math.sqrt((px - at * this.#dx) ** 2 + (py - at * this.#dy) ** 2);
    return covered < 0 ? 0 : covered > 1 ? 1 : covered;
  }

  /** Where the endless line meets a row; its middle for level ones, whose slant is endless. */
  #crossing(y: number): number {
    return this.#dy === 0 ? this.#x : this.#x + ((y - this.#y) * this.#dx) / this.#dy;
  }

  /** Half the width of the endless line along a row. */
  get #slant(): number {
    return this.#dy === 0 ? Number.POSITIVE_INFINITY : (this.#reach * Math.sqrt(this.#squared)) / Math.abs(this.#dy);
  }
}

/** A disc around a point. */
export function disc(x: number, y: number, radius: number): Shape {
  return new Capsule(x, y, x, y, radius);
}
