import { describe, expect, it } from 'vitest';
import { inkAmount } from '../../../../operators/text/paint/ink-amount.js';

const [COLUMNS, ROWS] = [60, 20];
const EDGES = [0.12, 0.88] as const;

/** Upright strokes, twelve samples apart. */
function strokes(width: number, strength = 1): Float32Array {
  return Float32Array.from({ length: COLUMNS * ROWS }, (_, at) => ((at % COLUMNS) % 12 < width ? strength : 0));
}

const amount = (coverage: Float32Array): number => inkAmount(coverage, COLUMNS, ROWS, EDGES);

describe('inkAmount', () => {
  it('counts samples under broad strokes', () => {
    expect(amount(strokes(6)) / (COLUMNS * ROWS)).toBeCloseTo(0.5, 1);
  });

  it('does not mind how full thin strokes are', () => {
    expect(amount(strokes(1, 0.5))).toBeCloseTo(amount(strokes(1)), 0);
  });

  it('is larger for bolder strokes, and nothing for none', () => {
    expect(amount(strokes(3))).toBeGreaterThan(1.3 * amount(strokes(2)));
    expect(amount(new Float32Array(COLUMNS * ROWS))).toBe(0);
  });
});
