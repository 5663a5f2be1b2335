import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../pipeline/mulberry32.js';
import { fitLogistic, heldOutScores, score } from '../../../scripts/serif-weights/regression.js';

const rule = { weights: [3, -0.02], bias: 1 };

/** Values of two sizes, of the class with the probability that the rule says. */
function drawn(count: number, seed: number) {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const values = [4 * random() - 2, 400 * random() - 200];
    return { values, isOfClass: random() < 1 / (1 + Math.exp(-score(rule, values))) };
  });
}

describe('fitLogistic', () => {
  it('finds the weights by which examples were drawn', () => {
    const found = fitLogistic(drawn(20_000, 1));
    expect((found.weights[0] as number) / (found.weights[1] as number)).toBeCloseTo(-150, -1);
    expect(found.weights[0]).toBeGreaterThan(2.4);
    expect(found.weights[0]).toBeLessThan(3.1);
  });

  it('lets both classes count the same', () => {
    const few = [0.2, 0.4, 0.6].map((value) => ({ values: [value], isOfClass: true }));
    const many = Array.from({ length: 300 }, (_, i) => ({ values: [-(0.2 + 0.2 * (i % 3))], isOfClass: false }));
    const found = fitLogistic([...few, ...many]);
    expect(found.bias / (found.weights[0] as number)).toBeCloseTo(0, 6);
  });

  it('stays finite where a line tells classes apart, and where a value is always the same', () => {
    const found = fitLogistic([-2, -1, 1, 2].map((value) => ({ values: [value, 7], isOfClass: value > 0 })));
    expect(found.weights[1]).toBe(0);
    expect(Number.isFinite(score(found, [1, 7]))).toBe(true);
    expect(score(found, [1, 7])).toBeGreaterThan(0);
  });

  it('refuses examples of one class', () => {
    expect(() => fitLogistic([{ values: [1], isOfClass: true }])).toThrow('both classes');
  });
});

describe('heldOutScores', () => {
  it('judges a group by what the others taught', () => {
    const usual = [-2, -1, 1, 2].flatMap((value) =>
      ['a', 'b'].map((group) => ({ values: [value], isOfClass: value > 0, group })),
    );
    const odd = { values: [-1.5], isOfClass: true, group: 'odd' };
    const scores = heldOutScores([...usual, odd]);
    expect(scores[usual.length]).toBeCloseTo(score(fitLogistic(usual), odd.values), 9);
    expect(scores[usual.length]).toBeLessThan(0);
  });

  it('refuses a class of a single group', () => {
    const examples = [-1, 1].map((value) => ({ values: [value], isOfClass: value > 0, group: `${value}` }));
    expect(() => heldOutScores(examples)).toThrow('both classes');
  });
});
