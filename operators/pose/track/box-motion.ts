import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../../pipeline/time.js';
import type { Box } from '../pose-meta.js';
import { ConstantVelocity } from './constant-velocity.js';

/** Standard deviation of a measured centre or side, as part of the person's size. */
const MEASURED_SPREAD = 0.05;
/** Standard deviation of speeds before one is known: sizes of the person per second. */
const SPEED_SPREAD = 1;
/** Change of speed within a second: sizes of the person per second. */
const ACCELERATION = 2;
/** Boxes do not become smaller than this, pixels. */
const LEAST_SIDE = 1;

/** Where a person's box is and goes: centre and sides at constant velocity (Bewley et al. 2016, SORT, with sides in place of area and shape). */
export class BoxMotion {
  readonly #parts: readonly ConstantVelocity[];
  #ptsUs: Microseconds;

  constructor(box: Box, ptsUs: Microseconds) {
    this.#ptsUs = ptsUs;
    const size = sizeOf(box);
    this.#parts = partsOf(box).map(
      (part) => new ConstantVelocity(part, (MEASURED_SPREAD * size) ** 2, (SPEED_SPREAD * size) ** 2),
    );
  }

  /** Where it is taken to be, at the time that it was last advanced to. */
  get box(): Box {
    const [x = 0, y = 0, width = 0, height = 0] = this.#parts.map(({ value }) => value);
    const [halfWidth, halfHeight] = [Math.max(LEAST_SIDE, width) / 2, Math.max(LEAST_SIDE, height) / 2];
    return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
  }

  /** Moves on to a time that is not before the last one. */
  advance(ptsUs: Microseconds): void {
    const seconds = (ptsUs - this.#ptsUs) / MICROSECONDS_PER_SECOND;
    const acceleration = (ACCELERATION * sizeOf(this.box)) ** 2;
    for (const part of this.#parts) part.advance(seconds, acceleration);
    this.#ptsUs = ptsUs;
  }

  /** Takes in the box that was found at the time last advanced to. */
  correct(box: Box): void {
    const variance = (MEASURED_SPREAD * sizeOf(box)) ** 2;
    for (const [i, measured] of partsOf(box).entries()) this.#parts[i]?.correct(measured, variance);
  }
}

/** The longer side, pixels. */
export function sizeOf([x1, y1, x2, y2]: Box): number {
  return Math.max(LEAST_SIDE, x2 - x1, y2 - y1);
}

function partsOf([x1, y1, x2, y2]: Box): readonly number[] {
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}
