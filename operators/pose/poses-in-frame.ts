import { attachedSize, type PictureSize } from '../../pipeline/index.js';
import type { TrackedPose } from './pose-meta.js';

/** People as they lie in a frame that may have been scaled since they were found. They must be the very array that was attached. */
export function posesInFrame(poses: readonly TrackedPose[], frame: PictureSize): readonly TrackedPose[] {
  const found = attachedSize(poses);
  if (found === undefined || (found.width === frame.width && found.height === frame.height)) return poses;
  const [scaleX, scaleY] = [frame.width / found.width, frame.height / found.height];
  return poses.map((pose) => ({
    ...pose,
    box: [pose.box[0] * scaleX, pose.box[1] * scaleY, pose.box[2] * scaleX, pose.box[3] * scaleY],
    keypoints: pose.keypoints.map(([x, y, score]) => [x * scaleX, y * scaleY, score] as const),
  }));
}
