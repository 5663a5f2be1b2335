import { beepHertz, LOOP_SECONDS, SAMPLE_RATE } from './sound-loop.js';

/** A beep that was heard. */
export interface Beep {
  /** When it begins, on the timeline of the player. */
  readonly ptsUs: number;
  /** The second of the source's loop that it belongs to. */
  readonly second: number;
}

const LOUD = 0.1;
/** How long it must have been quiet before a beep begins. */
const QUIET_SAMPLES = SAMPLE_RATE / 5;
/** Over which its pitch is measured. */
const PITCH_SAMPLES = SAMPLE_RATE / 12.5;
/** Further from all pitches than this is no beep, hertz. */
const TOLERANCE = 40;

/** Finds where beeps begin, and which they are, in samples of one channel. */
export class BeepFinder {
  #quiet = QUIET_SAMPLES;
  #beginUs: number | undefined;
  #heard = 0;
  #crossings = 0;
  #last = 0;

  /** @param samples −1 to 1, that follow those before. */
  *push(samples: Float32Array, ptsUs: number): Generator<Beep> {
    for (const [i, sample] of samples.entries()) {
      if (this.#beginUs === undefined) {
        const isLoud = Math.abs(sample) > LOUD;
        if (isLoud && this.#quiet >= QUIET_SAMPLES) this.#begin(ptsUs + (i * 1e6) / SAMPLE_RATE);
        this.#quiet = isLoud ? 0 : this.#quiet + 1;
      } else {
        if (sample * this.#last < 0) this.#crossings++;
        if (++this.#heard >= PITCH_SAMPLES) {
          const second = secondOf((this.#crossings / 2) * (SAMPLE_RATE / PITCH_SAMPLES));
          if (second !== undefined) yield { ptsUs: this.#beginUs, second };
          this.#beginUs = undefined;
        }
      }
      if (sample !== 0) this.#last = sample;
    }
  }

  #begin(us: number): void {
    this.#beginUs = us;
    this.#heard = 0;
    this.#crossings = 0;
  }
}

function secondOf(hertz: number): number | undefined {
  for (let second = 0; second < LOOP_SECONDS; second++) {
    if (Math.abs(beepHertz(second) - hertz) < TOLERANCE) return second;
  }
  return undefined;
}
