/** Of the Kaiser window: stop band at about −80 dB. */
const KAISER_BETA = 8;

/** sin(πx) / πx. */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Ideal interpolation, cut short by a Kaiser window: 1 at 0, 0 at all other whole distances.
 *
 * @param distance In samples.
 * @param halfWidth Where it ends, samples.
 */
export function windowedSinc(distance: number, halfWidth: number): number {
  const position = distance / halfWidth;
  if (Math.abs(position) >= 1) return 0;
  // At whole distances the sine is only nearly 0.
  if (Number.isInteger(distance)) return distance === 0 ? 1 : 0;
  return (sinc(distance) * bessel0(KAISER_BETA * Math.sqrt(1 - position * position))) / bessel0(KAISER_BETA);
}
