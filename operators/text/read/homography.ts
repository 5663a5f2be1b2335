import { mapped, type PlaneMap } from '../plane-map.js';
import { isConvex, mapQuad } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import type { Affine } from './affine.js';

export const unmoved: PlaneMap = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** An affine motion as a homography. */
export function homographyOf([a, b, tx, c, d, ty]: Affine): PlaneMap {
  return [a, b, tx, c, d, ty, 0, 0, 1];
}

/** True where parallels stay parallel. */
export function isAffine(motion: PlaneMap): boolean {
  return motion[6] === 0 && motion[7] === 0;
}

/** One corner may come nearer, or go farther away, by this factor at most, as seen from the middle. */
const MOST_DEPTH = 2;

/** Whether a line can have moved so: it keeps its corners in order and without a dent, and none of them comes much nearer than the others. */
export function isPlausible(motion: PlaneMap, quad: TextQuad): boolean {
  const depths = quad.map(([x, y]) => motion[6] * x + motion[7] * y + motion[8]);
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / 4;
  const isNear = (depth: number): boolean => depth / mean >= 1 / MOST_DEPTH && depth / mean <= MOST_DEPTH;
  return depths.every(isNear) && isConvex(mapQuad(quad, (point) => mapped(motion, point)));
}
