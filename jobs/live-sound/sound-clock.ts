import type { Microseconds } from '../../pipeline/index.js';

/** A picture stands for its duration, but for no more than this: of an uneven stream the next one may come before it is over. */
const MOST_SHOWN_US: Microseconds = 40_000;
/** Times of pictures are rounded. */
const ROUNDING_US: Microseconds = 2_000;
/** Existing sound that comes after its pictures is waited for; after so long there is none. */
const PATIENCE_US: Microseconds = 500_000;
/** Existing sound that is so far ahead of the pictures goes on without them. */
const MOST_LEAD_US: Microseconds = 3_000_000;
/** A pause in existing sound that is as long is one of the whole source: pictures are expected from its end on. */
const SOURCE_PAUSE_US: Microseconds = 1_000_000;

/** Says up to when the sound of a live stream can be made: as far as pictures have come and existing sound is there, and on with existing sound where pictures stay away. */
export class SoundClock {
  /** Up to where pictures are known. */
  #reachedUs: Microseconds;
  #pictureUs: Microseconds;
  #existingEndUs: Microseconds;
  /** Pictures are expected from here on. */
  #expectedUs: Microseconds;
  #hasExisting: boolean;

  /** @param hasTrack False where the source has no sound. */
  constructor(startUs: Microseconds, hasTrack: boolean) {
    this.#hasExisting = hasTrack;
    this.#pictureUs = startUs;
    this.#reachedUs = startUs;
    this.#existingEndUs = startUs;
    this.#expectedUs = startUs;
  }

  /** When the last picture is shown. */
  get pictureUs(): Microseconds {
    return this.#pictureUs;
  }

  /** Up to where there are pictures, and existing sound that belongs to them. */
  get endUs(): Microseconds {
    return Math.max(this.#reachedUs, Math.min(this.#existingEndUs, this.#reachedUs + MOST_LEAD_US));
  }

  /** Up to where there are pictures. */
  get picturesEndUs(): Microseconds {
    return this.#reachedUs;
  }

  picture(ptsUs: Microseconds, durationUs: Microseconds): void {
    this.#pictureUs = ptsUs;
    this.#reachedUs = ptsUs + Math.max(0, Math.min(MOST_SHOWN_US, durationUs) - ROUNDING_US);
    this.#expectedUs = Math.max(this.#expectedUs, this.#reachedUs);
  }

  existing(ptsUs: Microseconds, durationUs: Microseconds): void {
    if (ptsUs - this.#existingEndUs > SOURCE_PAUSE_US) this.#expectedUs = Math.max(this.#expectedUs, ptsUs);
    this.#existingEndUs = ptsUs + durationUs;
    this.#hasExisting = true;
  }

  /** Up to when sound can be made. @param lookAheadUs What must be known beyond it. */
  target(lookAheadUs: Microseconds): Microseconds {
    if (this.#existingEndUs - this.#expectedUs > MOST_LEAD_US) return this.#existingEndUs - MOST_LEAD_US;
    const pictures = this.#reachedUs - lookAheadUs;
    const existing = this.#existingEndUs - lookAheadUs;
    if (!this.#hasExisting || existing >= pictures) return pictures;
    if (pictures - existing <= PATIENCE_US) return existing;
    this.#hasExisting = false;
    return pictures;
  }
}
