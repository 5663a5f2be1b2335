import type { Point } from '../texts-meta.js';

/** `x' = a·x + b·y + tx`, `y' = c·x + d·y + ty`. */
export type Affine = readonly [a: number, b: number, tx: number, c: number, d: number, ty: number];

/** A point and where it went. */
export interface MovedPoint {
  readonly from: Point;
  readonly to: Point;
}

/** How points moved together, as far as an affine motion can tell. */
export interface FittedAffine {
  readonly motion: Affine;
  /** Share of the points that went along, 0–1. */
  readonly agreement: number;
}

/** Fewer points tell no motion. */
const LEAST_POINTS = 4;
/** Rounds of weighting; later ones change nothing that can be seen. */
const ROUNDS = 6;
/** Points this far off, pixels, count for nothing. */
const TOLERANCE = 3;
/** How far points must spread before they may shear and stretch the line, pixels: over less, noise would. */
const STIFF_PIXELS = 4;

/**
 * How points moved together: the affine motion of least squares with Tukey's weights, begun at the median of all moves, so that up to half of them may have gone
 * elsewhere. Across a thin line there is little to measure stretching by: there it stays near the similarity that fits best.
 *
 * @returns nothing where there are too few points, or no half of them agrees.
 */
export function fitAffine(points: readonly MovedPoint[]): FittedAffine | undefined {
  if (points.length < LEAST_POINTS) return undefined;
  const dx = median(points.map(({ from, to }) => to[0] - from[0]));
  const dy = median(points.map(({ from, to }) => to[1] - from[1]));
  let motion: Affine = [1, 0, dx, 0, 1, dy];
  // Lines that turn or grow lie far from the median motion at their ends; the tolerance narrows as the fit gets better.
  let weights: readonly number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const tolerance = TOLERANCE * Math.max(1, ROUNDS / 2 - round);
    weights = points.map((point) => tukey(offBy(motion, point) / tolerance));
    if (sum(weights) < LEAST_POINTS / 2) return undefined;
    motion = weightedFit(points, weights, round === 0);
  }
  const near = points.filter((point) => offBy(motion, point) < TOLERANCE / 2);
  const agreement = near.length / points.length;
  return near.length < LEAST_POINTS || agreement < 0.5 ? undefined : { motion, agreement };
}

/** One step of least squares: the similarity, then how the points stretch beyond it. */
function weightedFit(points: readonly MovedPoint[], weights: readonly number[], isRigid: boolean): Affine {
  const total = sum(weights);
  const mean = (value: (point: MovedPoint) => number): number =>
    points.reduce((all, point, i) => all + (weights[i] ?? 0) * value(point), 0) / total;
  const [fx, fy] = [mean(({ from }) => from[0]), mean(({ from }) => from[1])];
  const [gx, gy] = [mean(({ to }) => to[0]), mean(({ to }) => to[1])];
  const moment = (of: (x: number, y: number, u: number, v: number) => number): number =>
    mean(({ from, to }) => of(from[0] - fx, from[1] - fy, to[0] - gx, to[1] - gy));
  const [xx, xy, yy] = [moment((x) => x * x), moment((x, y) => x * y), moment((_x, y) => y * y)];
  const [xu, yu] = [moment((x, _y, u) => x * u), moment((_x, y, u) => y * u)];
  const [xv, yv] = [moment((x, _y, _u, v) => x * v), moment((_x, y, _u, v) => y * v)];
  const spread = xx + yy || 1;
  const [cos, sin] = [(xu + yv) / spread, (xv - yu) / spread];
  const rigid: readonly [number, number, number, number] = isRigid ? [1, 0, 0, 1] : [cos, -sin, sin, cos];
  const stiff = STIFF_PIXELS ** 2;
  const [pxx, pyy] = [xx + stiff, yy + stiff];
  const determinant = pxx * pyy - xy * xy;
  const row = (xt: number, yt: number, first: number, second: number): readonly [number, number] => {
    const [p, q] = [xt + stiff * first, yt + stiff * second];
    return [(p * pyy - q * xy) / determinant, (q * pxx - p * xy) / determinant];
  };
  const [a, b] = isRigid ? [rigid[0], rigid[1]] : row(xu, yu, rigid[0], rigid[1]);
  const [c, d] = isRigid ? [rigid[2], rigid[3]] : row(xv, yv, rigid[2], rigid[3]);
  return [a, b, gx - a * fx - b * fy, c, d, gy - c * fx - d * fy];
}

function offBy([a, b, tx, c, d, ty]: Affine, { from: [x, y], to }: MovedPoint): number {
  return Math.hypot(a * x + b * y + tx - to[0], c * x + d * y + ty - to[1]);
}

function tukey(off: number): number {
  return off >= 1 ? 0 : (1 - off * off) ** 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
