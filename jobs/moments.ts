import type { Microseconds } from '../pipeline/index.js';

/** Moments of a stream that something has not come to yet. */
export class Moments {
  readonly #moments: Microseconds[] = [];

  /** Moments are added in their order. */
  add(us: Microseconds): void {
    this.#moments.push(us);
  }

  /** True when a time is at or after the first of them; all that were passed are taken away. */
  pass(us: Microseconds): boolean {
    let passed = false;
    for (let first = this.#moments[0]; first !== undefined && us >= first; first = this.#moments[0]) {
      this.#moments.shift();
      passed = true;
    }
    return passed;
  }
}
