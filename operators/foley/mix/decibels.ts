/** Decibels → factor of an amplitude; −∞ gives 0. */
export function amplitudeOf(db: number): number {
  return 10 ** (db / 20);
}

/** Amplitude → decibels; 0 gives −∞. */
export function decibelsOf(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}
