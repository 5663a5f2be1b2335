import type { Microseconds, Rational } from '../../pipeline/index.js';
import { rationalValue, toMicroseconds } from '../../pipeline/index.js';
import { hasTime } from './av.js';

/**
 * Gives every picture a time that grows: the decoder's best-effort timestamp, or, where it is missing or does not grow,
 * the end of the picture before (counted in `retimed`).
 */
export class PictureClock {
  readonly #timeBase: Rational;
  readonly #frameUs: Microseconds;
  readonly #report: { retimed: number };
  #last: bigint | undefined;

  /** @param frameRate Pictures a second, `0/1` when unknown (25 is then assumed where a duration is missing). */
  constructor(timeBase: Rational, frameRate: Rational, report: { retimed: number }) {
    this.#timeBase = timeBase;
    this.#frameUs = rationalValue(frameRate) > 0 ? Math.round(1e6 / rationalValue(frameRate)) : 40_000;
    this.#report = report;
  }

  time(pts: bigint, duration: bigint): { ptsUs: Microseconds; durationUs: Microseconds } {
    const durationUs = duration > 0n ? toMicroseconds(duration, this.#timeBase) : this.#frameUs;
    let ticks = pts;
    if (!hasTime(pts) || (this.#last !== undefined && pts <= this.#last)) {
      if (hasTime(pts) || this.#last !== undefined) this.#report.retimed++;
      ticks = this.#last === undefined ? 0n : this.#last + this.#step(duration);
    }
    this.#last = ticks;
    return { ptsUs: toMicroseconds(ticks, this.#timeBase), durationUs };
  }

  #step(duration: bigint): bigint {
    if (duration > 0n) return duration;
    const ticks = Math.round((this.#frameUs / 1e6) * (this.#timeBase.den / this.#timeBase.num));
    return BigInt(Math.max(1, ticks));
  }
}
