import type { Microseconds } from '../../../pipeline/index.js';
import type { Harmony, Part, WrittenNote } from './bar.js';
import type { MoodCharacter, Pattern } from './mood.js';
import type { ScoreNote, ScorePedal } from './score.js';
import type { SeededRandom } from './seeded-random.js';

/** Farthest that a note strays from its beat, either way. */
export const STRAY_US: Microseconds = 18_000;
const STRAY_DEVIATION_US = 6_000;
/** The pedal comes down after the new chord, so that the old one is gone. */
const PEDAL_LATE_US = 90_000;
const SHORTEST_US = 40_000;

const PART_LOUDNESS: Record<Part, number> = { melody: 1, bass: 0.86, chord: 0.76 };
const PEDALLED: ReadonlySet<Pattern> = new Set<Pattern>(['arpeggio', 'waltz', 'chorale', 'tremolo']);

/** A beat to be played. */
export interface BeatToPlay {
  readonly startUs: Microseconds;
  readonly beatUs: Microseconds;
  /** Which beat of the bar it is. */
  readonly beat: number;
  /** Motion on the screen, 0–1. */
  readonly energy: number;
  readonly character: MoodCharacter;
}

/** Plays what is written as a person does: not quite in time, the melody foremost, louder when much moves. */
export class Performer {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** The notes that begin within the beat. */
  play(notes: readonly WrittenNote[], { startUs, beatUs, beat, energy, character }: BeatToPlay): readonly ScoreNote[] {
    const [quiet, loud] = character.loudness;
    const loudness = quiet + (loud - quiet) * Math.min(1, energy * 1.15);
    return notes.map(({ at, beats, midi, part, accent }) => {
      const stray = Math.min(STRAY_US, Math.max(-STRAY_US, this.#random.gaussian() * STRAY_DEVIATION_US));
      const force = (0.12 + 0.8 * loudness) * accent * PART_LOUDNESS[part] + 0.025 * this.#random.gaussian();
      return {
        startUs: Math.round(startUs + (at - beat) * beatUs + stray),
        durationUs: Math.max(SHORTEST_US, Math.round(beats * beatUs)),
        midi,
        velocity: Math.min(127, Math.max(1, Math.round(127 * force))),
        part,
      };
    });
  }

  /** What the foot does at the chords that begin within the beat. */
  pedal(harmonies: readonly Harmony[], pattern: Pattern, { startUs, beatUs, beat }: BeatToPlay): readonly ScorePedal[] {
    return harmonies.flatMap(({ from }) => {
      const atUs = Math.round(startUs + (from - beat) * beatUs);
      const up = { atUs, down: false };
      return PEDALLED.has(pattern) ? [up, { atUs: atUs + PEDAL_LATE_US, down: true }] : [up];
    });
  }
}
