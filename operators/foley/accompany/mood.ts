import type { Mode } from './pitch.js';

/** The moods that music can take. */
export const moods = ['calm', 'lively', 'sad', 'tense', 'comic'] as const;
/** One of {@link moods}. */
export type Mood = (typeof moods)[number];

/** How chords are laid out below the melody. */
export type Pattern = 'stride' | 'arpeggio' | 'alberti' | 'waltz' | 'tremolo' | 'ostinato' | 'chorale';

type Weights<Value> = readonly (readonly [Value, number])[];

/** What a mood means for those who compose. */
export interface MoodCharacter {
  /** Beats a minute at rest and at the height of motion. */
  readonly bpm: readonly [number, number];
  readonly modes: Weights<Mode>;
  /** Beats a bar and the pattern that goes with it. */
  readonly textures: Weights<readonly [3 | 4, Pattern]>;
  /** Beats that the melody's notes last, in groups that fill one or two beats. */
  readonly rhythms: Weights<readonly number[]>;
  /** How readily a bar has two chords, 0–1. */
  readonly harmonicRhythm: number;
  /** Share of its written length that a melody note sounds. */
  readonly articulation: number;
  /** Middle of the melody, MIDI number. */
  readonly register: number;
  /** How much small steps are preferred in the melody, 0–1. */
  readonly smoothness: number;
  /** Loudness at rest and at the height of motion, 0–1. */
  readonly loudness: readonly [number, number];
}

/** Our own figures. */
export const characters: Readonly<Record<Mood, MoodCharacter>> = {
  calm: {
    bpm: [66, 88],
    modes: [
      ['major', 9],
      ['minor', 1],
    ],
    textures: [
      [[3, 'waltz'], 3],
      [[4, 'arpeggio'], 4],
      [[3, 'arpeggio'], 2],
      [[4, 'chorale'], 1],
    ],
    rhythms: [
      [[1], 5],
      [[2], 4],
      [[1.5, 0.5], 3],
      [[0.5, 0.5], 1],
    ],
    harmonicRhythm: 0.1,
    articulation: 0.98,
    register: 71,
    smoothness: 0.8,
    loudness: [0.3, 0.55],
  },
  lively: {
    bpm: [112, 144],
    modes: [['major', 1]],
    textures: [
      [[4, 'stride'], 5],
      [[4, 'alberti'], 3],
      [[3, 'waltz'], 2],
    ],
    rhythms: [
      [[1], 4],
      [[0.5, 0.5], 6],
      [[0.25, 0.25, 0.5], 2],
      [[0.75, 0.25], 2],
      [[0.5, 1, 0.5], 1],
    ],
    harmonicRhythm: 0.3,
    articulation: 0.85,
    register: 74,
    smoothness: 0.3,
    loudness: [0.5, 0.85],
  },
  sad: {
    bpm: [52, 68],
    modes: [['minor', 1]],
    textures: [
      [[4, 'arpeggio'], 4],
      [[4, 'chorale'], 4],
      [[3, 'arpeggio'], 2],
    ],
    rhythms: [
      [[1], 4],
      [[2], 4],
      [[1.5, 0.5], 4],
    ],
    harmonicRhythm: 0.2,
    articulation: 1,
    register: 69,
    smoothness: 1,
    loudness: [0.28, 0.5],
  },
  tense: {
    bpm: [104, 144],
    modes: [['minor', 1]],
    textures: [
      [[4, 'tremolo'], 6],
      [[4, 'ostinato'], 4],
    ],
    rhythms: [
      [[2], 3],
      [[1], 4],
      [[0.5, 0.5], 2],
      [[0.25, 0.25, 0.25, 0.25], 1],
      [[1.5, 0.5], 2],
    ],
    harmonicRhythm: 0.15,
    articulation: 0.95,
    register: 70,
    smoothness: 0.7,
    loudness: [0.45, 0.95],
  },
  comic: {
    bpm: [96, 128],
    modes: [
      ['major', 9],
      ['minor', 1],
    ],
    textures: [[[4, 'stride'], 1]],
    rhythms: [
      [[0.75, 0.25], 6],
      [[0.5, 0.5], 3],
      [[1], 3],
      [[0.25, 0.25, 0.5], 2],
      [[0.5, 0.25, 0.25], 2],
    ],
    harmonicRhythm: 0.4,
    articulation: 0.5,
    register: 75,
    smoothness: 0,
    loudness: [0.45, 0.75],
  },
};

/** What mood is read from: figures over some seconds of picture. */
export interface PictureFeel {
  /** Mean motion, 0–1. */
  readonly motion: number;
  /** How far motion strays from its mean, 0–1. */
  readonly jerkiness: number;
  /** Mean luma, 0–1. */
  readonly brightness: number;
  readonly cutsPerMinute: number;
}

/** How much happens: 0–1, of motion for the most part, and of cutting. */
export function arousal({ motion, cutsPerMinute }: PictureFeel): number {
  return Math.min(1, 0.75 * motion + 0.45 * Math.min(1, cutsPerMinute / 40));
}

/** The mood that suits a picture. Little happens: calm or, in the dark, sad. Much does: lively, in jerks comic, in the dark tense. */
export function moodOf(feel: PictureFeel): Mood {
  const dark = feel.brightness < 0.36;
  if (arousal(feel) < 0.36) return dark ? 'sad' : 'calm';
  if (dark) return 'tense';
  return feel.jerkiness > 0.17 ? 'comic' : 'lively';
}
