import { describe, expect, it } from 'vitest';
import { median, medianOfPairs, percentile, slope } from '../../bench/statistics.js';

describe('statistics of benchmarks', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[], Number.NaN],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('a ratio is the median over the rounds, not the ratio of the medians', () => {
    expect(medianOfPairs([1, 4, 30], [1, 2, 10], (a, b) => a / b)).toBe(2);
  });

  it.each([
    [[5, 1, 3, 2, 4], 0.5, 3],
    [[5, 1, 3, 2, 4], 0.95, 4.8],
    [[5, 1, 3, 2, 4], 1, 5],
    [[7], 0.95, 7],
  ])('of %j, a share of %d lies below %d', (values, share, expected) => {
    expect(percentile(values, share)).toBeCloseTo(expected);
  });

  it('knows no share of nothing', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('finds the slope of points on and around a line', () => {
    expect(slope([0, 1, 2].map((x) => ({ x, y: 5 + 3 * x })))).toBeCloseTo(3);
    expect(slope([1, -1, -1, 1].map((off, x) => ({ x, y: 2 * x + off })))).toBeCloseTo(2);
  });
});
