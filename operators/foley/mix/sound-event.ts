import type { Microseconds } from '../../../pipeline/index.js';

/** One channel, or two. 48 kHz, nominally −1…1. Not copied: it must not change while it is heard. */
export type OneShot = Float32Array | readonly [left: Float32Array, right: Float32Array];

/** How a sound is shaped in time. What is left out leaves the sound as it is, but for a last 2 ms that fade. */
export interface EventEnvelope {
  /** From its first sample, milliseconds. Default 0. */
  readonly fadeInMs?: number;
  /** How long it is heard after its onset, the fade at its end included, milliseconds. Default: all of it. */
  readonly lengthMs?: number;
  /** At its end, milliseconds. Default 2. */
  readonly fadeOutMs?: number;
}

/** What becomes of an event whose onset has been played already, up to {@link MOST_LAG_US}; after that it is dropped. */
export type LateRule =
  /** Heard from where it would be by now, faded in: in time, but without its attack. For sounds that last. */
  | 'join'
  /** Heard from its onset, that much too late. For impacts, which are nothing without their attack. */
  | 'shift';

/** A sound that is to be heard at a time. */
export interface SoundEvent {
  /** When its onset is heard, on the stream's timeline. */
  readonly ptsUs: Microseconds;
  readonly sound: OneShot;
  /** The sample of the sound that lands on the sample nearest to `ptsUs`. Default 0. */
  readonly onsetSample?: number;
  /** Default 0; −90…24. */
  readonly gainDb?: number;
  /** −1 left … 1 right, by the constant-power law. Default 0. */
  readonly pan?: number;
  /** Ratio of frequencies, 0.5…2. Default 1. */
  readonly pitch?: number;
  readonly envelope?: EventEnvelope;
  /** Default `join`. */
  readonly late?: LateRule;
  /** What it is the sound of: what still rings of the same thing is damped when it begins, as by whatever hits it again. Default: of nothing else. */
  readonly thing?: string;
}

/** Live sound never lags the picture by more than this. */
export const MOST_LAG_US: Microseconds = 40_000;
