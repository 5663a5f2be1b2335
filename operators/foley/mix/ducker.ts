import { amplitudeOf, decibelsOf } from './decibels.js';
import type { Stereo } from './stereo.js';
import { samplesIn } from './timeline.js';

/** Options of a {@link Ducker}. */
export interface DuckerOptions {
  /** How far sound is lowered, dB. Default 9. */
  readonly depthDb?: number;
  /** Peaks of the other sound that begin to lower it, dBFS; 12 dB above it is lowered all the way. Default −45. */
  readonly thresholdDb?: number;
  /** Time constant of going down, milliseconds. Default 10. */
  readonly attackMs?: number;
  /** How long it stays down after the last peak, milliseconds. Default 200. */
  readonly holdMs?: number;
  /** Time constant of coming back, milliseconds. Default 400. */
  readonly releaseMs?: number;
}

const KNEE_DB = 12;
/** Gain moves in steps of a millisecond, and evenly between. */
const STEP = samplesIn(1);
/** So near to 0 dB sound passes as it is. */
const RESTED_DB = 0.01;

/** Lowers sound while another is heard: a side chain with peak detection in steps of 1 ms, counted from the first sample. */
export class Ducker {
  readonly #depthDb: number;
  readonly #thresholdDb: number;
  readonly #attack: number;
  readonly #release: number;
  readonly #hold: number;
  #peak = 0;
  #filled = 0;
  #held = 0;
  #heldDb = 0;
  #db = 0;
  /** Gains at both ends of the current step. */
  #from = 1;
  #to = 1;

  constructor({ depthDb = 9, thresholdDb = -45, attackMs = 10, holdMs = 200, releaseMs = 400 }: DuckerOptions = {}) {
    this.#depthDb = depthDb;
    this.#thresholdDb = thresholdDb;
    this.#attack = 1 - Math.exp(-1 / attackMs);
    this.#release = 1 - Math.exp(-1 / releaseMs);
    this.#hold = Math.round(holdMs);
  }

  /** Lowers `sound` in place where `key` is heard. Blocks of one length, in order. */
  process(sound: Stereo, key: Stereo): void {
    for (let i = 0; i < sound.left.length; i++) {
      this.#peak = Math.max(this.#peak, Math.abs(key.left[i] as number), Math.abs(key.right[i] as number));
      if (this.#from !== 1 || this.#to !== 1) {
        const gain = this.#from + ((this.#to - this.#from) * this.#filled) / STEP;
        sound.left[i] = (sound.left[i] as number) * gain;
        sound.right[i] = (sound.right[i] as number) * gain;
      }
      if (++this.#filled === STEP) this.#endStep();
    }
  }

  #endStep(): void {
    const above = (decibelsOf(this.#peak) - this.#thresholdDb) / KNEE_DB;
    const now = this.#depthDb * Math.max(0, Math.min(1, above));
    this.#held = now >= this.#heldDb ? this.#hold : this.#held - 1;
    if (now >= this.#heldDb || this.#held <= 0) this.#heldDb = now;
    const speed = this.#heldDb > this.#db ? this.#attack : this.#release;
    this.#db += (this.#heldDb - this.#db) * speed;
    if (this.#heldDb === 0 && this.#db < RESTED_DB) this.#db = 0;
    this.#from = this.#to;
    this.#to = this.#db === 0 ? 1 : amplitudeOf(-this.#db);
    this.#peak = 0;
    this.#filled = 0;
  }
}
