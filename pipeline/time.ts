/** A fraction `num / den`; `den` is positive, except for `0/0` and `0/1`, which mean "unknown". */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** Integer microseconds on the source's timeline: the only unit of time inside the pipeline. */
export type Microseconds = number;

/** Microseconds in a second. */
export const MICROSECONDS_PER_SECOND = 1_000_000;

/** Integer division rounded to nearest, halves away from zero (FFmpeg's `AV_ROUND_NEAR_INF`). */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const half = denominator / 2n;
  return numerator >= 0n ? (numerator + half) / denominator : -((-numerator + half) / denominator);
}

/**
 * Ticks of a time base → microseconds. For time bases of 1 µs or coarser, {@link toTicks} gives the same ticks back,
 * so timestamps survive the trip through the pipeline exactly.
 */
export function toMicroseconds(ticks: bigint, timeBase: Rational): Microseconds {
  return Number(divideRounded(ticks * BigInt(timeBase.num) * BigInt(MICROSECONDS_PER_SECOND), BigInt(timeBase.den)));
}

/** Microseconds → the nearest tick of a time base. */
export function toTicks(us: Microseconds, timeBase: Rational): bigint {
  return divideRounded(
    BigInt(Math.round(us)) * BigInt(timeBase.den),
    BigInt(timeBase.num) * BigInt(MICROSECONDS_PER_SECOND),
  );
}

/** The value of a fraction, 0 when it is unknown. */
export function rationalValue(r: Rational): number {
  return r.den === 0 ? 0 : r.num / r.den;
}
