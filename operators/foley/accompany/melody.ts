import type { Harmony, WrittenNote } from './bar.js';
import { type Chord, scaleOver } from './chord.js';
import type { MoodCharacter } from './mood.js';
import type { Motif } from './motif.js';
import { nearestTone, pitchClass, stepOnScale, stepsBetween } from './pitch.js';

/** Lowest and highest tone of melodies, MIDI numbers. */
export const MELODY_RANGE = [57, 88] as const;

/**
 * A motif over a bar's chords. Each chord begins with its soprano tone, so that the melody keeps the voice leading; other
 * notes follow the motif's steps on the scale of the chord, on beats among the chord's tones, and the last one before
 * another chord of the bar comes near that one's soprano.
 */
export function melodyOf(
  motif: Motif,
  harmonies: readonly Harmony[],
  beats: number,
  character: MoodCharacter,
): readonly WrittenNote[] {
  const onsets = onsetsWithChords(motif, harmonies, beats);
  return onsets.map(({ at, step }, i): WrittenNote => {
    const harmony = harmonies.findLast(({ from }) => from <= at) as Harmony;
    const until = onsets[i + 1]?.at ?? beats;
    const goal = until === harmony.to ? harmonies[harmonies.indexOf(harmony) + 1]?.voicing[3] : undefined;
    const midi = at === harmony.from ? harmony.voicing[3] : passing(harmony, at, step, goal);
    const accent = at === 0 ? 1.08 : at % 1 === 0 ? 1 : 0.92;
    return { at, beats: (until - at) * character.articulation, midi, part: 'melody', accent };
  });
}

/** The motif's onsets within the bar, and one wherever a chord begins; steps count from the note that began the chord. */
function onsetsWithChords(
  motif: Motif,
  harmonies: readonly Harmony[],
  beats: number,
): readonly { at: number; step: number }[] {
  const starts = harmonies.map(({ from }) => from);
  const onsets = [...new Set([...starts, ...motif.onsets.filter((at) => at > (starts[0] ?? 0) && at < beats)])].sort(
    (a, b) => a - b,
  );
  const stepAt = (at: number): number => motif.steps[motif.onsets.findLastIndex((onset) => onset <= at)] ?? 0;
  return onsets.map((at) => ({ at, step: stepAt(at) - stepAt(starts.findLast((start) => start <= at) ?? 0) }));
}

function passing({ key, chord, voicing }: Harmony, at: number, step: number, goal: number | undefined): number {
  const scale = scaleOver(key, chord);
  const wanted = stepOnScale(voicing[3], step, scale);
  const within = inRange(at % 1 === 0 ? nearestTone(wanted, chord.tones) : wanted);
  const near = goal === undefined ? within : towards(goal, within, scale);
  return leavesLeadingWell(inRange(near), goal, chord) ? inRange(near) : nearestTone(inRange(near), others(chord));
}

/** False where the last note before the goal is a leading tone that does not rise into it. */
function leavesLeadingWell(tone: number, goal: number | undefined, { leading }: Chord): boolean {
  return goal === undefined || pitchClass(tone) !== leading || goal === tone || goal === tone + 1;
}

function others({ tones, leading }: Chord): readonly number[] {
  return tones.filter((tone) => tone !== leading);
}

/** The tone itself, or, where it is more than two steps from the goal, the goal's neighbour on its side. */
function towards(goal: number, tone: number, scale: readonly number[]): number {
  const away = stepsBetween(goal, tone, scale);
  if (Math.abs(away) <= 2) return tone;
  return stepOnScale(goal, Math.sign(away), scale);
}

function inRange(tone: number): number {
  if (tone < MELODY_RANGE[0]) return tone + 12;
  return tone > MELODY_RANGE[1] ? tone - 12 : tone;
}
