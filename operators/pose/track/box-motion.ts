import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../../pipeline/time.js';
import type { Box } from '../pose-meta.js';
import { ConstantVelocity } from './constant-velocity.js';

/** What sides measured now count for in their mean over time. */
const SIDES_NOW = 0.5;
/** Standard deviation of a measured centre, as part of the person's size. */
const MEASURED_SPREAD = 0.05;
/** Standard deviation of speeds before one is known: sizes of the person per second. */
const SPEED_SPREAD = 1;
/** Change of speed within a second: sizes of the person per second. */
const ACCELERATION = 2;
/** Boxes do not become smaller than this, pixels. */
const LEAST_SIDE = 1;

/**
 * Where a person's box is and goes: its centre at constant velocity (Bewley et al. 2016, SORT). Its sides stay as they were: they change with arms and with
 * what the network is sure of, and would soon be nothing, or fill the picture, if they went on so.
 */
export class BoxMotion {
  readonly #centre: readonly ConstantVelocity[];
  #sides: readonly number[];
  #ptsUs: Microseconds;

  constructor(box: Box, ptsUs: Microseconds) {
    this.#ptsUs = ptsUs;
    const size = sizeOf(box);
    this.#sides = sidesOf(box);
    this.#centre = centreOf(box).map(
      (part) => new ConstantVelocity(part, (MEASURED_SPREAD * size) ** 2, (SPEED_SPREAD * size) ** 2),
    );
  }

  /** Where it is taken to be, at the time that it was last advanced to. */
  get box(): Box {
    const [x = 0, y = 0] = this.#centre.map(({ value }) => value);
    const [width = 0, height = 0] = this.#sides;
    const [halfWidth, halfHeight] = [Math.max(LEAST_SIDE, width) / 2, Math.max(LEAST_SIDE, height) / 2];
    return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
  }

  /** Moves on to a time that is not before the last one. */
  advance(ptsUs: Microseconds): void {
    const seconds = (ptsUs - this.#ptsUs) / MICROSECONDS_PER_SECOND;
    const acceleration = (ACCELERATION * sizeOf(this.box)) ** 2;
    for (const part of this.#centre) part.advance(seconds, acceleration);
    this.#ptsUs = ptsUs;
  }

  /** Takes in the box that was found at the time last advanced to. */
  correct(box: Box): void {
    const variance = (MEASURED_SPREAD * sizeOf(box)) ** 2;
    for (const [i, measured] of centreOf(box).entries()) this.#centre[i]?.correct(measured, variance);
    this.#sides = sidesOf(box).map((side, i) => SIDES_NOW * side + (1 - SIDES_NOW) * (this.#sides[i] ?? side));
  }
}

/** The longer side, pixels. */
export function sizeOf([x1, y1, x2, y2]: Box): number {
  return Math.max(LEAST_SIDE, x2 - x1, y2 - y1);
}

function centreOf([x1, y1, x2, y2]: Box): readonly number[] {
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

function sidesOf([x1, y1, x2, y2]: Box): readonly number[] {
  return [x2 - x1, y2 - y1];
}
