import { type PictureSize, type Place, shownPlace, shownSize, turnedBox } from '../../pipeline/index.js';
import type { TrackedPose } from './pose-meta.js';

/** People in a picture as viewers see it, and its size, pixels. */
export interface ShownPoses extends PictureSize {
  readonly poses: readonly TrackedPose[];
}

/**
 * Turns people as the picture is turned to be shown: up and down are those of viewers then.
 *
 * @param size Of the picture as it is stored, which places of poses refer to, pixels.
 * @param rotation Degrees clockwise by which it is shown: 0, 90, 180 or 270.
 */
export function shownPoses(poses: readonly TrackedPose[], size: PictureSize, rotation: number): ShownPoses {
  const shown = rotation === 0 ? poses : poses.map((pose) => shownPose(pose, size, rotation));
  return { poses: shown, ...shownSize(size, rotation) };
}

function shownPose(pose: TrackedPose, size: PictureSize, rotation: number): TrackedPose {
  const turn = (place: Place): Place => shownPlace(place, size, rotation);
  return {
    ...pose,
    box: turnedBox(pose.box, turn),
    keypoints: pose.keypoints.map(([x, y, score]) => [...turn([x, y]), score] as const),
  };
}
