/** Quieter blocks than this never count, LUFS. */
const ABSOLUTE_GATE = -70;
/** Blocks so much quieter than the mean of the others do not count, LU. */
const RELATIVE_GATE = -10;
/** Of a block, LUFS: louder ones count as the last. */
const LOUDEST = 40;
const BINS_PER_LU = 100;
const BINS = (LOUDEST - ABSOLUTE_GATE) * BINS_PER_LU;

/** Mean square, weighted → LUFS (ITU-R BS.1770-4, formula 2). */
export function loudnessOf(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

/** LUFS → mean square, weighted. */
export function powerOf(loudness: number): number {
  return 10 ** ((loudness + 0.691) / 10);
}

/**
 * The loudness of a whole programme from the powers of its blocks of 400 ms, gated as ITU-R BS.1770-4 says. Blocks are kept as a histogram of a hundredth LU,
 * so memory is constant however long the programme is; powers are summed exactly, only where the relative gate cuts is rounded.
 */
export class ProgrammeLoudness {
  readonly #counts = new Float64Array(BINS);
  readonly #powers = new Float64Array(BINS);

  /** @param power Mean square of the block, weighted and summed over channels. */
  push(power: number): void {
    const loudness = loudnessOf(power);
    if (!(loudness > ABSOLUTE_GATE)) return;
    const bin = binOf(loudness);
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    this.#powers[bin] = (this.#powers[bin] as number) + power;
  }

  /** LUFS; −∞ where nothing counts. */
  get lufs(): number {
    const ungated = this.#meanFrom(0);
    return ungated === 0
      ? Number.NEGATIVE_INFINITY
      : loudnessOf(this.#meanFrom(binOf(loudnessOf(ungated) + RELATIVE_GATE)));
  }

  #meanFrom(first: number): number {
    let count = 0;
    let power = 0;
    for (let bin = first; bin < BINS; bin++) {
      count += this.#counts[bin] as number;
      power += this.#powers[bin] as number;
    }
    return count === 0 ? 0 : power / count;
  }
}

function binOf(loudness: number): number {
  return Math.max(0, Math.min(BINS - 1, Math.floor((loudness - ABSOLUTE_GATE) * BINS_PER_LU)));
}
