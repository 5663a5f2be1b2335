/** Of pictures that may come at once. */
const burstS = 5;
/** An encoder that connects sends what it has kept. */
const firstBurstS = 10;
/** Clocks differ, and rates are rounded. */
const tolerance = 1.05;

/**
 * Whether pictures come faster than they may: a budget grows with time and shrinks with each picture, so that what was held up on the way may come
 * at once.
 */
export class PictureRate {
  #budget: number | undefined;
  #at = 0;

  /** Counts a picture. Returns false when there are too many. @param now Milliseconds, never going back. */
  admit(now: number, maxFrameRate: number): boolean {
    if (maxFrameRate === Number.POSITIVE_INFINITY) return true;
    const earned = ((now - this.#at) / 1000) * maxFrameRate * tolerance;
    const saved = this.#budget ?? firstBurstS * maxFrameRate;
    const most = Math.max(burstS * maxFrameRate, saved);
    this.#budget = this.#budget === undefined ? saved : Math.min(most, saved + earned);
    this.#at = now;
    this.#budget -= 1;
    return this.#budget >= 0;
  }
}
