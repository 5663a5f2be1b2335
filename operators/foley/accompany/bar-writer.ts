import type { Harmony, WrittenNote } from './bar.js';
import type { Chord } from './chord.js';
import { melodyOf } from './melody.js';
import type { MoodCharacter, Pattern } from './mood.js';
import type { Motif } from './motif.js';
import { accompanimentOf, finalChord } from './patterns.js';
import type { Key } from './pitch.js';
import { leadVoices, VOICE_RANGES } from './voice-leading.js';

/** A bar to be written. */
export interface BarRequest {
  readonly key: Key;
  /** One or two. */
  readonly chords: readonly Chord[];
  /** Beat of the bar from which to write, and the bar's length in beats. */
  readonly from: number;
  readonly beats: number;
  readonly motif: Motif;
  readonly pattern: Pattern;
  readonly character: MoodCharacter;
  /** Place in the phrase, 0–1. */
  readonly place: number;
  /** True where chords must stand on their roots. */
  readonly firm: boolean;
  readonly final?: boolean;
}

/** A bar in notes. */
export interface Bar {
  readonly beats: number;
  readonly harmonies: readonly Harmony[];
  readonly notes: readonly WrittenNote[];
}

/** Writes bars one after another: chords in four voices, the melody over them, the pattern below. */
export class BarWriter {
  #before: Harmony | undefined;
  #melody: number | undefined;

  /** The chord that was written last. */
  get chord(): Chord | undefined {
    return this.#before?.chord;
  }

  /** Takes back what was written after this chord, which is the one that sounds. */
  returnTo(sounding: Harmony): void {
    this.#before = sounding;
    this.#melody = sounding.voicing[3];
  }

  write(request: BarRequest): Bar {
    const { beats, motif, pattern, character } = request;
    const harmonies = this.#harmonies(request);
    const melody = request.final === true ? heldMelody(harmonies) : melodyOf(motif, harmonies, beats, character);
    const below = harmonies.flatMap((one) =>
      request.final === true ? finalChord(one) : accompanimentOf(pattern, one),
    );
    this.#melody = melody.at(-1)?.midi;
    return { beats, harmonies, notes: [...below, ...melody].sort((a, b) => a.at - b.at) };
  }

  #harmonies({ key, chords, from, beats, character, place, firm }: BarRequest): readonly Harmony[] {
    const middle = from + Math.ceil((beats - from) / 2);
    const starts = chords.length > 1 && middle < beats ? [from, middle] : [from];
    const used = starts.length === 1 ? chords.slice(-1) : chords;
    return starts.map((start, i) => {
      const chord = used[i] as Chord;
      const wish = { soprano: this.#wishedSoprano(character, place), rootInBass: firm };
      const voicing = leadVoices(chord, wish, this.#before?.voicing, this.#before?.chord);
      const harmony = { key, chord, voicing, from: start, to: starts[i + 1] ?? beats };
      this.#before = harmony;
      this.#melody = voicing[3];
      return harmony;
    });
  }

  /** Near the last note of the melody, and on an arch that is highest after two thirds of the phrase. */
  #wishedSoprano({ register }: MoodCharacter, place: number): number {
    const arch = register + 4 * Math.sin(Math.PI * Math.min(1, place * 0.75));
    const [least, most] = VOICE_RANGES[3];
    const wish = this.#melody === undefined ? arch : 0.6 * this.#melody + 0.4 * arch;
    return Math.min(most, Math.max(least, wish));
  }
}

function heldMelody(harmonies: readonly Harmony[]): readonly WrittenNote[] {
  return harmonies.map(({ from, to, voicing }) => ({
    at: from,
    beats: to - from,
    midi: voicing[3],
    part: 'melody',
    accent: 1.05,
  }));
}
