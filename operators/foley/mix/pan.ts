/** Factors of the two channels. */
export interface PanGains {
  readonly left: number;
  readonly right: number;
}

/**
 * Where a sound is heard, by the constant-power law: left² + right² is 1 for one channel wherever it is.
 *
 * @param pan −1 is left, 0 the middle, 1 right; beyond is the same as at the end.
 */
export function panMono(pan: number): PanGains {
  const angle = ((Math.max(-1, Math.min(1, pan)) + 1) * Math.PI) / 4;
  return { left: Math.cos(angle), right: Math.sin(angle) };
}

/** The same for sound that is stereo already: its balance. In the middle both channels stay as they are. */
export function balanceStereo(pan: number): PanGains {
  const { left, right } = panMono(pan);
  return { left: left * Math.SQRT2, right: right * Math.SQRT2 };
}
