import { type Key, type Mode, pitchClass, scaleOf } from './pitch.js';

/** What a chord does in its key: rest, leave, or want to go home. */
export type ChordFunction = 'tonic' | 'subdominant' | 'dominant';

/** A chord in a key. */
export interface Chord {
  /** Roman numeral, `V7/V` for the dominant of the dominant. */
  readonly symbol: string;
  readonly function: ChordFunction;
  /** Pitch classes from the root up: three or four. */
  readonly tones: readonly number[];
  /** The tone that must rise by a semitone, as pitch class. */
  readonly leading?: number;
}

interface ChordShape {
  readonly function: ChordFunction;
  /** Semitones above the tonic, the root first. */
  readonly tones: readonly number[];
  readonly leading?: number;
}

const tonic = (...tones: number[]): ChordShape => ({ function: 'tonic', tones });
const subdominant = (...tones: number[]): ChordShape => ({ function: 'subdominant', tones });
const dominant = (leading: number, ...tones: number[]): ChordShape => ({ function: 'dominant', tones, leading });

const SHAPES: Record<Mode, Readonly<Record<string, ChordShape>>> = {
  major: {
    I: tonic(0, 4, 7),
    ii: subdominant(2, 5, 9),
    ii7: subdominant(2, 5, 9, 0),
    iii: tonic(4, 7, 11),
    IV: subdominant(5, 9, 0),
    V: dominant(11, 7, 11, 2),
    V7: dominant(11, 7, 11, 2, 5),
    vi: tonic(9, 0, 4),
    'vii°': dominant(11, 11, 2, 5),
    'V7/V': dominant(6, 2, 6, 9, 0),
    'V7/ii': dominant(1, 9, 1, 4, 7),
    'V7/vi': dominant(8, 4, 8, 11, 2),
  },
  minor: {
    I: tonic(0, 3, 7),
    'ii°': subdominant(2, 5, 8),
    ii7: subdominant(2, 5, 8, 0),
    III: tonic(3, 7, 10),
    IV: subdominant(5, 8, 0),
    V: dominant(11, 7, 11, 2),
    V7: dominant(11, 7, 11, 2, 5),
    VI: tonic(8, 0, 3),
    VII: subdominant(10, 2, 5),
    'vii°7': dominant(11, 11, 2, 5, 8),
    'V7/IV': dominant(4, 0, 4, 7, 10),
  },
};

/** The chord with this symbol in this key. In minor, `I` and `IV` are minor, `V` is major. */
export function chordOf(key: Key, symbol: string): Chord {
  const shape = (SHAPES[key.mode] as Readonly<Record<string, ChordShape>>)[symbol];
  if (shape === undefined) throw new RangeError(`accompany: there is no chord ${symbol} in ${key.mode}`);
  const here = (semitones: number): number => pitchClass(key.tonic + semitones);
  const tones = shape.tones.map(here);
  const { function: does, leading } = shape;
  return leading === undefined
    ? { symbol, function: does, tones }
    : { symbol, function: does, tones, leading: here(leading) };
}

/**
 * The seven tones that a melody may use over a chord: the key's, with those raised that the chord raises. Where a minor
 * key's seventh is raised, its sixth is too (melodic minor), unless the chord holds the low one.
 */
export function scaleOver(key: Key, chord: Chord): readonly number[] {
  const altered = scaleOf(key).map((tone) => {
    if (chord.tones.includes(tone)) return tone;
    const above = pitchClass(tone + 1);
    return chord.tones.includes(above) && !scaleOf(key).includes(above) ? above : tone;
  });
  const sixth = pitchClass(key.tonic + 8);
  const raised = key.mode === 'minor' && altered.includes(pitchClass(key.tonic + 11)) && !chord.tones.includes(sixth);
  const scale = raised ? altered.map((tone) => (tone === sixth ? pitchClass(tone + 1) : tone)) : altered;
  return [...new Set(scale)];
}
