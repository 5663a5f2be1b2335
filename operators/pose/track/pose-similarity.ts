import { keypointSimilarity } from '../../../models/adapters/pose/keypoint-spread.js';
import type { Box, Keypoint } from '../pose-meta.js';

/** Key points less sure than this are not compared. */
const SURE = 0.2;
/** With fewer key points that are sure in both, poses are not compared. */
const LEAST_COMPARED = 3;

/** Intersection of two boxes over their union, 0–1; 0 where one is empty. */
export function boxOverlap(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const shared = width * height;
  return shared === 0 ? 0 : shared / (boxArea(a) + boxArea(b) - shared);
}

/** Square pixels. */
export function boxArea([x1, y1, x2, y2]: Box): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

/**
 * Object keypoint similarity of two poses over the key points that are sure in both, 0–1; `undefined` where these are too few to tell.
 *
 * @param area of the person, square pixels.
 */
export function poseSimilarity(a: readonly Keypoint[], b: readonly Keypoint[], area: number): number | undefined {
  const values = a.flatMap(([x, y, score], i) => {
    const [otherX, otherY, otherScore] = b[i] ?? [0, 0, 0];
    if (score < SURE || otherScore < SURE) return [];
    return keypointSimilarity(i, (x - otherX) ** 2 + (y - otherY) ** 2, area);
  });
  if (values.length < LEAST_COMPARED) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
