import { amplitudeOf } from './decibels.js';
import { LoudnessMeter, STEP_MS } from './loudness-meter.js';
import { loudnessOf, powerOf } from './programme-loudness.js';
import type { Stereo } from './stereo.js';
import { samplesIn } from './timeline.js';

/** Options of a {@link LoudnessRider}. */
export interface RiderOptions {
  /** LUFS. Default −23, that of EBU R 128. */
  readonly target?: number;
  /** Gain stays within ± this, dB. Default 9. */
  readonly mostDb?: number;
}

/** The target of EBU R 128, LUFS. */
export const TARGET_LUFS = -23;
const MOST_DB = 9;
/** Quieter sound is a pause: gain waits. LUFS. */
const PAUSE_LUFS = -55;
/** Sound that is so much quieter than the rest, LU, counts only so much: it may be a bed between hits, or all that will come. */
const QUIET_BELOW = -15;
const QUIET_SHARE = 0.1;
/** How fast older loudness is forgotten: seconds of sound, pauses not counted. */
const MEMORY_S = 30;
/** At the beginning loudness is taken to be at the target with the weight of so many seconds. */
const PRIOR_S = 10;
/** dB a second: slower than anybody hears as a movement. */
const UP_DB_S = 0.5;
const DOWN_DB_S = 1.5;
const STEP = samplesIn(STEP_MS);
const STEP_S = STEP_MS / 1000;

/**
 * Brings live sound, of which the rest is not known yet, to a loudness by a gain that moves slowly: at most 0.5 dB up and 1.5 dB down a second, within limits.
 * It follows the loudness of the last half minute of sound and waits in pauses, so that neither a hit nor silence makes it pump.
 */
export class LoudnessRider {
  readonly #meter = new LoudnessMeter();
  readonly #target: number;
  readonly #mostDb: number;
  #power: number;
  #weight = PRIOR_S;
  /** At the beginning and at the end of the current 100 ms. */
  #fromDb = 0;
  #toDb = 0;
  #filled = 0;

  constructor({ target = TARGET_LUFS, mostDb = MOST_DB }: RiderOptions = {}) {
    this.#target = target;
    this.#mostDb = mostDb;
    this.#power = powerOf(target);
  }

  /** The gain that the current 100 ms end with, dB. */
  get gainDb(): number {
    return this.#toDb;
  }

  /** Scales a block in place. Latency 0. */
  process(block: Stereo): void {
    let at = 0;
    const scale = (end: number): void => {
      if (this.#fromDb !== 0 || this.#toDb !== 0) {
        scaleAlong(block, at, end, this.#fromDb, this.#toDb, this.#filled);
      }
      this.#filled += end - at;
      at = end;
    };
    // What is measured has not been scaled yet.
    this.#meter.push(block, (end) => {
      scale(end);
      this.#move();
    });
    scale(block.left.length);
  }

  #move(): void {
    const power = this.#meter.momentaryPower;
    const loudness = loudnessOf(power);
    this.#filled = 0;
    this.#fromDb = this.#toDb;
    if (!(loudness > PAUSE_LUFS)) return;
    const share = loudness > loudnessOf(this.#power) + QUIET_BELOW ? 1 : QUIET_SHARE;
    this.#weight = Math.min(MEMORY_S, this.#weight + STEP_S);
    this.#power += (power - this.#power) * ((share * STEP_S) / this.#weight);
    const wanted = this.#target - loudnessOf(this.#power);
    const limited = Math.max(-this.#mostDb, Math.min(this.#mostDb, wanted));
    const change = Math.max(-DOWN_DB_S * STEP_S, Math.min(UP_DB_S * STEP_S, limited - this.#fromDb));
    this.#toDb = this.#fromDb + change;
  }
}

function scaleAlong(
  { left, right }: Stereo,
  from: number,
  to: number,
  fromDb: number,
  toDb: number,
  filled: number,
): void {
  const first = amplitudeOf(fromDb);
  const step = (amplitudeOf(toDb) - first) / STEP;
  for (let i = from; i < to; i++) {
    const gain = first + step * (filled + i - from);
    left[i] = (left[i] as number) * gain;
    right[i] = (right[i] as number) * gain;
  }
}
