import { quadSize } from '../plane-map.js';
import type { Point, TextQuad } from '../texts-meta.js';

/** Places that are remembered. */
const WINDOW = 32;
/** Rests and steady motions that are tried, calmest first: over how many places. */
const trials = [
  { count: WINDOW, isMoving: false },
  { count: WINDOW, isMoving: true },
  { count: WINDOW / 2, isMoving: false },
  { count: WINDOW / 2, isMoving: true },
  { count: 6, isMoving: true },
  { count: 3, isMoving: true },
] as const;
const FEWEST = 3;
/** How far the last three places may lie from a trial, on average: pixels at 360 rows, and multiples of what shaking alone would make. The very last may twice as far. */
const OFF = 0.6;
const OFF_BY_SHAKING = 4.2;
const LAST_OFF = 2;
const ROWS = 360;
/** Mean size of second differences of noise, for a standard deviation of 1. */
const SECOND_DIFFERENCE = Math.sqrt(6) * Math.sqrt(2 / Math.PI);
/** Failure beyond this, in heights of the line, is another place: nothing is smoothed. */
const JUMP = 0.75;
const LEAST_JUMP = 6;
/** The same for its length, along the text: it has grown or shrunk, as lines do that come into the picture. */
const GROWTH = 0.15;
const LEAST_GROWTH = 4;

/**
 * Takes the shake out of the corners of one line, frame after frame: of the last places, as many are averaged, or fitted with a steady motion, as agree with
 * where the line is now. Nothing older has any influence, so that it cannot swing. Place and shape are treated apart, since the mean of four corners
 * shakes less than each. With corners that shake by 1 px (standard deviation) a line that rests stays within 0.4 px, and is never 2 px behind one that moves steadily.
 */
export class SteadyQuad {
  readonly #place: Steady;
  readonly #shape: Steady;
  #last: TextQuad | undefined;

  /** @param rows Of the picture, by which a pixel's worth is judged. */
  constructor(rows: number) {
    const unit = Math.max(1, rows / ROWS);
    this.#place = new Steady(unit);
    this.#shape = new Steady(unit);
  }

  /** True where a quad holds more or less of the text than the ones before. */
  hasOtherLength(measured: TextQuad): boolean {
    if (this.#last === undefined) return false;
    const { width, height } = quadSize(this.#last);
    return Math.abs(quadSize(measured).width - width) > Math.max(LEAST_GROWTH, GROWTH * height);
  }

  /** The quad to paint at, for the one that was measured. Quads must be finite. */
  next(measured: TextQuad): TextQuad {
    const center = middle(measured);
    const shape = measured.flatMap(([x, y]) => [x - center[0], y - center[1]]);
    if (this.#last !== undefined && (isElsewhere(this.#last, measured) || this.hasOtherLength(measured))) {
      this.#place.forget();
      this.#shape.forget();
    }
    const [x = 0, y = 0] = this.#place.next(center);
    const steady = this.#shape.next(shape);
    const corner = (i: number): Point => [x + (steady[2 * i] as number), y + (steady[2 * i + 1] as number)];
    this.#last = [corner(0), corner(1), corner(2), corner(3)];
    return this.#last;
  }
}

/** Several numbers that rest or move together. */
class Steady {
  readonly #unit: number;
  #places: (readonly number[])[] = [];

  constructor(unit: number) {
    this.#unit = unit;
  }

  forget(): void {
    this.#places = [];
  }

  next(measured: readonly number[]): readonly number[] {
    this.#places = [...this.#places.slice(1 - WINDOW), measured];
    const limit = Math.max(OFF * this.#unit, (OFF_BY_SHAKING * shaking(this.#places)) / Math.sqrt(3));
    for (const { count, isMoving } of trials) {
      const places = this.#places.slice(-count);
      if (places.length < FEWEST) break;
      const { now, off } = fitted(places, isMoving);
      if (off < limit) return now;
    }
    return measured;
  }
}

/** Where places that rest, or move steadily, are now, and how far from there they really are. */
function fitted(
  places: readonly (readonly number[])[],
  isMoving: boolean,
): { readonly now: number[]; readonly off: number } {
  const count = places.length;
  const middle = (count - 1) / 2;
  const now: number[] = [];
  const [lately, last]: [number[], number[]] = [[], []];
  for (let j = 0; j < (places[0] as readonly number[]).length; j++) {
    const at = (i: number): number => (places[i] as readonly number[])[j] as number;
    let [sum, moment, spread] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      sum += at(i);
      moment += (i - middle) * at(i);
      spread += (i - middle) ** 2;
    }
    const speed = isMoving ? moment / spread : 0;
    const wrong = (i: number): number => at(i) - (sum / count + speed * (i - middle));
    now.push(sum / count + speed * (count - 1 - middle));
    lately.push((wrong(count - 1) + wrong(count - 2) + wrong(count - 3)) / 3);
    last.push(wrong(count - 1));
  }
  return { now, off: Math.max(norm(lately), norm(last) / LAST_OFF) };
}

/** Standard deviation of places around steady motion. */
function shaking(places: readonly (readonly number[])[]): number {
  let [sum, count] = [0, 0];
  for (let i = 2; i < places.length; i++) {
    for (const [j, value] of (places[i] as readonly number[]).entries()) {
      const [before, earlier] = [places[i - 1] as readonly number[], places[i - 2] as readonly number[]];
      sum += Math.abs(value - 2 * (before[j] as number) + (earlier[j] as number));
      count++;
    }
  }
  // A few places say little.
  return places.length > 4 ? sum / count / SECOND_DIFFERENCE : 0;
}

/** Of pairs of numbers: the usual length of one. */
function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / (values.length / 2));
}

function middle([a, b, c, d]: TextQuad): Point {
  return [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
}

function isElsewhere(before: TextQuad, now: TextQuad): boolean {
  const height = Math.hypot(before[3][0] - before[0][0], before[3][1] - before[0][1]);
  const [a, b] = [middle(before), middle(now)];
  return Math.hypot(b[0] - a[0], b[1] - a[1]) > Math.max(LEAST_JUMP, JUMP * height);
}
