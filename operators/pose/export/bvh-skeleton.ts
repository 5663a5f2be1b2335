/** A bone of the skeleton: a joint that turns about an axis towards the viewer, and what it points at. */
export interface Bone {
  /** Name of the joint at its beginning. */
  readonly name: string;
  /** Places that it joins. */
  readonly from: Place;
  readonly to: Place;
  /** Where it points at rest, degrees against the clock from the right of the picture. */
  readonly rest: number;
  readonly children: readonly Bone[];
}

/** A key point by its number in `coco17`, or what lies in the middle of two. */
export type Place = number | readonly [number, number];

const [NOSE, LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR] = [0, 1, 2, 3, 4];
const HIPS: Place = [11, 12];
const NECK: Place = [5, 6];

const bone = (name: string, from: Place, to: Place, rest: number, children: readonly Bone[] = []): Bone => ({
  name,
  from,
  to,
  rest,
  children,
});

/** Where the skeleton hangs: its root moves, its bones turn. */
export const ROOT_PLACE: Place = HIPS;

/**
 * The bones that begin at the root, the middle of the hips. A place with several bones has a joint for each, so that each turns by itself; at rest the
 * person faces the viewer with arms held out, their left at the right of the picture.
 */
export const rootBones: readonly Bone[] = [
  bone('Spine', HIPS, NECK, 90, [
    bone('Neck', NECK, NOSE, 90, [
      bone('LeftFace', NOSE, LEFT_EYE, 45, [bone('LeftTemple', LEFT_EYE, LEFT_EAR, 0)]),
      bone('RightFace', NOSE, RIGHT_EYE, 135, [bone('RightTemple', RIGHT_EYE, RIGHT_EAR, 180)]),
    ]),
    bone('LeftShoulder', NECK, 5, 0, [bone('LeftArm', 5, 7, 0, [bone('LeftForeArm', 7, 9, 0)])]),
    bone('RightShoulder', NECK, 6, 180, [bone('RightArm', 6, 8, 180, [bone('RightForeArm', 8, 10, 180)])]),
  ]),
  bone('LeftHip', HIPS, 11, 0, [bone('LeftUpLeg', 11, 13, -90, [bone('LeftLeg', 13, 15, -90)])]),
  bone('RightHip', HIPS, 12, 180, [bone('RightUpLeg', 12, 14, -90, [bone('RightLeg', 14, 16, -90)])]),
];

/** A bone and those under it, in the order that a BVH file has its channels. */
export function inChannelOrder(bones: readonly Bone[]): readonly Bone[] {
  return bones.flatMap((one) => [one, ...inChannelOrder(one.children)]);
}
