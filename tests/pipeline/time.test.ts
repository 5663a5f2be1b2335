import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rationalValue, toMicroseconds, toTicks } from '../../pipeline/time.js';

describe('time', () => {
  it.each([
    [90_000n, { num: 1, den: 90_000 }, 1_000_000],
    [1n, { num: 1, den: 24 }, 41_667],
    [1n, { num: 1001, den: 30_000 }, 33_367],
    [-1n, { num: 1, den: 24 }, -41_667],
    [1n, { num: 1, den: 2_000_000 }, 1],
    [-1n, { num: 1, den: 2_000_000 }, -1],
    [0n, { num: 1, den: 48_000 }, 0],
  ])('%s ticks of %o are %s µs', (ticks, timeBase, us) => {
    expect(toMicroseconds(ticks, timeBase)).toBe(us);
  });

  /** Time bases of 1 µs or coarser: num / den ≥ 1 / 1 000 000. */
  const coarse = fc
    .tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 1_000_000 }))
    .map(([num, den]) => ({ num, den }));
  const ticks = fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n });

  it('gives the same ticks back after a trip through microseconds, for every time base of 1 µs or coarser', () => {
    fc.assert(
      fc.property(ticks, coarse, (t, timeBase) => {
        const us = toMicroseconds(t, timeBase);
        fc.pre(Number.isSafeInteger(us));
        expect(toTicks(us, timeBase)).toBe(t);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the order of times', () => {
    fc.assert(
      fc.property(ticks, ticks, coarse, (a, b, timeBase) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(toMicroseconds(low, timeBase)).toBeLessThanOrEqual(toMicroseconds(high, timeBase));
      }),
    );
  });

  it('takes the value of an unknown fraction for 0', () => {
    expect([
      rationalValue({ num: 16, den: 11 }),
      rationalValue({ num: 0, den: 1 }),
      rationalValue({ num: 0, den: 0 }),
    ]).toEqual([16 / 11, 0, 0]);
  });
});
