import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import { assign } from '../../../operators/pose/track/assign.js';
import { PoseTracker } from '../../../operators/pose/track/pose-tracker.js';

const FRAME_US = 40_000;

function person(x: number, score = 0.9): PersonPose {
  const keypoints = Array.from({ length: 17 }, (_, i) => [x + (i % 4) * 12, 100 + i * 11, 0.9] as const);
  return { score, box: [x - 10, 90, x + 50, 290], keypoints };
}

function least(costs: readonly (readonly number[])[], row = 0, taken: readonly number[] = []): number {
  if (row === costs.length) return 0;
  return Math.min(
    ...(costs[row] ?? []).map((cost, column) =>
      taken.includes(column) ? Number.POSITIVE_INFINITY : cost + least(costs, row + 1, [...taken, column]),
    ),
  );
}

describe('assign', () => {
  it('finds the least sum, as trying everything does', () => {
    const costs = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 })).chain(([rows, more]) =>
      fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: rows + more, maxLength: rows + more }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    fc.assert(
      fc.property(costs, (table) => {
        const columns = assign(table);
        expect(new Set(columns).size).toBe(table.length);
        expect(columns.reduce<number>((sum, column, row) => sum + (table[row]?.[column as number] ?? 0), 0)).toBe(
          least(table),
        );
      }),
    );
  });
  it('leaves rows out where columns are too few, and takes empty tables', () => {
    expect(assign([[5], [1], [3]])).toEqual([undefined, 0, undefined]);
    expect(assign([])).toEqual([]);
    expect(assign([[], []])).toEqual([undefined, undefined]);
  });
});

describe('PoseTracker', () => {
  const ids = (tracker: PoseTracker, frame: number, ...people: PersonPose[]): number[] =>
    tracker.update(frame * FRAME_US, people).map(({ id }) => id);

  it('keeps the ids of two people who walk past each other', () => {
    const tracker = new PoseTracker();
    for (let i = 0; i < 60; i++) {
      const poses = tracker.update(i * FRAME_US, [person(100 + 6 * i, 0.9), person(460 - 6 * i, 0.8)]);
      expect(poses.map(({ id }) => id)).toEqual([1, 2]);
    }
  });
  it('knows somebody again who was hidden while walking', () => {
    const tracker = new PoseTracker();
    for (let i = 0; i < 20; i++) ids(tracker, i, person(100 + 5 * i));
    for (let i = 20; i < 35; i++) expect(ids(tracker, i)).toEqual([]);
    expect(ids(tracker, 35, person(100 + 5 * 35))).toEqual([1]);
  });
  it('knows somebody again who lowered their arms just before they were hidden', () => {
    const withArms = (width: number): PersonPose => {
      const { keypoints, ...rest } = person(0);
      const spread = keypoints.map(([x, y, score]) => [200 + ((x - 18) * width) / 60, y, score] as const);
      return { ...rest, box: [200 - width / 2, 90, 200 + width / 2, 290], keypoints: spread };
    };
    const tracker = new PoseTracker();
    for (let i = 0; i < 10; i++) ids(tracker, i, withArms(300 - 24 * i));
    for (let i = 10; i < 25; i++) expect(ids(tracker, i)).toEqual([]);
    expect(ids(tracker, 25, withArms(60))).toEqual([1]);
  });
  it('forgets those hidden for too long, and never gives their id again', () => {
    const tracker = new PoseTracker({ maxAgeMs: 200 });
    ids(tracker, 0, person(100));
    for (let i = 1; i < 8; i++) ids(tracker, i);
    expect(tracker.ids.size).toBe(0);
    ids(tracker, 8, person(100));
    expect(ids(tracker, 9, person(100))).toEqual([2]);
  });
  it('counts people of a first picture at once, later ones when found again', () => {
    const tracker = new PoseTracker({ minHits: 2 });
    expect(ids(tracker, 0, person(100))).toEqual([1]);
    expect(ids(tracker, 1, person(100), person(400, 0.8))).toEqual([1]);
    expect(ids(tracker, 2, person(100), person(400, 0.8))).toEqual([1, 2]);
  });
  it('ends all ids at a cut, and when time runs back', () => {
    const tracker = new PoseTracker();
    expect(ids(tracker, 5, person(100))).toEqual([1]);
    tracker.cut();
    expect(ids(tracker, 6, person(100))).toEqual([2]);
    expect(ids(tracker, 1, person(100))).toEqual([3]);
  });
  it('follows no more people than it may', () => {
    const tracker = new PoseTracker({ maxTracks: 10 });
    const crowd = Array.from({ length: 50 }, (_, i) => person(100 * i));
    expect(ids(tracker, 0, ...crowd)).toHaveLength(10);
  });
});
