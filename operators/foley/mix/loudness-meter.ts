import { KWeighting } from './k-weighting.js';
import { loudnessOf, ProgrammeLoudness } from './programme-loudness.js';
import { isSilent, type Stereo } from './stereo.js';
import { samplesIn } from './timeline.js';

/** Windows move on by this; those of 400 ms overlap by three quarters, as the standard asks. */
export const STEP_MS = 100;
const STEP = samplesIn(STEP_MS);
const MOMENTARY_STEPS = 4;
const SHORT_TERM_STEPS = 30;

/**
 * Loudness of stereo sound as it passes, by EBU R 128 (ITU-R BS.1770-4 and EBU Tech 3341): momentary over 400 ms, short-term over 3 s, and that of the whole
 * programme, gated. Values change every 100 ms, counted from the first sample. Memory is constant; silence costs next to nothing.
 */
export class LoudnessMeter {
  readonly #left = new KWeighting();
  readonly #right = new KWeighting();
  readonly #programme = new ProgrammeLoudness();
  /** Mean squares of the last steps; the newest at `#steps − 1`. */
  readonly #powers = new Float64Array(SHORT_TERM_STEPS);
  #steps = 0;
  #sum = 0;
  #filled = 0;

  /** Measures a block. `onStep` is called where a window of 100 ms ends, with the sample after it, counted from the block's first. */
  push({ left, right }: Stereo, onStep?: (at: number) => void): void {
    for (let from = 0; from < left.length; ) {
      const to = Math.min(left.length, from + STEP - this.#filled);
      this.#measure({ left: left.subarray(from, to), right: right.subarray(from, to) });
      this.#filled += to - from;
      from = to;
      if (this.#filled < STEP) return;
      this.#endStep();
      onStep?.(to);
    }
  }

  /** Of the last 400 ms, LUFS; −∞ for silence. */
  get momentary(): number {
    return loudnessOf(this.#mean(MOMENTARY_STEPS));
  }

  /** Of the last 3 s, LUFS; −∞ for silence. */
  get shortTerm(): number {
    return loudnessOf(this.#mean(SHORT_TERM_STEPS));
  }

  /** Of the whole programme, gated, LUFS; −∞ where it was nowhere louder than −70. */
  get integrated(): number {
    return this.#programme.lufs;
  }

  /** Mean square of the last 400 ms, weighted and summed over the channels. */
  get momentaryPower(): number {
    return this.#mean(MOMENTARY_STEPS);
  }

  #measure(part: Stereo): void {
    if (this.#left.isAtRest && this.#right.isAtRest && isSilent(part)) return;
    const { left, right } = part;
    for (let i = 0; i < left.length; i++) {
      this.#sum += this.#left.next(left[i] as number) ** 2 + this.#right.next(right[i] as number) ** 2;
    }
  }

  #endStep(): void {
    this.#powers[this.#steps++ % SHORT_TERM_STEPS] = this.#sum / STEP;
    this.#sum = 0;
    this.#filled = 0;
    this.#left.rest();
    this.#right.rest();
    if (this.#steps >= MOMENTARY_STEPS) this.#programme.push(this.momentaryPower);
  }

  #mean(steps: number): number {
    let sum = 0;
    for (let i = 1; i <= steps; i++) {
      if (this.#steps >= i) sum += this.#powers[(this.#steps - i) % SHORT_TERM_STEPS] as number;
    }
    return sum / steps;
  }
}
