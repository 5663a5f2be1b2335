import type { Alphabet } from './alphabet.js';
import { type CtcSteps, type ReadLine, readLine } from './ctc.js';

/** A beginning of the line, with the probability of all paths that spell it. */
interface Prefix {
  readonly labels: readonly number[];
  /** Of the paths that end in a blank. */
  blank: number;
  /** Of those that end in its last label. */
  label: number;
}

/** Probability of classes that a step does not list. */
const UNLISTED = 1e-9;

/**
 * Reads the likeliest text over all paths that spell it, keeping `beam` beginnings at each step. Each character's score is the largest
 * probability that it has on the likeliest path of that text.
 *
 * @see Hannun et al. 2014, "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", algorithm 1
 */
export function beamCtc(line: CtcSteps, alphabet: Alphabet, beam: number): ReadLine {
  let prefixes: Prefix[] = [{ labels: [], blank: 1, label: 0 }];
  for (let step = 0; step < line.steps; step++) {
    const next = extended(prefixes, line, step, alphabet.blank);
    prefixes = next.sort((a, b) => total(b) - total(a)).slice(0, beam);
    // Only ratios count; without this the product of many steps would vanish.
    const largest = total(prefixes[0] as Prefix) || 1;
    for (const prefix of prefixes) {
      prefix.blank /= largest;
      prefix.label /= largest;
    }
  }
  const labels = prefixes[0]?.labels ?? [];
  const scores = alignedScores(line, labels, alphabet.blank);
  return readLine(labels.map((label, i) => ({ text: alphabet.characters[label] ?? '', score: scores[i] ?? 0 })));
}

function extended(prefixes: readonly Prefix[], line: CtcSteps, step: number, blank: number): Prefix[] {
  const next = new Map<string, Prefix>();
  const at = (labels: readonly number[]): Prefix => {
    const key = labels.join();
    const known = next.get(key);
    if (known !== undefined) return known;
    const made = { labels, blank: 0, label: 0 };
    next.set(key, made);
    return made;
  };
  for (const prefix of prefixes) {
    const last = prefix.labels.at(-1);
    for (let i = step * line.width; i < (step + 1) * line.width; i++) {
      const label = line.labels[i] ?? blank;
      const score = line.scores[i] ?? 0;
      if (label === blank) at(prefix.labels).blank += score * total(prefix);
      else if (label === last) {
        at(prefix.labels).label += score * prefix.label;
        at([...prefix.labels, label]).label += score * prefix.blank;
      } else at([...prefix.labels, label]).label += score * total(prefix);
    }
  }
  return [...next.values()];
}

/** The likeliest path that spells `labels` (Viterbi): for each label the largest probability at the steps that it takes. */
function alignedScores(line: CtcSteps, labels: readonly number[], blank: number): readonly number[] {
  const states = labels.flatMap((label) => [blank, label]).concat(blank);
  const from: Int32Array[] = [];
  let scores = states.map((_, s) => (s < 2 ? 0 : -Infinity));
  for (let step = 0; step < line.steps; step++) {
    const back = new Int32Array(states.length);
    scores = states.map((label, s) => {
      const skips = label !== blank && label !== states[s - 2];
      const sources = step === 0 ? [s] : [s, s - 1, ...(skips ? [s - 2] : [])].filter((source) => source >= 0);
      const source = sources.reduce((best, other) => ((scores[other] ?? 0) > (scores[best] ?? 0) ? other : best));
      back[s] = source;
      return (scores[source] ?? 0) + Math.log(probability(line, step, label));
    });
    from.push(back);
  }
  const best = labels.map(() => 0);
  let state = (scores.at(-2) ?? -Infinity) > (scores.at(-1) ?? -Infinity) ? states.length - 2 : states.length - 1;
  for (let step = line.steps - 1; step >= 0; step--) {
    const i = (state - 1) / 2;
    if (Number.isInteger(i)) best[i] = Math.max(best[i] ?? 0, probability(line, step, states[state] ?? blank));
    state = from[step]?.[state] ?? 0;
  }
  return best;
}

function probability({ width, labels, scores }: CtcSteps, step: number, label: number): number {
  for (let i = step * width; i < (step + 1) * width; i++)
    if (labels[i] === label) return Math.max(UNLISTED, scores[i] ?? 0);
  return UNLISTED;
}

function total({ blank, label }: Prefix): number {
  return blank + label;
}
