import { describe, expect, it } from 'vitest';
import { SymmetricSystem } from '../../../../operators/text/read/symmetric-system.js';

describe('SymmetricSystem', () => {
  const matrix = Float64Array.of(4, 2, 0, 2, 5, 1, 0, 1, 3);

  it('solves linear equations', () => {
    const x = SymmetricSystem.of(3, matrix)?.solve([8, 15, 11]);
    expect([...(x ?? [])].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2, 3]);
  });

  it('knows how uncertain a sum of the unknowns is', () => {
    const system = SymmetricSystem.of(3, matrix);
    const direction = [1, -2, 0.5];
    const x = system?.solve(direction) ?? [];
    const expected = direction.reduce((sum, value, i) => sum + value * (x[i] ?? 0), 0);
    expect(system?.variance(direction)).toBeCloseTo(expected, 12);
  });

  it('refuses what is not positive definite', () => {
    expect(SymmetricSystem.of(2, Float64Array.of(1, 2, 2, 1))).toBeUndefined();
    expect(SymmetricSystem.of(1, Float64Array.of(Number.NaN))).toBeUndefined();
  });
});
