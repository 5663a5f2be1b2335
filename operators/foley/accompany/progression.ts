import { type Chord, chordOf } from './chord.js';
import type { Key, Mode } from './pitch.js';
import type { SeededRandom } from './seeded-random.js';

/**
 * What a bar does in its phrase: `opening` sets the tonic, `free` wanders, `predominant` leaves, `half` stops on the
 * dominant, `dominant` prepares the end, `resolution` is the end.
 */
export type BarRole = 'opening' | 'free' | 'predominant' | 'half' | 'dominant' | 'resolution';

type Weights = readonly (readonly [string, number])[];

/** How often one chord follows another: our own figures, after the habits of tonal harmony (tonic → subdominant → dominant → tonic). */
const FOLLOWS: Record<Mode, Readonly<Record<string, Weights>>> = {
  major: {
    I: [
      ['IV', 5],
      ['V', 3],
      ['vi', 4],
      ['ii', 3],
      ['iii', 1],
      ['V7/V', 1],
      ['V7/vi', 1],
      ['V7/ii', 1],
    ],
    ii: [
      ['V', 5],
      ['V7', 4],
      ['vii°', 1],
      ['V7/V', 1],
    ],
    ii7: [
      ['V', 3],
      ['V7', 6],
    ],
    iii: [
      ['vi', 5],
      ['IV', 4],
    ],
    IV: [
      ['V', 4],
      ['V7', 3],
      ['I', 3],
      ['ii', 3],
      ['vii°', 1],
    ],
    V: [
      ['I', 6],
      ['vi', 3],
      ['V7', 1],
    ],
    V7: [
      ['I', 7],
      ['vi', 2],
    ],
    vi: [
      ['ii', 4],
      ['IV', 4],
      ['V', 2],
      ['iii', 1],
      ['V7/V', 1],
    ],
    'vii°': [['I', 1]],
    'V7/V': [
      ['V', 1],
      ['V7', 1],
    ],
    'V7/ii': [['ii', 1]],
    'V7/vi': [['vi', 1]],
  },
  minor: {
    I: [
      ['IV', 5],
      ['V', 3],
      ['VI', 4],
      ['ii°', 2],
      ['VII', 2],
      ['vii°7', 1],
      ['V7/IV', 1],
    ],
    'ii°': [
      ['V', 5],
      ['V7', 5],
    ],
    ii7: [
      ['V', 3],
      ['V7', 6],
    ],
    III: [
      ['VI', 4],
      ['IV', 4],
    ],
    IV: [
      ['V', 5],
      ['V7', 3],
      ['I', 3],
      ['ii°', 1],
      ['vii°7', 1],
    ],
    V: [
      ['I', 6],
      ['VI', 3],
    ],
    V7: [
      ['I', 7],
      ['VI', 2],
    ],
    VI: [
      ['IV', 4],
      ['ii°', 3],
      ['V', 3],
      ['III', 1],
    ],
    VII: [
      ['III', 4],
      ['I', 1],
    ],
    'vii°7': [['I', 1]],
    'V7/IV': [['IV', 1]],
  },
};

/** The bars of a phrase. */
export function phraseRoles(bars: 4 | 8, ends: 'half' | 'authentic'): readonly BarRole[] {
  const last: readonly BarRole[] = ends === 'half' ? ['predominant', 'half'] : ['dominant', 'resolution'];
  const middle: readonly BarRole[] = bars === 4 ? ['free'] : ['free', 'free', 'free', 'free', 'predominant'];
  return ['opening', ...middle, ...last];
}

/** The chords of a bar, one or two; the first follows the chord before. @param busy How readily a bar has two, 0–1. */
export function barChords(
  role: BarRole,
  key: Key,
  before: Chord | undefined,
  busy: number,
  random: SeededRandom,
): readonly Chord[] {
  const chord = (symbol: string): Chord => chordOf(key, symbol);
  if (role === 'opening' || role === 'resolution') return [chord('I')];
  const first = chord(random.pick(following(key, before)));
  if (role === 'dominant') return endingOnDominant(key, before, 'V7', random);
  if (role === 'half') return endingOnDominant(key, before, 'V', random);
  if (role === 'predominant' && first.function !== 'subdominant' && !isApplied(before)) {
    return [chord(random.pick(subdominants(key)))];
  }
  return random.chance(busy) ? [first, chord(random.pick(following(key, first)))] : [first];
}

/** A bar that leads into another key: its dominant, after its subdominant where there is room. */
export function turnInto(key: Key, beats: number, random: SeededRandom): readonly Chord[] {
  const dominant = chordOf(key, 'V7');
  return beats >= 3
    ? [
        chordOf(
          key,
          random.pick([
            ['IV', 1],
            ['ii7', 1],
          ] as const),
        ),
        dominant,
      ]
    : [dominant];
}

function endingOnDominant(key: Key, before: Chord | undefined, symbol: string, random: SeededRandom): readonly Chord[] {
  const dominant = chordOf(key, symbol);
  if (isApplied(before)) return [chordOf(key, random.pick(following(key, before))), dominant];
  return before?.function === 'subdominant' ? [dominant] : [chordOf(key, random.pick(subdominants(key))), dominant];
}

function following(key: Key, before: Chord | undefined): Weights {
  return FOLLOWS[key.mode][before?.symbol ?? 'I'] ?? (FOLLOWS[key.mode].I as Weights);
}

function subdominants({ mode }: Key): Weights {
  return mode === 'major'
    ? [
        ['IV', 4],
        ['ii', 4],
        ['ii7', 2],
      ]
    : [
        ['IV', 5],
        ['ii7', 2],
        ['ii°', 2],
      ];
}

/** The dominant of another chord than the tonic, which must come next. */
function isApplied(chord: Chord | undefined): boolean {
  return chord?.symbol.includes('/') === true;
}
