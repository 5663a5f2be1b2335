import { chained, mapped, type PlaneMap } from '../plane-map.js';
import type { Point, TextQuad } from '../texts-meta.js';
import type { MovedPoint } from './affine.js';
import { SymmetricSystem } from './symmetric-system.js';

/** How a line moved in perspective, and how well that is known. */
export interface FittedHomography {
  readonly motion: PlaneMap;
  /** Standard deviation of a coordinate of a point around where the motion puts it, pixels. */
  readonly noise: number;
  /** Standard deviation of the place of the corner of the line that is known worst, pixels. */
  readonly uncertainty: number;
}

const UNKNOWNS = 8;
const ROUNDS = 8;
/** Points count for nothing from this far off, pixels: in the first round, and in the last ones at most. */
const FIRST_TOLERANCE = 8;
const LAST_TOLERANCE = 3;
/** The same in standard deviations (Tukey's constant for 95 % efficiency). */
const TUKEY = 4.685;
/** Flow is never more exact than this, pixels. */
const LEAST_NOISE = 0.05;
/** Median length of a vector whose two coordinates have a standard deviation of 1. */
const MEDIAN_LENGTH = 1.1774;
/** How far the eight unknowns probably are from where they begin, where half the length of the line is 1: matters for what points hardly tell. Depth, in the last two, changes slowly. */
const LEEWAY = [0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.03, 0.03] as const;

/**
 * The homography of least squares with Tukey's weights, by Gauss and Newton's method in coordinates in which the line is about 2 long: a line is long and low, and
 * in pixels its equations would be near singular. What the points do not tell stays as it was in `start`.
 *
 * @param quad The line where the points come from: its corners are what must be known.
 * @param start Motion to begin with, some pixels off at most.
 * @returns nothing where too few points go along.
 */
export function fitHomography(
  points: readonly MovedPoint[],
  quad: TextQuad,
  start: PlaneMap,
): FittedHomography | undefined {
  const spans = spansOf(points);
  const begin = normalised(start, spans);
  if (begin === undefined) return undefined;
  const unit = spans.to.size;
  let unknowns = begin;
  let noise = LAST_TOLERANCE;
  let information: SymmetricSystem | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const motion = inPixels(unknowns, spans);
    const offs = points.map(({ from, to }) => offBy(motion, from, to));
    noise = noiseOf(offs);
    const tolerance = Math.max(Math.min(LAST_TOLERANCE, TUKEY * noise), FIRST_TOLERANCE / 2 ** round);
    const equations = new Equations(noise / unit, begin, unknowns);
    points.forEach(({ from, to }, i) => {
      const weight = tukey((offs[i] as number) / tolerance);
      if (weight > 0) equations.add(within(from, spans.from), within(to, spans.to), weight);
    });
    information = equations.information();
    if (information === undefined) return undefined;
    const step = information.solve(equations.right);
    unknowns = unknowns.map((value, i) => value + (step[i] as number));
    if (!unknowns.every(Number.isFinite)) return undefined;
  }
  if (information === undefined) return undefined;
  const motion = inPixels(unknowns, spans);
  noise = noiseOf(points.map(({ from, to }) => offBy(motion, from, to)));
  return { motion, noise, uncertainty: noise * uncertaintyAt(quad, spans, unknowns, information) };
}

/** Distance of where a motion puts a point from where it went, pixels. */
export function offBy(motion: PlaneMap, from: Point, to: Point): number {
  const [x, y] = mapped(motion, from);
  return Math.hypot(x - to[0], y - to[1]);
}

/** Sums of the normal equations of a step. */
class Equations {
  readonly right = new Float64Array(UNKNOWNS);
  readonly #left = new Float64Array(UNKNOWNS * UNKNOWNS);
  readonly #unknowns: readonly number[];

  /** @param noise Of the points: the more there is, the more unknowns stay where they began. */
  constructor(noise: number, begin: readonly number[], unknowns: readonly number[]) {
    this.#unknowns = unknowns;
    for (const [i, leeway] of LEEWAY.entries()) {
      const stiffness = (noise / leeway) ** 2;
      this.#left[i * UNKNOWNS + i] = stiffness;
      this.right[i] = stiffness * ((begin[i] as number) - (unknowns[i] as number));
    }
  }

  add(from: Point, to: Point, weight: number): void {
    const { place, rows } = derivatives(this.#unknowns, from);
    rows.forEach((row, axis) => {
      const off = (to[axis as 0 | 1] as number) - (place[axis as 0 | 1] as number);
      for (let i = 0; i < UNKNOWNS; i++) {
        const part = weight * (row[i] as number);
        if (part === 0) continue;
        this.right[i] = (this.right[i] as number) + part * off;
        for (let j = 0; j <= i; j++) {
          const at = i * UNKNOWNS + j;
          this.#left[at] = (this.#left[at] as number) + part * (row[j] as number);
        }
      }
    });
  }

  information(): SymmetricSystem | undefined {
    return SymmetricSystem.of(UNKNOWNS, this.#left);
  }
}

/** Where a point goes, and how its x and y change with the unknowns. */
function derivatives(
  [a = 1, b = 0, tx = 0, c = 0, d = 1, ty = 0, g = 0, h = 0]: readonly number[],
  [u, v]: Point,
): { readonly place: Point; readonly rows: readonly [readonly number[], readonly number[]] } {
  const w = 1 + g * u + h * v;
  const place: Point = [(a * u + b * v + tx) / w, (c * u + d * v + ty) / w];
  const [x, y] = place;
  return {
    place,
    rows: [
      [u / w, v / w, 1 / w, 0, 0, 0, (-x * u) / w, (-x * v) / w],
      [0, 0, 0, u / w, v / w, 1 / w, (-y * u) / w, (-y * v) / w],
    ],
  };
}

/** How uncertain the worst corner is, for points that are uncertain by 1. */
function uncertaintyAt(
  quad: TextQuad,
  { from }: Spans,
  unknowns: readonly number[],
  information: SymmetricSystem,
): number {
  const variances = quad.map((corner) => {
    const [x, y] = derivatives(unknowns, within(corner, from)).rows;
    return information.variance(x) + information.variance(y);
  });
  return Math.sqrt(Math.max(...variances));
}

/** Coordinates in which points lie around 0 and reach to about 1. */
interface Span {
  readonly centre: Point;
  /** Pixels. */
  readonly size: number;
}

interface Spans {
  readonly from: Span;
  readonly to: Span;
}

function spansOf(points: readonly MovedPoint[]): Spans {
  return { from: spanOf(points.map(({ from }) => from)), to: spanOf(points.map(({ to }) => to)) };
}

function spanOf(points: readonly Point[]): Span {
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const centre: Point = [mean(0), mean(1)];
  const square = points.reduce((sum, [x, y]) => sum + (x - centre[0]) ** 2 + (y - centre[1]) ** 2, 0) / points.length;
  return { centre, size: Math.max(1, Math.sqrt(3 * square)) };
}

function within([x, y]: Point, { centre, size }: Span): Point {
  return [(x - centre[0]) / size, (y - centre[1]) / size];
}

function normalised(motion: PlaneMap, { from, to }: Spans): readonly number[] | undefined {
  const into: PlaneMap = [1, 0, -to.centre[0], 0, 1, -to.centre[1], 0, 0, to.size];
  const outOf: PlaneMap = [from.size, 0, from.centre[0], 0, from.size, from.centre[1], 0, 0, 1];
  const all = chained(into, chained(motion, outOf));
  return Math.abs(all[8]) < 1e-9 ? undefined : all.slice(0, UNKNOWNS).map((value) => value / all[8]);
}

function inPixels(unknowns: readonly number[], { from, to }: Spans): PlaneMap {
  const [a = 1, b = 0, tx = 0, c = 0, d = 1, ty = 0, g = 0, h = 0] = unknowns;
  const outOf: PlaneMap = [to.size, 0, to.centre[0], 0, to.size, to.centre[1], 0, 0, 1];
  const into: PlaneMap = [1, 0, -from.centre[0], 0, 1, -from.centre[1], 0, 0, from.size];
  const all = chained(outOf, chained([a, b, tx, c, d, ty, g, h, 1], into));
  return all.map((value) => value / all[8]) as unknown as PlaneMap;
}

/** Noise of points that are off by so much from a motion that was fitted to them, and hence is nearer to them than the true one. */
function noiseOf(offs: readonly number[]): number {
  const sorted = [...offs].sort((a, b) => a - b);
  const free = Math.sqrt(offs.length / Math.max(1, offs.length - UNKNOWNS / 2));
  return Math.max(LEAST_NOISE, (free * (sorted[sorted.length >> 1] as number)) / MEDIAN_LENGTH);
}

function tukey(off: number): number {
  return off >= 1 ? 0 : (1 - off * off) ** 2;
}
