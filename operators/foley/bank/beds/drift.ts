import type { Random } from '../random.js';
import { OnePole } from '../synthesis/filters.js';
import { BED_RATE } from './bed-source.js';

/** A value that wanders without aim: mean 0, deviation about 1, within ±2.5. One step a block. */
export class Drift {
  readonly #random: Random;
  readonly #first: OnePole;
  readonly #second: OnePole;
  readonly #scale: number;

  /** `hz`: how fast it wanders. */
  constructor(random: Random, hz: number) {
    this.#random = random;
    this.#first = new OnePole(hz, BED_RATE);
    this.#second = new OnePole(hz, BED_RATE);
    // What two equal poles leave of the variance of white noise.
    const k = Math.exp((-2 * Math.PI * hz) / BED_RATE);
    this.#scale = 1 / Math.sqrt(((1 - k) * (1 + k * k)) / (1 + k) ** 3);
    // Begins anywhere, not in the middle.
    for (let i = 0; i < 3 * (BED_RATE / (2 * Math.PI * hz)); i++) this.next();
  }

  next(): number {
    const value = this.#scale * this.#second.next(this.#first.next(this.#random.normal()));
    return Math.max(-2.5, Math.min(2.5, value));
  }
}

/** A gain that goes from one value to the next along a block, so that nothing steps. */
export class Ramp {
  #now: number;

  constructor(start = 0) {
    this.#now = start;
  }

  /** Gain at sample `i` of `length`: `goal` is reached at its end. */
  toward(goal: number, length: number): (i: number) => number {
    const from = this.#now;
    this.#now = goal;
    const slope = (goal - from) / length;
    return (i) => from + slope * i;
  }
}
