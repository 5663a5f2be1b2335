import type { Microseconds } from '../../../pipeline/index.js';
import type { Part } from './bar.js';
import type { Chord } from './chord.js';
import type { Mood, Pattern } from './mood.js';
import type { Key } from './pitch.js';
import type { Voicing } from './voice-leading.js';

/** A note as played. */
export interface ScoreNote {
  readonly startUs: Microseconds;
  readonly durationUs: Microseconds;
  /** MIDI number: 60 is middle C. */
  readonly midi: number;
  /** 1–127. */
  readonly velocity: number;
  readonly part: Part;
}

/** The right pedal of a piano, down or up from a time on. */
export interface ScorePedal {
  readonly atUs: Microseconds;
  readonly down: boolean;
}

/** A chord that begins. */
export interface ScoreHarmony {
  readonly startUs: Microseconds;
  readonly key: Key;
  readonly chord: Chord;
  readonly voicing: Voicing;
}

/** Why a section began: at a cut, because the one before was long enough, as the first, or as the end. */
export type SectionReason = 'first' | 'cut' | 'length' | 'end';

/** A section that begins. */
export interface ScoreSection {
  readonly startUs: Microseconds;
  readonly reason: SectionReason;
  /** The cut that it begins at. */
  readonly cutUs?: Microseconds;
  readonly mood: Mood;
  readonly key: Key;
  readonly pattern: Pattern;
  readonly beatsPerBar: number;
}

/** A beat that begins. */
export interface ScoreBeat {
  readonly startUs: Microseconds;
  readonly bpm: number;
}

/** A stretch of music, each list in order of time but for the few milliseconds by which a player strays. */
export interface Score {
  readonly notes: readonly ScoreNote[];
  readonly pedals: readonly ScorePedal[];
  readonly harmonies: readonly ScoreHarmony[];
  readonly sections: readonly ScoreSection[];
  readonly beats: readonly ScoreBeat[];
}
