import type { CtcSteps } from './ctc.js';

/** Probability of classes that a step does not list. */
const UNLISTED = 1e-9;

/** The likeliest path that spells `labels` (Viterbi): for each label the largest probability at the steps that it takes. */
export function alignedScores(line: CtcSteps, labels: readonly number[], blank: number): readonly number[] {
  const states = labels.flatMap((label) => [blank, label]).concat(blank);
  const from: Int32Array[] = [];
  let scores = Float64Array.from(states, (_, s) => (s < 2 ? 0 : -Infinity));
  for (let step = 0; step < line.steps; step++) {
    const listed = logarithms(line, step);
    const back = new Int32Array(states.length);
    const next = new Float64Array(states.length);
    for (let s = 0; s < states.length; s++) {
      const label = states[s] ?? blank;
      let source = s;
      if (step > 0) {
        if (s > 0 && at(scores, s - 1) > at(scores, source)) source = s - 1;
        const skips = s > 1 && label !== blank && label !== states[s - 2];
        if (skips && at(scores, s - 2) > at(scores, source)) source = s - 2;
      }
      back[s] = source;
      next[s] = at(scores, source) + (listed.get(label) ?? Math.log(UNLISTED));
    }
    scores = next;
    from.push(back);
  }
  const read = labels.map(() => 0);
  let state = at(scores, states.length - 2) > at(scores, states.length - 1) ? states.length - 2 : states.length - 1;
  for (let step = line.steps - 1; step >= 0; step--) {
    const i = (state - 1) / 2;
    if (Number.isInteger(i)) read[i] = Math.max(read[i] ?? 0, probability(line, step, states[state] ?? blank));
    state = from[step]?.[state] ?? 0;
  }
  return read;
}

/** Logarithms of the probabilities that a step lists, by label. */
function logarithms({ width, labels, scores }: CtcSteps, step: number): Map<number, number> {
  const listed = new Map<number, number>();
  for (let i = step * width; i < (step + 1) * width; i++) {
    listed.set(labels[i] ?? 0, Math.log(Math.max(UNLISTED, scores[i] ?? 0)));
  }
  return listed;
}

function probability({ width, labels, scores }: CtcSteps, step: number, label: number): number {
  for (let i = step * width; i < (step + 1) * width; i++)
    if (labels[i] === label) return Math.max(UNLISTED, scores[i] ?? 0);
  return UNLISTED;
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? -Infinity;
}
