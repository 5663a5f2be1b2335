import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StepGrid } from '../../../../operators/foley/see/step-grid.js';

const grid = new StepGrid(25);

describe('the steps of the network', () => {
  it.each([
    [0, 0],
    [1999, 0],
    [2001, 1],
    [40_000, 1],
    [40_001, 1],
    [66_733, 2],
    [-40_000, -1],
  ])('shows a picture of %i µs from step %i on', (ptsUs, step) => {
    expect(grid.firstOf(ptsUs)).toBe(step);
  });

  it('shows every picture that stays for a step, within a step', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ptsUs) => {
        const late = grid.timeOf(grid.firstOf(ptsUs)) - ptsUs;
        expect(late).toBeGreaterThanOrEqual(-2000);
        expect(late).toBeLessThan(40_000 - 1999);
        expect(grid.firstOf(ptsUs + 40_000)).toBe(grid.firstOf(ptsUs) + 1);
      }),
    );
  });

  it('knows a picture that comes with a step', () => {
    expect(grid.isAt(1, 40_000)).toBe(true);
    expect(grid.isAt(1, 38_100)).toBe(true);
    expect(grid.isAt(1, 37_000)).toBe(false);
  });
});
