import type { PictureSize } from '../../pipeline/index.js';
import type { TrackedPose } from './pose-meta.js';

/** A place in a picture: right, down; pixels. */
type Place = readonly [x: number, y: number];

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
  const turn = turnToShown(size, rotation);
  if (turn === undefined) return { poses, ...shownSize(size, rotation) };
  return { poses: poses.map((pose) => shownPose(pose, turn)), ...shownSize(size, rotation) };
}

/** Size of a picture as viewers see it. */
export function shownSize({ width, height }: PictureSize, rotation: number): PictureSize {
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height };
}

/** From places in the picture as it is stored to places in it as it is shown; nothing where they are the same. */
export function turnToShown(size: PictureSize, rotation: number): ((place: Place) => Place) | undefined {
  const turn = turns[rotation];
  return turn === undefined ? undefined : (place) => turn(place, size);
}

const turns: Readonly<Record<number, (place: Place, size: PictureSize) => Place>> = {
  90: ([x, y], { height }) => [height - y, x],
  180: ([x, y], { width, height }) => [width - x, height - y],
  270: ([x, y], { width }) => [y, width - x],
};

function shownPose(pose: TrackedPose, turn: (place: Place) => Place): TrackedPose {
  const [x1, y1, x2, y2] = pose.box;
  const [[ax, ay], [bx, by]] = [turn([x1, y1]), turn([x2, y2])];
  return {
    ...pose,
    box: [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)],
    keypoints: pose.keypoints.map(([x, y, score]) => [...turn([x, y]), score] as const),
  };
}
