import { type FrameMetadata, rounded } from '../../../streams/metadata/metadata-file.js';
import type { PoseMeta, TrackedPose } from '../pose-meta.js';

/** The people of one frame of a film. */
export interface PoseFrame extends PoseMeta {
  /** Number of the picture in its source, from 0. */
  readonly frame: number;
  /** Microseconds on the source's timeline. */
  readonly ptsUs: number;
}

/** A frame for a metadata file. */
export function poseMetadata({ frame, ptsUs, poses }: PoseFrame): FrameMetadata {
  return { frame, ptsUs, poses: poses.map(poseRecord) };
}

/**
 * Three numbers for each of the 17 key points, one after the other. Where the place is not known (no number, or 0, 0 with a score of 0), all three are 0, as COCO
 * marks points that are not there.
 *
 * @param origin What the centre of the first pixel is called, in both directions: 0.5 as everywhere here, 0 where pixels are counted.
 */
export function keypointNumbers({ keypoints }: TrackedPose, origin = 0.5): number[] {
  const shift = origin - 0.5;
  return keypoints.flatMap(([x, y, score]) =>
    Number.isFinite(x + y + score) && (x !== 0 || y !== 0 || score !== 0)
      ? [rounded(x + shift), rounded(y + shift), rounded(score)]
      : [0, 0, 0],
  );
}

function poseRecord(pose: TrackedPose): TrackedPose {
  const numbers = keypointNumbers(pose);
  const keypoints = pose.keypoints.map((_, i) => numbers.slice(3 * i, 3 * i + 3) as [number, number, number]);
  return { ...pose, keypoints };
}
