import { VitascopeError } from '../../../pipeline/errors.js';
import { type Box, clipBox } from '../picture/crop-stage.js';
import type { Size } from '../picture/letterbox.js';
import { DEFAULT_MAX_PEOPLE, type EstimateOptions, type Keypoint, type PersonPose } from './pose-estimator.js';

/** Key points less sure than this do not count when their extent is measured, unless all are. */
const SURE = 0.2;

/** The box that key points span, clipped to the picture; the whole picture when they lie outside. */
export function boxOfKeypoints(keypoints: readonly Keypoint[], picture: Size): Box {
  const sure = keypoints.filter(([, , score]) => score >= SURE);
  const counted = sure.length > 0 ? sure : keypoints;
  const xs = counted.map(([x]) => x);
  const ys = counted.map(([, y]) => y);
  const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return clipBox(box, picture) ?? [0, 0, picture.width, picture.height];
}

/** Mean score of the key points. */
export function meanScore(keypoints: readonly Keypoint[]): number {
  return keypoints.reduce((sum, [, , score]) => sum + score, 0) / Math.max(1, keypoints.length);
}

/** The best people of those that are good enough. */
export function bestPeople(people: readonly PersonPose[], limits: EstimateLimits): readonly PersonPose[] {
  return people
    .filter(({ score }) => score >= limits.score)
    .sort((a, b) => b.score - a.score)
    .slice(0, limits.maxPeople);
}

/** How many people, and how good. */
export interface EstimateLimits {
  readonly score: number;
  readonly maxPeople: number;
}

/** Options with their defaults. @throws VitascopeError `OPTION_INVALID` */
export function estimateLimits(
  { score, maxPeople = DEFAULT_MAX_PEOPLE }: EstimateOptions,
  modelScore: number,
): EstimateLimits {
  const wrong = (name: string, expected: string, got: number): VitascopeError =>
    new VitascopeError('OPTION_INVALID', `estimate: ${name} must be ${expected}, got ${got}`, {
      context: { [name]: got },
    });
  const least = score ?? modelScore;
  if (!(least >= 0 && least <= 1)) throw wrong('score', 'between 0 and 1', least);
  if (!Number.isInteger(maxPeople) || maxPeople < 1) throw wrong('maxPeople', 'an integer of at least 1', maxPeople);
  return { score: least, maxPeople };
}
