import { describe, expect, it } from 'vitest';
import { planThreads } from '../../models/session-settings.js';

describe('planThreads', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [3, 2, 1],
    [4, 2, 2],
    [8, 4, 2],
    [16, 4, 4],
    [64, 4, 16],
  ])('splits %i cores into %i workers of %i threads', (cores, workers, intraOpThreads) => {
    expect(planThreads({}, cores)).toEqual({ workers, intraOpThreads });
  });

  it('keeps what the caller fixes and fits the rest', () => {
    expect(planThreads({ workers: 1 }, 8)).toEqual({ workers: 1, intraOpThreads: 8 });
    expect(planThreads({ intraOpThreads: 4 }, 8)).toEqual({ workers: 2, intraOpThreads: 4 });
    expect(planThreads({ intraOpThreads: 6 }, 4)).toEqual({ workers: 1, intraOpThreads: 6 });
    expect(planThreads({ workers: 6, intraOpThreads: 3 }, 4)).toEqual({ workers: 6, intraOpThreads: 3 });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d workers', (workers) => {
    expect(() => planThreads({ workers })).toThrow(
      `InferencePool: workers must be an integer of at least 1, got ${workers}`,
    );
  });
});
