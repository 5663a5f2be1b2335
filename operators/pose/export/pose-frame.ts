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

/** Three numbers for each of the 17 key points, one after the other. Where a place is no number, all three are 0, as COCO marks points that are not there. */
export function keypointNumbers({ keypoints }: TrackedPose): number[] {
  return keypoints.flatMap(([x, y, score]) =>
    Number.isFinite(x + y + score) ? [rounded(x), rounded(y), rounded(score)] : [0, 0, 0],
  );
}

function poseRecord(pose: TrackedPose): TrackedPose {
  const numbers = keypointNumbers(pose);
  const keypoints = pose.keypoints.map((_, i) => numbers.slice(3 * i, 3 * i + 3) as [number, number, number]);
  return { ...pose, keypoints };
}
