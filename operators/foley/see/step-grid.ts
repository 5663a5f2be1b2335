import type { Microseconds } from '../../../pipeline/index.js';

/** A picture that comes so little after a step counts as on the screen at it: times are rounded, some containers to whole milliseconds. */
const LATE_US: Microseconds = 2000;

/** The moments at which the network looks: so many a second of stream time, counted from its zero, so that a run that was resumed looks at the same ones. */
export class StepGrid {
  readonly #rate: number;

  /** @param rate Steps a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** The first step at which a picture is on the screen, if it stays so long. */
  firstOf(ptsUs: Microseconds): number {
    // Never −0.
    return Math.ceil(((ptsUs - LATE_US) * this.#rate) / 1e6) + 0;
  }

  /** When a step is. */
  timeOf(step: number): Microseconds {
    return Math.round((step * 1e6) / this.#rate);
  }

  /** True where a picture comes with a step: whatever comes after it, it is on the screen then. */
  isAt(step: number, ptsUs: Microseconds): boolean {
    return this.timeOf(step) <= ptsUs + LATE_US;
  }

  /** Length of a number of steps, or of a part of one. */
  lengthOf(steps: number): Microseconds {
    return this.timeOf(steps);
  }
}
