import { keypointSimilarity } from '../../../models/adapters/pose/keypoint-spread.js';
import type { FoundPerson } from './found-person.js';
import type { LabelledPerson } from './labelled-people.js';

/**
 * Object keypoint similarity of somebody found with somebody labelled, 0–1. Where no key point is labelled, what lies within twice the labelled box
 * to each side of its middle counts as in place, so that nobody is blamed for finding people in regions that are to be ignored.
 *
 * @see https://cocodataset.org/#keypoints-eval
 */
export function labelSimilarity(label: LabelledPerson, found: FoundPerson): number {
  const points = Array.from({ length: label.keypoints.length / 3 }, (_, i) => i);
  const labelled = points.filter((i) => part(label.keypoints, i, 2) > 0);
  const squaredDistance = labelled.length > 0 ? fromLabel : outsideRegion;
  const counted = labelled.length > 0 ? labelled : points;
  const values = counted.map((i) => keypointSimilarity(i, squaredDistance(label, found, i), label.area));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function fromLabel({ keypoints }: LabelledPerson, found: FoundPerson, i: number): number {
  const dx = part(found.keypoints, i, 0) - part(keypoints, i, 0);
  const dy = part(found.keypoints, i, 1) - part(keypoints, i, 1);
  return dx ** 2 + dy ** 2;
}

function outsideRegion({ bbox: [x, y, width, height] }: LabelledPerson, found: FoundPerson, i: number): number {
  const dx = outside(part(found.keypoints, i, 0), x - width, x + 2 * width);
  const dy = outside(part(found.keypoints, i, 1), y - height, y + 2 * height);
  return dx ** 2 + dy ** 2;
}

function outside(value: number, from: number, to: number): number {
  return Math.max(0, from - value) + Math.max(0, value - to);
}

function part(keypoints: readonly number[], i: number, offset: number): number {
  return keypoints[3 * i + offset] ?? 0;
}
