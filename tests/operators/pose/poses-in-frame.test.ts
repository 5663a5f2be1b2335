import { describe, expect, it } from 'vitest';
import type { TrackedPose } from '../../../operators/pose/pose-meta.js';
import { posesInFrame } from '../../../operators/pose/poses-in-frame.js';
import { noteAttachedSize } from '../../../pipeline/index.js';

const poses: readonly TrackedPose[] = [
  { id: 4, score: 0.8, box: [10, 20, 30, 60], keypoints: Array.from({ length: 17 }, () => [16, 24, 0.5] as const) },
];

describe('people in a frame that was scaled', () => {
  it('lie where they are in the picture', () => {
    const attached = [...poses];
    noteAttachedSize(attached, { width: 160, height: 120 });
    const [person] = posesInFrame(attached, { width: 320, height: 60 });
    expect(person?.box).toEqual([20, 10, 60, 30]);
    expect(person?.keypoints[3]).toEqual([32, 12, 0.5]);
    expect(person).toMatchObject({ id: 4, score: 0.8 });
  });

  it('stay as they are in one of the size that they were found in', () => {
    const attached = [...poses];
    noteAttachedSize(attached, { width: 160, height: 120 });
    expect(posesInFrame(attached, { width: 160, height: 120 })).toBe(attached);
  });

  it('stay as they are where nobody knows what they were found in', () => {
    expect(posesInFrame(poses, { width: 320, height: 60 })).toBe(poses);
  });
});
