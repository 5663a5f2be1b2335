import type { Chord } from './chord.js';
import type { Key } from './pitch.js';
import type { Voicing } from './voice-leading.js';

/** A chord in its place: from when to when in the bar, and in which tones. */
export interface Harmony {
  readonly key: Key;
  readonly chord: Chord;
  readonly voicing: Voicing;
  /** Beats of the bar. */
  readonly from: number;
  readonly to: number;
}

/** Whose hand plays a note. */
export type Part = 'melody' | 'bass' | 'chord';

/** A note as written: nobody has played it yet. */
export interface WrittenNote {
  /** Beat of the bar at which it begins. */
  readonly at: number;
  readonly beats: number;
  readonly midi: number;
  readonly part: Part;
  /** Loudness against its neighbours, about 1. */
  readonly accent: number;
}
