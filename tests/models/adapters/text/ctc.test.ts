import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CtcSteps, greedyCtc } from '../../../../models/adapters/text/ctc.js';
import { beamCtc } from '../../../../models/adapters/text/ctc-beam.js';

const alphabet = { characters: ['', 'a', 'b', ' '], blank: 0 };

/** Probabilities of `''`, `a`, `b` and space at each step. */
function line(...steps: readonly (readonly number[])[]): CtcSteps {
  const ordered = steps.map((step) => step.map((score, label) => ({ score, label })).sort((x, y) => y.score - x.score));
  return {
    steps: steps.length,
    width: 4,
    labels: Int32Array.from(ordered.flat(), ({ label }) => label),
    scores: Float32Array.from(ordered.flat(), ({ score }) => score),
  };
}

const sure = (label: number): number[] => [0, 1, 2, 3].map((i) => (i === label ? 0.97 : 0.01));

/** The likeliest text, over all paths that there are. */
function exhaustive(steps: readonly (readonly number[])[]): Map<string, number> {
  let paths: { labels: number[]; score: number }[] = [{ labels: [], score: 1 }];
  for (const step of steps) {
    paths = paths.flatMap(({ labels, score }) =>
      step.map((p, label) => ({ labels: [...labels, label], score: score * p })),
    );
  }
  const texts = new Map<string, number>();
  for (const { labels, score } of paths) {
    const text = labels.map((l, i) => (l === labels[i - 1] ? '' : (alphabet.characters[l] ?? ''))).join('');
    texts.set(text, (texts.get(text) ?? 0) + score);
  }
  return texts;
}

describe.each([
  ['greedyCtc', greedyCtc],
  ['beamCtc', (steps: CtcSteps, a: typeof alphabet) => beamCtc(steps, a, { beam: 8 })],
] as const)('%s', (_, decode) => {
  it.each([
    ['nothing', [], ''],
    ['blanks', [0, 0, 0], ''],
    ['repetitions as one', [1, 1, 1], 'a'],
    ['repetitions around a blank as two', [1, 0, 1], 'aa'],
    ['spaces', [1, 3, 3, 2], 'a b'],
    ['neighbours without a blank', [1, 2, 1], 'aba'],
  ] as const)('reads %s', (_name, labels, text) => {
    expect(decode(line(...labels.map(sure)), alphabet).text).toBe(text);
  });

  it('gives each character its best step, and the line their mean', () => {
    const read = decode(line([0.1, 0.8, 0.1, 0], [0, 0.9, 0.1, 0], [0.3, 0, 0.7, 0]), alphabet);
    expect(read.characters).toEqual([
      { text: 'a', score: expect.closeTo(0.9, 5) },
      { text: 'b', score: expect.closeTo(0.7, 5) },
    ]);
    expect(read.score).toBeCloseTo(0.8, 5);
  });
});

describe('beamCtc', () => {
  it('adds up paths that spell the same, where the best path alone is another text', () => {
    const steps = [
      [0.55, 0.45, 0, 0],
      [0.55, 0.45, 0, 0],
    ];
    expect(greedyCtc(line(...steps), alphabet).text).toBe('');
    expect(beamCtc(line(...steps), alphabet, { beam: 4 }).text).toBe('a');
  });

  it('finds the likeliest of all texts when its beam is wide', () => {
    const step = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 1, max: 100 }))).map((weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / sum);
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const texts = exhaustive(steps);
        const best = Math.max(...texts.values());
        const { text } = beamCtc(line(...steps), alphabet, { beam: 1000 });
        expect(texts.get(text)).toBeGreaterThanOrEqual(best * (1 - 1e-4));
      }),
    );
  });

  it('reads long lines without losing its probabilities', () => {
    const labels = Array.from({ length: 600 }, (_, i) => [1, 0, 2, 0][i % 4] ?? 0);
    const uncertain = labels.map((label) => [0, 1, 2, 3].map((i) => (i === label ? 0.4 : 0.2)));
    expect(beamCtc(line(...uncertain), alphabet, { beam: 4 }).text).toHaveLength(300);
  });
});
