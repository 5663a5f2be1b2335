import { VitascopeError } from '../../../pipeline/index.js';

/** Major, or minor with the sixth and seventh that its chords need. */
export type Mode = 'major' | 'minor';

/** A key: tonic as pitch class (0 is C, 11 is B) and mode. */
export interface Key {
  readonly tonic: number;
  readonly mode: Mode;
}

/** What the option `key` asks for. */
export interface WantedKey {
  readonly tonic?: number;
  readonly mode?: Mode;
}

const NAMES = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const LETTERS: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const SCALES: Record<Mode, readonly number[]> = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10] };

/** Text of the option `key`: `auto`, `C`, `F#`, `Bb minor`. */
export const keyPattern = /^(auto|[A-G][#b]?( (major|minor))?)$/;

/** What a text means; nothing is wanted by `auto`. @throws VitascopeError `OPTION_INVALID` for other texts. */
export function parseKey(text: string): WantedKey {
  if (!keyPattern.test(text)) {
    throw new VitascopeError('OPTION_INVALID', `accompany: key must be auto or like "C", "F# minor", got "${text}"`);
  }
  if (text === 'auto') return {};
  const [name = '', mode] = text.split(' ');
  const letter = LETTERS[name[0] ?? ''] ?? 0;
  const tonic = pitchClass(letter + (name[1] === '#' ? 1 : name[1] === 'b' ? -1 : 0));
  return mode === undefined ? { tonic } : { tonic, mode: mode as Mode };
}

/** `Bb minor`. */
export function keyName({ tonic, mode }: Key): string {
  return `${NAMES[tonic]} ${mode}`;
}

/** 0–11, for negative numbers too. */
export function pitchClass(midi: number): number {
  return ((midi % 12) + 12) % 12;
}

/** The seven pitch classes of a key, from its tonic up; natural minor. */
export function scaleOf({ tonic, mode }: Key): readonly number[] {
  return (SCALES[mode] as readonly number[]).map((step) => pitchClass(tonic + step));
}

/**
 * The tonics that music may well go to from a key, with weights: fifth up and down, the parallel key's relatives, and
 * staying. Which mode it will have there is the mood's affair.
 */
export function nearTonics({ tonic, mode }: Key): readonly (readonly [number, number])[] {
  const relative = mode === 'major' ? -3 : 3;
  return [
    [tonic, 2],
    [pitchClass(tonic + 7), 3],
    [pitchClass(tonic + 5), 3],
    [pitchClass(tonic + relative), 2],
    [pitchClass(tonic + relative + 7), 1],
  ];
}

/** The tone that lies `steps` of the scale above (below, if negative) a tone; a tone outside the scale counts as the one below it. */
export function stepOnScale(midi: number, steps: number, scale: readonly number[]): number {
  const direction = Math.sign(steps);
  let tone = nearestBelow(midi, scale);
  for (let left = Math.abs(steps); left > 0; left--) {
    do tone += direction;
    while (!scale.includes(pitchClass(tone)));
  }
  return tone;
}

/** How many steps of the scale lie between two tones, up positive. */
export function stepsBetween(from: number, to: number, scale: readonly number[]): number {
  const [low, high] = from < to ? [from, to] : [to, from];
  let steps = 0;
  for (let tone = low + 1; tone <= high; tone++) if (scale.includes(pitchClass(tone))) steps++;
  return from < to ? steps : -steps;
}

/** The tone of one of these pitch classes that is nearest; of two equally near ones, the lower. */
export function nearestTone(midi: number, classes: readonly number[]): number {
  for (let distance = 0; distance < 12; distance++) {
    if (classes.includes(pitchClass(midi - distance))) return midi - distance;
    if (classes.includes(pitchClass(midi + distance))) return midi + distance;
  }
  return midi;
}

function nearestBelow(midi: number, scale: readonly number[]): number {
  let tone = midi;
  while (!scale.includes(pitchClass(tone))) tone--;
  return tone;
}
