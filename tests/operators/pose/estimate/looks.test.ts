import { describe, expect, it } from 'vitest';
import type { PersonPose } from '../../../../models/adapters/pose/pose-estimator.js';
import { PoseTracker } from '../../../../operators/pose/track/pose-tracker.js';
import { seen } from './fake-estimator.js';

const FRAME_US = 40_000;
const ann = Float32Array.of(1, 0);
const bob = Float32Array.of(0, 1);
const at = (x: number): PersonPose => seen([x, 20, 60]);

/** Ids by the left edge of the box. */
function ids(tracker: PoseTracker, index: number, ...people: readonly (readonly [number, Float32Array])[]) {
  const poses = tracker.update(
    index * FRAME_US,
    people.map(([x]) => at(x)),
    people.map(([, looks]) => looks),
  );
  return Object.fromEntries(poses.map(({ id, box }) => [box[0], id]));
}

describe('looks', () => {
  it('tell two people apart who changed places where nobody saw it', () => {
    for (const [appearanceWeight, annsId] of [
      [0, 1],
      [0.9, 2],
    ] as const) {
      const tracker = new PoseTracker({ appearanceWeight });
      for (let i = 0; i < 5; i++) expect(ids(tracker, i, [100, ann], [130, bob])).toEqual({ 100: 1, 130: 2 });
      expect(ids(tracker, 10, [100, bob], [130, ann])[100]).toBe(annsId);
    }
  });

  it('do not make somebody of a person who stands elsewhere, however alike', () => {
    const tracker = new PoseTracker({ minSimilarity: 0.2, minHits: 1 });
    ids(tracker, 0, [100, ann]);
    expect(ids(tracker, 1, [145, ann])).toEqual({ 145: 2 });
  });
});
