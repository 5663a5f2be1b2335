import { type Bone, inChannelOrder, ROOT_PLACE, rootBones } from './bvh-skeleton.js';
import type { PersonMotion, Point } from './person-motion.js';
import { fillGaps, halfTurn, median, unwrapped } from './series.js';

const DEGREES = 180 / Math.PI;

/** What a BVH file says of a film. */
export interface BvhFilm {
  /** Rows of the picture. */
  readonly height: number;
  /** Time from one frame to the next. */
  readonly frameSeconds: number;
}

/**
 * A person's motion as BVH: a skeleton in the plane of the picture, y upwards from its lower edge, one unit a pixel. Bones have their median length and
 * turn about z; that a limb looks shorter when it points at the viewer is lost. What was not seen is bridged, or stays at rest.
 *
 * @see Meredith and Maddock, Motion Capture File Formats Explained, 2001
 */
export function* bvhLines(motion: PersonMotion, film: BvhFilm): Generator<string> {
  const bones = inChannelOrder(rootBones);
  const directions = new Map(bones.map((bone) => [bone, boneDirections(motion, bone)]));
  yield* ['HIERARCHY', 'ROOT Hips', '{', '  OFFSET 0 0 0', '  CHANNELS 3 Xposition Yposition Zrotation'];
  for (const bone of rootBones) yield* jointLines(bone, '0 0 0', motion, '  ');
  yield* ['}', 'MOTION', `Frames: ${motion.length}`, `Frame Time: ${film.frameSeconds.toFixed(6)}`];
  const [xs, ys] = rootPath(motion, film.height);
  const turns = rotations(rootBones, directions, undefined);
  for (let row = 0; row < motion.length; row++) {
    const values = [xs[row], ys[row], 0, ...bones.map((bone) => turns.get(bone)?.[row])];
    yield values.map((value) => number(value ?? 0)).join(' ');
  }
}

function* jointLines(bone: Bone, offset: string, motion: PersonMotion, indent: string): Generator<string> {
  const inner = `${indent}  `;
  yield* [`${indent}JOINT ${bone.name}`, `${indent}{`, `${inner}OFFSET ${offset}`, `${inner}CHANNELS 1 Zrotation`];
  const end = restOffset(bone, motion);
  if (bone.children.length === 0) {
    yield* [`${inner}End Site`, `${inner}{`, `${inner}  OFFSET ${end}`, `${inner}}`];
  }
  for (const child of bone.children) yield* jointLines(child, end, motion, inner);
  yield `${indent}}`;
}

/** From the joint of a bone to those of its children, at rest. */
function restOffset(bone: Bone, motion: PersonMotion): string {
  const lengths = rows(motion).map((row) => {
    const [dx, dy] = span(motion, row, bone) ?? [Number.NaN, Number.NaN];
    return Math.hypot(dx, dy);
  });
  const length = median(lengths) ?? 0;
  return `${number(length * Math.cos(bone.rest / DEGREES))} ${number(length * Math.sin(bone.rest / DEGREES))} 0`;
}

/** Where a bone points in each row, degrees; a bone never seen points as at rest. */
function boneDirections(motion: PersonMotion, bone: Bone): readonly number[] {
  const seen = rows(motion).map((row) => {
    const [dx, dy] = span(motion, row, bone) ?? [Number.NaN, Number.NaN];
    return Math.atan2(-dy, dx) * DEGREES;
  });
  return fillGaps(unwrapped(seen), bone.rest);
}

/** How far each joint is turned against the one that it hangs on. */
function rotations(
  bones: readonly Bone[],
  directions: ReadonlyMap<Bone, readonly number[]>,
  parent: readonly number[] | undefined,
): ReadonlyMap<Bone, readonly number[]> {
  return new Map(
    bones.flatMap((bone) => {
      const turned = (directions.get(bone) ?? []).map((direction) => direction - bone.rest);
      const own = unwrapped(turned.map((angle, row) => halfTurn(angle - (parent?.[row] ?? 0))));
      return [[bone, own] as const, ...rotations(bone.children, directions, turned)];
    }),
  );
}

/** Where the root is in each row, y upwards. */
function rootPath(motion: PersonMotion, height: number): readonly [readonly number[], readonly number[]] {
  const places = rows(motion).map((row) => motion.at(row, ROOT_PLACE));
  return [
    fillGaps(
      places.map((place) => place?.[0] ?? Number.NaN),
      0,
    ),
    fillGaps(
      places.map((place) => (place === undefined ? Number.NaN : height - place[1])),
      0,
    ),
  ];
}

function span(motion: PersonMotion, row: number, { from, to }: Bone): Point | undefined {
  const [a, b] = [motion.at(row, from), motion.at(row, to)];
  return a && b && [b[0] - a[0], b[1] - a[1]];
}

function rows({ length }: PersonMotion): readonly number[] {
  return Array.from({ length }, (_, row) => row);
}

function number(value: number): string {
  // `-0.0000` would be a zero of its own for programs that compare files.
  return (Math.round(value * 1e4) / 1e4 + 0).toString();
}
