import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../../pipeline/time.js';
import { OneEuro, type OneEuroSettings } from './one-euro.js';
import type { SmoothSettings } from './smooth-options.js';

/** Lets everything through, so that only speed is smoothed. */
const OPEN_HZ = Number.POSITIVE_INFINITY;

/** A point that is seen now and then: smoothed where it is seen, moved on evenly from there. */
export class MovingPoint {
  readonly #settings: SmoothSettings;
  readonly #filter: OneEuro;
  #seenUs: Microseconds;
  /** What was shown beside what was found, when that was after a time of not looking. */
  #gap: readonly number[];

  constructor(settings: SmoothSettings, values: readonly number[], ptsUs: Microseconds) {
    this.#settings = settings;
    this.#filter = new OneEuro(filterSettings(settings), values);
    this.#seenUs = ptsUs;
    this.#gap = values.map(() => 0);
  }

  get seenUs(): Microseconds {
    return this.#seenUs;
  }

  /**
   * Takes in where it is.
   *
   * @param unit size of the person, pixels
   * @param shownUs when people were last told where it is: after it was last seen, it goes over from there to where it is found.
   */
  see(values: readonly number[], ptsUs: Microseconds, unit: number, shownUs: Microseconds): void {
    const foreseen = shownUs > this.#seenUs;
    const shown = this.at(ptsUs);
    const found = this.#filter.next(values, (ptsUs - this.#seenUs) / MICROSECONDS_PER_SECOND, unit);
    this.#gap = values.map((_, i) => (foreseen ? (shown[i] ?? 0) - (found[i] ?? 0) : this.#eased(i, ptsUs)));
    this.#seenUs = ptsUs;
  }

  /** Where it is at a time that is not before it was last seen: at constant velocity, for `holdMs` at most. */
  at(ptsUs: Microseconds): readonly number[] {
    const heldUs = Math.min(ptsUs - this.#seenUs, this.#settings.holdMs * 1000);
    const seconds = heldUs / MICROSECONDS_PER_SECOND;
    return this.#filter.values.map(
      (value, i) => value + (this.#filter.velocity[i] ?? 0) * seconds + this.#eased(i, ptsUs),
    );
  }

  #eased(i: number, ptsUs: Microseconds): number {
    const { easeMs, smooth } = this.#settings;
    const gap = this.#gap[i] ?? 0;
    return !smooth || easeMs === 0 || gap === 0 ? 0 : gap * Math.exp(-(ptsUs - this.#seenUs) / (easeMs * 1000));
  }
}

function filterSettings({ smooth, minCutoffHz, beta, derivativeCutoffHz }: SmoothSettings): OneEuroSettings {
  return smooth ? { minCutoffHz, beta, derivativeCutoffHz } : { minCutoffHz: OPEN_HZ, beta: 0, derivativeCutoffHz };
}
