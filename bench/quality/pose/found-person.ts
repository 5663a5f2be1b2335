import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';

/** A person as a result for COCO states them. */
export interface FoundPerson {
  readonly score: number;
  /** 17 × x, y, score in the order of `coco17`: pixel indices, so that the centre of the first pixel is 0. */
  readonly keypoints: readonly number[];
}

/** Our pose in COCO's terms: there pixels count from their centres, with us from the corner of the picture. */
export function toFoundPerson({ score, keypoints }: Pick<PersonPose, 'score' | 'keypoints'>): FoundPerson {
  return { score, keypoints: keypoints.flatMap(([x, y, sure]) => [x - 0.5, y - 0.5, sure]) };
}

/** Square pixels that the key points span: what the evaluation takes for the size of somebody found. */
export function spannedArea({ keypoints }: FoundPerson): number {
  const xs = keypoints.filter((_, i) => i % 3 === 0);
  const ys = keypoints.filter((_, i) => i % 3 === 1);
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}
