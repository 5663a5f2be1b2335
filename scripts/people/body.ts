import { armFrom, type Heading, type Limb, legFrom, lengths } from './limbs.js';
import { plus, type Vector } from './vector.js';

/** How a body holds itself; radians. All left out: it stands upright and faces the camera, with arms hanging. */
export interface Posture {
  /** 0 faces the camera, π/2 the right of the picture, π away from the camera. */
  readonly yaw?: number;
  /** The whole body to the right of the picture: π/2 lies. */
  readonly roll?: number;
  /** The trunk, to where the body faces. */
  readonly bow?: number;
  /** The head against the trunk, to the right of the picture. */
  readonly headTurn?: number;
  /** How high the person jumps, heights. */
  readonly lift?: number;
  readonly leftArm?: Limb;
  readonly rightArm?: Limb;
  readonly leftLeg?: Limb;
  readonly rightLeg?: Limb;
}

/** Places are in heights of the figure, with 0, 0, 0 on the ground below it. */
export interface Body {
  /** 17, in the order of COCO. */
  readonly joints: readonly Vector[];
  readonly neck: Vector;
  readonly pelvis: Vector;
  readonly head: Vector;
  /** Ends of hands and feet: the person's left, then right. */
  readonly hands: readonly Vector[];
  readonly toes: readonly Vector[];
  /** Directions: along the trunk, to where the head looks, and to its left. */
  readonly up: Vector;
  readonly face: Vector;
  readonly headLeft: Vector;
}

const HANGING: Limb = { side: 0.12 };

/** Where the parts of a body are. */
export function bodyOf(posture: Posture): Body {
  const yaw = posture.yaw ?? 0;
  const heading = headingOf(yaw);
  const { leftLeg = {}, rightLeg = {}, leftArm = HANGING, rightArm = HANGING, bow = 0 } = posture;
  const drop = Math.min(...[leftLeg, rightLeg].map((leg) => legFrom([0, 0, 0], heading, 1, leg).ankle[1]));
  const pelvis: Vector = [0, lengths.ankle - drop, 0];
  const legs = [legFrom(pelvis, heading, 1, leftLeg), legFrom(pelvis, heading, -1, rightLeg)];
  const up = plus([0, Math.cos(bow), 0], heading.forward, Math.sin(bow));
  const neck = plus(pelvis, up, lengths.trunk);
  const arms = [armFrom(neck, heading, 1, leftArm), armFrom(neck, heading, -1, rightArm)];
  const { forward: face, leftward: headLeft } = headingOf(yaw + (posture.headTurn ?? 0));
  const head = plus(plus(neck, up, lengths.head), face, 0.006);
  const body: Body = {
    joints: [
      ...faceJoints(head, up, face, headLeft),
      ...arms.map(({ shoulder }) => shoulder),
      ...arms.map(({ elbow }) => elbow),
      ...arms.map(({ wrist }) => wrist),
      ...legs.map(({ hip }) => hip),
      ...legs.map(({ knee }) => knee),
      ...legs.map(({ ankle }) => ankle),
    ],
    hands: arms.map(({ hand }) => hand),
    toes: legs.map(({ toe }) => toe),
    ...{ neck, pelvis, head, up, face, headLeft },
  };
  return onTheGround(rolled(body, posture.roll ?? 0), posture);
}

function headingOf(yaw: number): Heading {
  return { forward: [Math.sin(yaw), 0, Math.cos(yaw)], leftward: [Math.cos(yaw), 0, -Math.sin(yaw)] };
}

/** Nose, eyes, ears. */
function faceJoints(head: Vector, up: Vector, face: Vector, left: Vector): Vector[] {
  const at = (aside: number, above: number, ahead: number): Vector =>
    plus(plus(plus(head, left, aside), up, above), face, ahead);
  return [
    at(0, -0.012, 0.056),
    at(0.02, 0.008, 0.044),
    at(-0.02, 0.008, 0.044),
    at(0.049, -0.002, 0),
    at(-0.049, -0.002, 0),
  ];
}

function rolled(body: Body, roll: number): Body {
  const [sin, cos] = [Math.sin(roll), Math.cos(roll)];
  const turn = ([x, y, z]: Vector): Vector => [x * cos + y * sin, y * cos - x * sin, z];
  return {
    ...placed(body, turn),
    up: turn(body.up),
    face: turn(body.face),
    headLeft: turn(body.headLeft),
  };
}

/** Half a thickness of the body, so that who lies does not sink into the ground. */
const LYING = 0.07;

function onTheGround(body: Body, { roll = 0, lift = 0 }: Posture): Body {
  const least = LYING * Math.abs(Math.sin(roll)) + lengths.ankle * Math.abs(Math.cos(roll));
  const [wrists, hips] = [9, 11];
  const bearing = [...body.joints.slice(0, wrists - 2), ...body.joints.slice(hips)];
  const rise = Math.max(0, least - Math.min(...bearing.map(([, y]) => y))) + lift;
  return placed(body, (place) => plus(place, [0, rise, 0]));
}

function placed(body: Body, move: (place: Vector) => Vector): Body {
  return {
    ...body,
    joints: body.joints.map(move),
    hands: body.hands.map(move),
    toes: body.toes.map(move),
    neck: move(body.neck),
    pelvis: move(body.pelvis),
    head: move(body.head),
  };
}
