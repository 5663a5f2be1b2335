import { median } from '../../statistics.js';
import type { HeardClip } from './heard-clips.js';
import { OnsetScore } from './onset-score.js';

/** Steps of motion energy a second. */
const RATE = 25;
/** Within so many steps a peak is the highest. */
const GAP = 3;

/** Onsets of a clip, seconds, by something that knows no network. */
export type OnsetGuess = (clip: Pick<HeardClip, 'motion' | 'seconds'>) => readonly number[];

/** A way to guess, with all settings that it may be given. */
export interface OnsetBaseline {
  readonly name: string;
  readonly settings: readonly { readonly words: string; readonly guess: OnsetGuess }[];
}

/** Numbers from one to another, the last left out. */
function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step - 1e-9) }, (_, i) => from + i * step);
}

/** Predictors that know nothing of sound; their settings are those that `models/training/foley/evaluate.py` tries. */
export const onsetBaselines: readonly OnsetBaseline[] = [
  {
    name: 'peaks of motion energy',
    settings: [0.5, 1, 1.5, 2, 3, 4, 6, 8].flatMap((deviations) =>
      [-2, -1, 0, 1, 2, 3].map((delay) => ({
        words: `above ${deviations} deviations, ${40 * delay} ms later`,
        guess: ({ motion }) => motionOnsets(motion, deviations, delay),
      })),
    ),
  },
  {
    name: 'a clock',
    settings: range(0.2, 2, 0.05).flatMap((period) =>
      [0, 0.25, 0.5, 0.75].map((phase) => ({
        words: `every ${period.toFixed(2)} s from ${(phase * period).toFixed(2)} s`,
        guess: ({ seconds }) => range(phase * period, seconds, period),
      })),
    ),
  },
  { name: 'silence', settings: [{ words: '', guess: () => [] }] },
];

/** The setting of the best F1 on some clips. */
export function chooseSetting(
  { settings }: OnsetBaseline,
  clips: readonly HeardClip[],
): OnsetBaseline['settings'][number] {
  const scores = settings.map(({ guess }) => scoreOf(clips, guess).f1);
  return settings[scores.indexOf(Math.max(...scores))] as OnsetBaseline['settings'][number];
}

/** How well some clips are guessed. */
export function scoreOf(clips: readonly HeardClip[], guess: (clip: HeardClip) => readonly number[]): OnsetScore {
  const score = new OnsetScore();
  for (const clip of clips) score.add(guess(clip), clip.onsets);
  return score;
}

/** Peaks of motion energy, so many deviations above its median; so many steps later, as arms are fastest before they hit. */
export function motionOnsets(energy: readonly number[], deviations: number, delay: number): readonly number[] {
  const middle = median(energy);
  const spread = median(energy.map((value) => Math.abs(value - middle))) + 1e-6;
  const scaled = energy.map((value) => (value - middle) / spread);
  return peaks(scaled, deviations).map((step) => (step + delay) / RATE);
}

/** Steps that are above a threshold and the highest within three steps to both sides. */
export function peaks(values: readonly number[], threshold: number): readonly number[] {
  return values.flatMap((value, step) => {
    const around = values.slice(Math.max(0, step - GAP), step + GAP + 1);
    return value > threshold && around.every((other) => value >= other) ? [step] : [];
  });
}
