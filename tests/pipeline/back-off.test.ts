import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../pipeline/back-off.js';

describe('backOffMs', () => {
  it('doubles up to a limit', () => {
    const waits = [1, 2, 3, 7, 8, 5000].map((attempt) => backOffMs(attempt, {}, () => 0));
    expect(waits).toEqual([500, 1000, 2000, 30_000, 30_000, 30_000]);
  });

  it('is shorter by chance, so that many do not come back at once', () => {
    expect(backOffMs(1, { jitter: 0.5 }, () => 1)).toBe(250);
    expect(backOffMs(1, { firstMs: 1000, jitter: 0.25 }, () => 0.5)).toBe(875);
    expect(backOffMs(4, { jitter: 0 }, () => 1)).toBe(4000);
  });
});
