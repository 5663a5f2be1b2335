import type { Microseconds } from '../../../pipeline/index.js';
import { SAMPLE_RATE } from '../sample-rate.js';
import { amplitudeOf } from './decibels.js';
import type { Stereo } from './stereo.js';
import { samplesIn } from './timeline.js';

/** What a track is, as far as is known. */
export type TrackSound =
  /** Too little was heard to tell. */
  | 'unknown'
  /** There is a track, and nothing in it. */
  | 'silent'
  /** Something is heard in it. */
  | 'sounding';

/** Options of a {@link SilenceDetector}. */
export interface SilenceDetectorOptions {
  /** Where the track begins. Default 0. */
  readonly startUs?: Microseconds;
  /** How long nothing must be heard until a track counts as silent, milliseconds. Default 5000. */
  readonly silentAfterMs?: number;
  /** How much must be heard, pauses not counted, until it counts as sounding, milliseconds. Default 200. */
  readonly soundingAfterMs?: number;
}

/** Root mean square of a window of 100 ms without its mean, and largest distance from the mean. */
const SILENT_RMS = amplitudeOf(-80);
const SILENT_PEAK = amplitudeOf(-66);
/** A silent track must be louder by this to count as sounding: hysteresis. */
const HYSTERESIS = amplitudeOf(6);
const WINDOW = samplesIn(100);
const WINDOW_MS = 100;

/**
 * Tells whether anything is in a track: digital silence, a constant offset and the dither of 16 bits count as nothing. A click does not make a track sounding, a pause
 * does not make it silent. Windows are counted from the first sample. Memory is constant.
 */
export class SilenceDetector {
  readonly #silentAfter: number;
  readonly #soundingAfter: number;
  readonly #startUs: Microseconds;
  readonly #windows = [new ChannelWindow(), new ChannelWindow()] as const;
  #filled = 0;
  #ended = 0;
  #state: TrackSound = 'unknown';
  /** Windows in a row in which nothing was heard, and those with sound since the last long pause. */
  #silent = 0;
  #sounding = 0;
  #soundingFrom = 0;
  #firstSound: number | undefined;

  constructor({ startUs = 0, silentAfterMs = 5000, soundingAfterMs = 200 }: SilenceDetectorOptions = {}) {
    this.#startUs = startUs;
    this.#silentAfter = Math.max(1, Math.round(silentAfterMs / WINDOW_MS));
    this.#soundingAfter = Math.max(1, Math.round(soundingAfterMs / WINDOW_MS));
  }

  get state(): TrackSound {
    return this.#state;
  }

  /** Where something is heard for the first time, not counting clicks; nothing while there is none. */
  get firstSoundUs(): Microseconds | undefined {
    return this.#firstSound === undefined
      ? undefined
      : this.#startUs + Math.round((this.#firstSound * WINDOW * 1e6) / SAMPLE_RATE);
  }

  /** Listens to a block. `onChange` is called where the state changes, with the sample after the window that decided, counted from the block's first. */
  push({ left, right }: Stereo, onChange?: (state: TrackSound, at: number) => void): void {
    for (let from = 0; from < left.length; ) {
      const to = Math.min(left.length, from + WINDOW - this.#filled);
      this.#windows[0].push(left.subarray(from, to));
      this.#windows[1].push(right.subarray(from, to));
      this.#filled += to - from;
      from = to;
      if (this.#filled < WINDOW) return;
      const before = this.#state;
      this.#endWindow();
      if (this.#state !== before) onChange?.(this.#state, to);
    }
  }

  #endWindow(): void {
    const factor = this.#state === 'silent' ? HYSTERESIS : 1;
    const isSilent = this.#windows.every((window) => window.isSilent(factor));
    for (const window of this.#windows) window.clear();
    this.#filled = 0;
    this.#silent = isSilent ? this.#silent + 1 : 0;
    if (!isSilent && this.#sounding++ === 0) this.#soundingFrom = this.#ended;
    if (this.#silent >= this.#silentAfter) {
      this.#state = 'silent';
      this.#sounding = 0;
    } else if (this.#sounding >= this.#soundingAfter) {
      this.#state = 'sounding';
      this.#firstSound ??= this.#soundingFrom;
    }
    this.#ended++;
  }
}

/** One channel of a window. */
class ChannelWindow {
  #count = 0;
  #sum = 0;
  #squares = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  push(samples: Float32Array): void {
    for (const value of samples) {
      this.#sum += value;
      this.#squares += value * value;
      this.#lowest = Math.min(this.#lowest, value);
      this.#highest = Math.max(this.#highest, value);
    }
    this.#count += samples.length;
  }

  isSilent(factor: number): boolean {
    const mean = this.#sum / this.#count;
    const rms = Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
    const peak = Math.max(this.#highest - mean, mean - this.#lowest);
    return rms <= SILENT_RMS * factor && peak <= SILENT_PEAK * factor;
  }

  clear(): void {
    this.#count = 0;
    this.#sum = 0;
    this.#squares = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
  }
}
