import { coco17 } from '../../../models/adapters/pose/coco-17.js';
import type { TrackedPose } from '../pose-meta.js';
import { between, type Place } from './geometry.js';

const ankles = [coco17.indexOf('left ankle'), coco17.indexOf('right ankle')] as const;
const hips = [coco17.indexOf('left hip'), coco17.indexOf('right hip')] as const;

/**
 * Where a person's feet are, pixels: midway between the ankles where both are sure; else on the lower edge of the box, below the middle of the hips where both of those
 * are sure (an arm held out moves the middle of the box), else in its middle.
 */
export function standingPlace(pose: TrackedPose, minScore: number): Place {
  const [x1, , x2, y2] = pose.box;
  const [x] = midway(pose, hips, minScore) ?? [(x1 + x2) / 2];
  return midway(pose, ankles, minScore) ?? [x, y2];
}

/** How tall a person appears, pixels: the longer side of the box, so that somebody who lies down does not shrink. */
export function heightOf({ box: [x1, y1, x2, y2] }: TrackedPose): number {
  return Math.max(x2 - x1, y2 - y1);
}

function midway(
  { keypoints }: TrackedPose,
  [left, right]: readonly [left: number, right: number],
  minScore: number,
): Place | undefined {
  const [a, b] = [keypoints[left], keypoints[right]];
  if (a === undefined || b === undefined || Math.min(a[2], b[2]) < minScore) return undefined;
  return between([a[0], a[1]], [b[0], b[1]], 0.5);
}
