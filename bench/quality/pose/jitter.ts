import type { TrackedPose } from '../../../operators/pose/pose-meta.js';
import { median } from '../../statistics.js';
import { isWithin, type Stretch } from './film-labels.js';
import type { NamedFrame } from './named-poses.js';

/** Key points less sure than this are not judged. */
export const JUDGED_SCORE = 0.3;

/** How much key points of people who stand tremble. */
export interface Jitter {
  /** Mean length of the second difference p(t+1) − 2 p(t) + p(t−1) from frame to frame, pixels. */
  readonly pixels: number;
  /** The same as part of the person's height (that of their box, its median). */
  readonly ofHeight: number;
}

/** The jitter of those named in stretches in which they stand; `undefined` where nobody does. */
export function jitterOf(frames: readonly NamedFrame[], standing: readonly Stretch[]): Jitter | undefined {
  const values: { readonly pixels: number; readonly ofHeight: number }[] = [];
  for (const stretch of standing) {
    const inside = frames.filter(({ seconds }) => isWithin(stretch, seconds));
    for (const person of new Set(inside.flatMap(({ named }) => [...named.keys()]))) {
      const poses = inside.map(({ named }) => named.get(person));
      const height = median(poses.flatMap((pose) => (pose === undefined ? [] : pose.box[3] - pose.box[1])));
      for (const pixels of secondDifferences(poses)) values.push({ pixels, ofHeight: pixels / height });
    }
  }
  if (values.length === 0) return undefined;
  const mean = (of: keyof Jitter): number => values.reduce((sum, value) => sum + value[of], 0) / values.length;
  return { pixels: mean('pixels'), ofHeight: mean('ofHeight') };
}

/** Of each key point that is sure in three frames one after another, under one id. */
function secondDifferences(poses: readonly (TrackedPose | undefined)[]): number[] {
  return poses.flatMap((here, t) => {
    const [before, after] = [poses[t - 1], poses[t + 1]];
    if (here === undefined || before?.id !== here.id || after?.id !== here.id) return [];
    return here.keypoints.flatMap(([x, y, score], k) => {
      const [a, b] = [before.keypoints[k], after.keypoints[k]];
      if (a === undefined || b === undefined || Math.min(score, a[2], b[2]) < JUDGED_SCORE) return [];
      return Math.hypot(a[0] - 2 * x + b[0], a[1] - 2 * y + b[1]);
    });
  });
}
