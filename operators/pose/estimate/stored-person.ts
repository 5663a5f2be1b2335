import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import { type Place, storedPlace, turnedBox, type VideoFrame } from '../../../pipeline/index.js';
import type { Keypoint } from '../pose-meta.js';

/** Somebody in a frame as it is shown → in the frame as it is stored. */
export function storedPerson({ score, box, keypoints }: PersonPose, frame: VideoFrame): PersonPose {
  const turn = (place: Place): Place => storedPlace(place, frame, frame.rotation);
  return {
    score,
    box: turnedBox(box, turn),
    keypoints: keypoints.map(([x, y, sure]): Keypoint => [...turn([x, y]), sure]),
  };
}
