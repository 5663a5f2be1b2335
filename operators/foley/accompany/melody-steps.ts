import type { SeededRandom } from './seeded-random.js';
import { tunes } from './tunes.js';

/** Steps that the model knows: up to a fifth either way. */
const WIDEST = 4;
const COUNT = 2 * WIDEST + 1;
/** What is added to every count, so that nothing is impossible. */
const UNHEARD = 0.15;

/** `[step before][step]`: how often a step of the scale follows another in {@link tunes}. A Markov chain of the first order. */
const transitions = learn();

/** The step of the scale that follows `before`: −4 to 4. @param calm 0–1: how much small steps are preferred. */
export function nextStep(before: number, calm: number, random: SeededRandom): number {
  const row = transitions[clampStep(before) + WIDEST] as readonly number[];
  return random.pick(
    row.map((count, index) => {
      const step = index - WIDEST;
      // Repeated tones carry words in songs; without words they are only dull.
      const repeated = step === 0 ? 0.3 : 1;
      return [step, count * repeated * Math.exp(-calm * 0.35 * Math.abs(step))] as const;
    }),
  );
}

function learn(): readonly (readonly number[])[] {
  const counts = Array.from({ length: COUNT }, () => new Array<number>(COUNT).fill(UNHEARD));
  for (const tune of Object.values(tunes)) {
    const steps = tune.slice(1).map((tone, i) => clampStep(tone - (tune[i] as number)));
    for (const [i, step] of steps.slice(1).entries()) {
      const row = counts[(steps[i] as number) + WIDEST] as number[];
      row[step + WIDEST] = (row[step + WIDEST] as number) + 1;
    }
  }
  return counts;
}

function clampStep(step: number): number {
  return Math.min(WIDEST, Math.max(-WIDEST, step));
}
