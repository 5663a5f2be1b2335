import type { Harmony, WrittenNote } from './bar.js';
import type { Pattern } from './mood.js';
import { nearestTone } from './pitch.js';

/** Lowest tone of the left hand, MIDI number: a low E. */
export const LOWEST = 28;

type Layout = (harmony: Harmony, length: number) => readonly WrittenNote[];

/** A chord of a bar for both thumbs and the left hand: its bass and inner voices in the manner of the pattern. The soprano is the melody's. */
export function accompanimentOf(pattern: Pattern, harmony: Harmony): readonly WrittenNote[] {
  const length = harmony.to - harmony.from;
  return layouts[pattern](harmony, length).map((note) => ({ ...note, at: note.at + harmony.from }));
}

/** The last chord of all: full and held. */
export function finalChord(harmony: Harmony): readonly WrittenNote[] {
  const [bass, tenor, alto] = harmony.voicing;
  const beats = harmony.to - harmony.from;
  return [lower(bass), bass, tenor, alto].map((midi, i) => written(0, beats, midi, i < 2 ? 'bass' : 'chord', 1));
}

const layouts: Record<Pattern, Layout> = {
  stride: ({ voicing: [bass, tenor, alto], chord }, length) =>
    beatsOf(length).flatMap((at) => {
      const isBass = at % 2 === 0;
      const fifth = at % 4 === 2 && chord.tones.length > 2;
      if (isBass) return [written(at, 0.8, fifth ? lowFifth(bass, chord.tones) : lower(bass), 'bass', 1)];
      return [tenor, alto].map((midi) => written(at, 0.45, midi, 'chord', 0.72));
    }),
  waltz: ({ voicing: [bass, tenor, alto] }, length) =>
    beatsOf(length).flatMap((at) =>
      at % 3 === 0
        ? [written(at, Math.min(length - at, 2.8), lower(bass), 'bass', 0.95)]
        : [tenor, alto].map((midi) => written(at, 0.6, midi, 'chord', 0.65)),
    ),
  arpeggio: ({ voicing: [bass, tenor, alto] }, length) => {
    const figure = [lower(bass), bass, tenor, alto, tenor, bass];
    return stepsOf(length, 0.5).map((at, i) => {
      const midi = figure[i === 0 ? 0 : 1 + ((i - 1) % 4)] as number;
      return written(at, i === 0 ? length : 1, midi, i === 0 ? 'bass' : 'chord', i === 0 ? 0.95 : 0.6);
    });
  },
  alberti: ({ voicing: [bass, tenor, alto] }, length) => {
    const figure = [bass, alto, tenor, alto];
    return stepsOf(length, 0.5).map((at, i) =>
      written(at, 0.5, figure[i % 4] as number, i % 4 === 0 ? 'bass' : 'chord', i % 4 === 0 ? 0.9 : 0.62),
    );
  },
  tremolo: ({ voicing: [bass, tenor, alto] }, length) => [
    written(0, length, lower(bass), 'bass', 1.05),
    ...stepsOf(length, 0.25).map((at, i) =>
      written(at, 0.3, i % 2 === 0 ? tenor : alto, 'chord', at % 1 === 0 ? 0.75 : 0.6),
    ),
  ],
  ostinato: ({ voicing: [bass, tenor, alto] }, length) => [
    ...stepsOf(length, 0.5).map((at) =>
      written(at, 0.4, at % 1 === 0 ? lower(bass) : bass, 'bass', at % 2 === 0 ? 1 : 0.75),
    ),
    ...[tenor, alto].map((midi) => written(0, length, midi, 'chord', 0.7)),
  ],
  chorale: ({ voicing: [bass, tenor, alto] }, length) => [
    written(0, length, lower(bass), 'bass', 0.8),
    ...beatsOf(length)
      .filter((at) => at % 2 === 0)
      .flatMap((at) => {
        const beats = Math.min(2, length - at);
        return [
          written(at, beats, bass, 'bass', 0.75),
          ...[tenor, alto].map((midi) => written(at, beats, midi, 'chord', 0.7)),
        ];
      }),
  ],
};

function written(at: number, beats: number, midi: number, part: WrittenNote['part'], accent: number): WrittenNote {
  return { at, beats, midi, part, accent };
}

function lower(midi: number): number {
  return midi - 12 >= LOWEST ? midi - 12 : midi;
}

function lowFifth(bass: number, tones: readonly number[]): number {
  const fifth = nearestTone(lower(bass) - 5, [tones[2] as number]);
  return fifth < LOWEST ? fifth + 12 : fifth;
}

function beatsOf(length: number): readonly number[] {
  return stepsOf(length, 1);
}

function stepsOf(length: number, step: number): readonly number[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}
