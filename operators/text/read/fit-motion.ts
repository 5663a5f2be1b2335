import { chained, mapped, type PlaneMap } from '../plane-map.js';
import type { TextQuad } from '../texts-meta.js';
import { fitAffine, type MovedPoint } from './affine.js';
import { type FittedHomography, fitHomography, offBy } from './fit-homography.js';
import { homographyOf, isAffine, isPlausible } from './homography.js';

/** How points moved together. */
export interface FittedMotion {
  readonly motion: PlaneMap;
  /** Share of the points that went along, 0–1. */
  readonly agreement: number;
}

/** Points that a homography must explain. */
const LEAST_POINTS = 10;
/** Corners of the line must be known as well as this, pixels. */
const MOST_UNCERTAINTY = 0.7;
/** How much less wrong a homography must be than affine motion before it is taken, squares of the noise: from noise alone two more numbers gain about two. */
const PENALTY = 18;
/** Points farther off than this many standard deviations are as wrong as they can be. */
const WRONG = 3;
/** Points this far off, pixels, do not go along. */
const ALONG = 1.5;

/**
 * How a line moved: in perspective where its points tell that well and it explains them clearly better (Torr 1999, "Model Selection for Two View Geometry"), else by affine motion. Of a line that is
 * known to have turned already, affine motion goes on from there, so that its perspective stays when points are few.
 *
 * @param quad The line where the points come from, pixels.
 * @param guess How it probably moved.
 * @returns nothing where there are too few points, or no half of them agrees.
 */
export function fitMotion(points: readonly MovedPoint[], quad: TextQuad, guess: PlaneMap): FittedMotion | undefined {
  const simple = fitSimple(points, guess);
  if (points.length < LEAST_POINTS) return simple;
  const turned = fitHomography(points, quad, simple?.motion ?? guess);
  if (turned === undefined || !isKnown(turned, quad)) return simple;
  const fitted: FittedMotion = { motion: turned.motion, agreement: agreementOf(turned.motion, points) };
  if (fitted.agreement < 0.5 || fitted.agreement * points.length < LEAST_POINTS) return simple;
  if (simple === undefined) return fitted;
  const gain = wrongness(simple.motion, points, turned.noise) - wrongness(turned.motion, points, turned.noise);
  // What was seen to turn goes on doing so: changing between both would make it tremble.
  return gain > (isAffine(guess) ? PENALTY : 0) ? fitted : simple;
}

/** Affine motion beyond the perspective that is guessed. */
function fitSimple(points: readonly MovedPoint[], guess: PlaneMap): FittedMotion | undefined {
  const fitted = fitAffine(points.map(({ from, to }) => ({ from: mapped(guess, from), to })));
  return fitted && { motion: chained(homographyOf(fitted.motion), guess), agreement: fitted.agreement };
}

function isKnown({ motion, uncertainty }: FittedHomography, quad: TextQuad): boolean {
  return uncertainty <= MOST_UNCERTAINTY && isPlausible(motion, quad);
}

function wrongness(motion: PlaneMap, points: readonly MovedPoint[], noise: number): number {
  return points.reduce((sum, { from, to }) => sum + Math.min(WRONG, offBy(motion, from, to) / noise) ** 2, 0);
}

function agreementOf(motion: PlaneMap, points: readonly MovedPoint[]): number {
  return points.filter(({ from, to }) => offBy(motion, from, to) < ALONG).length / points.length;
}
