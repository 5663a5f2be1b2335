import { nextStep } from './melody-steps.js';
import type { MoodCharacter } from './mood.js';
import type { SeededRandom } from './seeded-random.js';

/** A bar's worth of melody without its chord: when notes begin, and by how many steps of the scale each lies above the first. */
export interface Motif {
  /** Beats of the bar at which notes begin; the first is 0. */
  readonly onsets: readonly number[];
  /** Steps of the scale from the first note, one for each onset; the first is 0. */
  readonly steps: readonly number[];
}

/** Farthest that a motif strays from its first note, in steps of the scale. */
const WIDEST = 5;

/** A new motif for a bar of this many beats. */
export function newMotif(beats: number, character: MoodCharacter, random: SeededRandom): Motif {
  const onsets = newRhythm(beats, character, random);
  const steps = [0];
  let last = 0;
  for (let i = 1; i < onsets.length; i++) {
    last = nextStep(last, character.smoothness, random);
    const from = steps[i - 1] as number;
    steps.push(Math.abs(from + last) > WIDEST ? from - last : from + last);
  }
  return { onsets, steps };
}

/** The motif made recognisably different: upside down, its end anew, or its rhythm thinned. */
export function varied(motif: Motif, beats: number, character: MoodCharacter, random: SeededRandom): Motif {
  const way = random.pick([
    ['inverted', 2],
    ['ending', 4],
    ['thinned', 1],
    ['same', 2],
  ] as const);
  if (way === 'inverted') return { onsets: motif.onsets, steps: motif.steps.map((step) => -step) };
  if (way === 'thinned') return restricted(motif, (onset, i) => i === 0 || onset % 1 === 0);
  if (way === 'same') return motif;
  const other = newMotif(beats, character, random);
  const half = Math.ceil(beats / 2);
  const head = restricted(motif, (onset) => onset < half);
  const tail = restricted(other, (onset) => onset >= half);
  return { onsets: [...head.onsets, ...tail.onsets], steps: [...head.steps, ...tail.steps] };
}

/** A motif that comes to rest: one note, or two steps into a long one. */
export function resting(beats: number, random: SeededRandom): Motif {
  return beats >= 3 && random.chance(0.3) ? { onsets: [0, 1], steps: [0, 0] } : { onsets: [0], steps: [0] };
}

function newRhythm(beats: number, { rhythms }: MoodCharacter, random: SeededRandom): readonly number[] {
  const onsets: number[] = [];
  let at = 0;
  while (at < beats) {
    const cell = random.pick(rhythms);
    if (at + cell.reduce((sum, length) => sum + length, 0) > beats) {
      onsets.push(at);
      at++;
      continue;
    }
    for (const length of cell) {
      onsets.push(at);
      at += length;
    }
  }
  return onsets;
}

function restricted(motif: Motif, keep: (onset: number, index: number) => boolean): Motif {
  const kept = motif.onsets.flatMap((onset, i) => (keep(onset, i) ? [i] : []));
  return {
    onsets: kept.map((i) => motif.onsets[i] as number),
    steps: kept.map((i) => motif.steps[i] as number),
  };
}
