import { mulberry32 } from '../../../pipeline/mulberry32.js';

/** Chance that is the same for the same seed, on every machine. */
export class SeededRandom {
  readonly #even: () => number;

  /** @param seed Any number; its lower 32 bits count. */
  constructor(seed: number) {
    this.#even = mulberry32(seed);
  }

  /** Even over 0–1, 1 excluded. */
  next(): number {
    return this.#even();
  }

  /** Even from `least` to `most`. */
  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Mean 0, standard deviation 1, never beyond ±3: a sum of six even numbers. */
  gaussian(): number {
    let sum = -3;
    for (let i = 0; i < 6; i++) sum += this.next();
    return sum * Math.SQRT2;
  }

  /** One of the pairs' values, as often as its weight says. At least one weight must be above 0. */
  pick<Value>(choices: readonly (readonly [Value, number])[]): Value {
    let rest = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of choices) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return (choices.findLast(([, weight]) => weight > 0) ?? (choices[0] as readonly [Value, number]))[0];
  }

  /** A generator of its own, so that what one part draws does not shift what another one gets. */
  fork(): SeededRandom {
    return new SeededRandom(Math.floor(this.next() * 4_294_967_296));
  }
}
