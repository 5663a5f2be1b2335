import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../pipeline/index.js';

/** Sound that says another time than it has by its samples: up to this much is mended little by little, more at once. */
const TOLERANCE_US: Microseconds = 40_000;
/** Times of containers are rounded: what is less is none. */
const NEGLIGIBLE_US: Microseconds = 3_000;
/** How much a piece counts for how far sound is off: times of single pieces vary. */
const SHARE = 1 / 16;

/** Where a piece of sound belongs. */
export interface PlacedSound {
  readonly ptsUs: Microseconds;
  /** Samples that the next second should be longer, or shorter; 0 where it is right. */
  readonly correction: number;
}

/**
 * Puts pieces of sound one after the other by the count of samples, while they say times that fit, and tells how clocks that drift are to be followed. Where a piece says
 * another time, it goes there.
 */
export class SoundPlace {
  readonly #sampleUs: number;
  /** Where the next sample lies, not rounded. */
  #nextUs: number | undefined;
  #offUs = 0;
  /** Samples until another correction is worth a look. */
  #settling = 0;

  /** @param sampleRate Hertz. */
  constructor(sampleRate: number) {
    this.#sampleUs = MICROSECONDS_PER_SECOND / sampleRate;
  }

  /** @param saidUs Of its first sample, as the source says it; nothing where it follows what came before. */
  place(samples: number, saidUs: Microseconds | undefined): PlacedSound {
    const saidOffUs = saidUs === undefined || this.#nextUs === undefined ? 0 : saidUs - this.#nextUs;
    if (this.#nextUs === undefined || Math.abs(saidOffUs) > TOLERANCE_US) {
      this.#nextUs = saidUs ?? 0;
      this.#offUs = 0;
      this.#settling = 0;
    } else this.#offUs += (saidOffUs - this.#offUs) * SHARE;
    const ptsUs = this.#nextUs;
    this.#nextUs += samples * this.#sampleUs;
    return { ptsUs, correction: this.#correction(samples) };
  }

  #correction(samples: number): number {
    this.#settling -= samples;
    if (this.#settling > 0 || Math.abs(this.#offUs) < NEGLIGIBLE_US) return 0;
    // What is stretched takes a second to arrive, and some pieces to be believed.
    this.#settling = Math.round((2 * MICROSECONDS_PER_SECOND) / this.#sampleUs);
    return Math.round(this.#offUs / this.#sampleUs);
  }
}
