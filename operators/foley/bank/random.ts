import { mulberry32 } from '../../../pipeline/mulberry32.js';

/** Seeded random numbers: the same seed gives the same ones on every machine. */
export interface Random {
  /** From 0, and below 1. */
  unit(): number;
  /** Evenly between two numbers. */
  between(low: number, high: number): number;
  /** Between two positive numbers, evenly in ratio, as pitches and times are heard. */
  ratio(low: number, high: number): number;
  /** −1 to 1, evenly: white noise. */
  noise(): number;
  /** Normal with mean 0 and deviation 1, within ±3. */
  normal(): number;
  /** Waiting time until the next event of a Poisson process, in the unit of 1/`rate`. */
  wait(rate: number): number;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** One 32-bit seed of several numbers and words (FNV-1a over their text). */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = FNV_OFFSET;
  for (const char of parts.join('|')) hash = Math.imul(hash ^ (char.codePointAt(0) as number), FNV_PRIME);
  return hash >>> 0;
}

/** A generator of its own for a seed of any numbers and words. */
export function randomOf(...seed: readonly (string | number)[]): Random {
  const unit = mulberry32(seedOf(...seed));
  const between = (low: number, high: number): number => low + (high - low) * unit();
  return {
    unit,
    between,
    ratio: (low, high) => low * (high / low) ** unit(),
    noise: () => 2 * unit() - 1,
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - unit()));
      return Math.max(-3, Math.min(3, radius * Math.cos(2 * Math.PI * unit())));
    },
    wait: (rate) => -Math.log(1 - unit()) / rate,
  };
}
