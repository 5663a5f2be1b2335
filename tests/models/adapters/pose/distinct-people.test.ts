import { describe, expect, it } from 'vitest';
import { distinctPeople } from '../../../../models/adapters/pose/distinct-people.js';
import type { PersonPose } from '../../../../models/adapters/pose/pose-estimator.js';

/** Somebody 60 pixels wide and 160 high, whose key points go down their middle. */
function personAt(x: number, score: number): PersonPose {
  return {
    score,
    box: [x - 30, 20, x + 30, 180],
    keypoints: Array.from({ length: 17 }, (_, i) => [x, 25 + 9 * i, 0.8] as const),
  };
}

describe('people in several boxes', () => {
  it('are one where they stand alike in one place, and the better one stays', () => {
    expect(distinctPeople([personAt(102, 0.5), personAt(100, 0.9)])).toEqual([personAt(100, 0.9)]);
  });

  it('are several where they stand beside each other, best first', () => {
    const people = [personAt(60, 0.4), personAt(110, 0.8)];
    expect(distinctPeople(people).map(({ score }) => score)).toEqual([0.8, 0.4]);
  });

  it('are nobody where there is nobody', () => {
    expect(distinctPeople([])).toEqual([]);
  });
});
