import type { Keypoint, TrackedPose } from '../../../../operators/pose/pose-meta.js';

/** Degrees of a limb and of the one after it: 0 points down, 90 to the right, 180 up. */
type Limb = readonly [first: number, second: number];

/** How somebody stands at a moment. Lengths in their own heights; x to the right, y up from the floor. */
export interface Figure {
  readonly hips: readonly [x: number, y: number];
  /** Degrees out of the upright, to the right. */
  readonly lean: number;
  readonly arms: readonly [left: Limb, right: Limb];
  readonly legs: readonly [left: Limb, right: Limb];
  /** 1 for somebody who faces the viewer, 0 for a profile. */
  readonly frontal: number;
}

/** Somebody who moves: how they stand after so many seconds. */
export type Animation = (seconds: number) => Figure;

const [TORSO, HEAD, UPPER_ARM, LOWER_ARM, THIGH, SHIN] = [0.3, 0.13, 0.17, 0.15, 0.245, 0.245];
const HIPS = THIGH + SHIN + 0.04;
const FULL_TURN = 2 * Math.PI;

/** From 0 at a time to 1 at another, softly. */
export function ease(seconds: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (seconds - from) / (to - from)));
  return (1 - Math.cos(Math.PI * share)) / 2;
}

const upright: Figure = {
  hips: [0, HIPS],
  lean: 0,
  arms: [
    [5, 5],
    [-5, -5],
  ],
  legs: [
    [3, 3],
    [-3, -3],
  ],
  frontal: 1,
};

export const standing: Animation = () => upright;

/** Somebody who walks or runs to the right, seen from the side. @param speed Heights a second. */
export function stepping(speed: number, stepsHz: number, swing = 28): Animation {
  return (seconds) => {
    const swung = swing * Math.sin(FULL_TURN * stepsHz * seconds);
    return {
      ...upright,
      hips: [speed * seconds, HIPS - 0.02],
      lean: 5,
      frontal: 0.1,
      legs: [
        [swung, swung - 10],
        [-swung, -swung - 10],
      ],
      arms: [
        [-swung, 30 - swung],
        [swung, 30 + swung],
      ],
    };
  };
}

/** 1.4 m/s for somebody of 1.7 m. */
export const walking = stepping(0.82, 0.9);
/** 3 m/s. */
export const running = stepping(1.76, 1.4, 38);
/** As fast as who runs, without steps. */
export const gliding = stepping(1.76, 0, 0);

/** Topples to the right like a board, one second after the beginning, and stays. @param duration Seconds. */
export function toppling(duration: number, from = 1): Animation {
  return (seconds) => {
    const share = Math.min(1, Math.max(0, (seconds - from) / duration));
    const lean = 85 * share ** 2;
    const [sin, cos] = [Math.sin((lean * Math.PI) / 180), Math.cos((lean * Math.PI) / 180)];
    return {
      ...upright,
      hips: [(THIGH + SHIN) * sin, 0.04 + (THIGH + SHIN) * cos],
      lean,
      frontal: 0.3,
      legs: [
        [-lean, -lean],
        [-lean, -lean],
      ],
      arms: [
        [40, 60],
        [20, 50],
      ],
    };
  };
}

/** Lies for a while after a fall, and gets up. */
export const fallingAndRising: Animation = (seconds) =>
  seconds < 4 ? toppling(0.6)(seconds) : toppling(2)(1 + 2 * (1 - ease(seconds, 4, 6)));

/** Onto a chair, leaning forward on the way. */
export const sittingDown: Animation = (seconds) => {
  const down = ease(seconds, 1, 1.8);
  const thigh = 85 * down;
  return {
    ...upright,
    hips: [-0.15 * down, HIPS - 0.24 * down],
    lean: 40 * Math.sin(Math.PI * down) + 5 * down,
    frontal: 0.2,
    legs: [
      [thigh, 0],
      [thigh, 0],
    ],
  };
};

/** Bends with straight legs, and stays down for more than a second. */
export const pickingUp: Animation = (seconds) => {
  const down = ease(seconds, 1, 1.7) * (1 - ease(seconds, 3.2, 4));
  return {
    ...upright,
    hips: [-0.08 * down, HIPS - 0.03 * down],
    lean: 100 * down,
    frontal: 0.2,
    arms: [
      [10, 5],
      [0, -5],
    ],
  };
};

/** Squats quickly with the torso far forward, and stays. */
export const squatting: Animation = (seconds) => {
  const down = ease(seconds, 1, 1.5);
  return {
    ...upright,
    hips: [-0.1 * down, HIPS - 0.3 * down],
    lean: 62 * down,
    frontal: 0.2,
    legs: [
      [100 * down, -35 * down],
      [100 * down, -35 * down],
    ],
    arms: [
      [20, 10],
      [10, 0],
    ],
  };
};

/** Squats fast, and sinks to the floor from there, two seconds later and slowly. */
export const sinkingDown: Animation = (seconds) =>
  seconds < 3.5 ? squatting(seconds) : blend(squatting(3.5), toppling(0.6)(9), ease(seconds, 3.5, 7));

function blend(from: Figure, to: Figure, share: number): Figure {
  const pairs = (a: readonly number[], b: readonly number[]) =>
    a.map((value, i) => value + ((b[i] ?? value) - value) * share) as unknown as Limb;
  const limbs = (a: Figure['legs'], b: Figure['legs']) => [pairs(a[0], b[0]), pairs(a[1], b[1])] as const;
  const [lean = 0, frontal = 0] = pairs([from.lean, from.frontal], [to.lean, to.frontal]);
  const [arms, legs] = [limbs(from.arms, to.arms), limbs(from.legs, to.legs)];
  return { hips: pairs(from.hips, to.hips), lean, frontal, arms, legs };
}

/** Raises arms one second after the beginning, and lowers them two seconds later. @param degrees To where; 175 is up. */
export function raising(left: number, right: number): Animation {
  return (seconds) => {
    const up = ease(seconds, 1, 1.5) * (1 - ease(seconds, 3.5, 4));
    return {
      ...upright,
      arms: [
        [5 + (left - 5) * up, 5 + (left - 5) * up],
        [-5 - (right - 5) * up, -5 - (right - 5) * up],
      ],
    };
  };
}

/** One a second. */
export const jumpingJacks: Animation = (seconds) => {
  const open = (1 - Math.cos(FULL_TURN * seconds)) / 2;
  return {
    ...upright,
    hips: [0, HIPS + 0.05 * Math.sin(FULL_TURN * seconds) ** 2],
    arms: [
      [5 + 170 * open, 5 + 170 * open],
      [-5 - 170 * open, -5 - 170 * open],
    ],
    legs: [
      [25 * open, 25 * open],
      [-25 * open, -25 * open],
    ],
  };
};

/** How a figure is put into a picture. */
export interface Placing {
  /** Of the person, pixels. */
  readonly height: number;
  /** Where x = 0 on the floor is, pixels. */
  readonly floor: readonly [x: number, y: number];
  readonly id?: number;
  readonly score?: number;
  /** Of a key point, by its number. */
  readonly pointScore?: (keypoint: number) => number;
  readonly ageMs?: number;
}

/** The figure as pose operators have it. */
export function poseOf(figure: Figure, placing: Placing): TrackedPose {
  const { height, floor, id = 1, score = 0.9, pointScore = () => 0.9, ageMs } = placing;
  const places = placesOf(figure).map(([x, y]) => [floor[0] + x * height, floor[1] - y * height] as const);
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const margin = 0.04 * height;
  return {
    id,
    score,
    box: [Math.min(...xs) - margin, Math.min(...ys) - margin, Math.max(...xs) + margin, Math.max(...ys) + margin],
    keypoints: places.map(([x, y], i): Keypoint => [x, y, pointScore(i)]),
    ...(ageMs === undefined ? {} : { ageMs }),
  };
}

type Point = readonly [x: number, y: number];

const along = ([x, y]: Point, degrees: number, length: number): Point => [
  x + length * Math.sin((degrees * Math.PI) / 180),
  y - length * Math.cos((degrees * Math.PI) / 180),
];

/** In the order of `coco17`. The left side of somebody who faces the viewer is at the right. */
function placesOf({ hips, lean, arms, legs, frontal }: Figure): readonly Point[] {
  const shoulders = along(hips, 180 - lean, TORSO);
  const nose = along(shoulders, 180 - lean, HEAD);
  const eyes = along(shoulders, 180 - lean, HEAD + 0.02);
  const beside = ([x, y]: Point, far: number): readonly [Point, Point] => [
    [x + far * frontal, y],
    [x - far * frontal, y],
  ];
  const [leftShoulder, rightShoulder] = beside(shoulders, 0.11);
  const [leftHip, rightHip] = beside(hips, 0.07);
  const chain = (from: Point, [first, second]: Limb, lengths: Limb): readonly [Point, Point] => {
    const middle = along(from, first, lengths[0]);
    return [middle, along(middle, second, lengths[1])];
  };
  const [leftElbow, leftWrist] = chain(leftShoulder, arms[0], [UPPER_ARM, LOWER_ARM]);
  const [rightElbow, rightWrist] = chain(rightShoulder, arms[1], [UPPER_ARM, LOWER_ARM]);
  const [leftKnee, leftAnkle] = chain(leftHip, legs[0], [THIGH, SHIN]);
  const [rightKnee, rightAnkle] = chain(rightHip, legs[1], [THIGH, SHIN]);
  return [
    ...[nose, ...beside(eyes, 0.02), ...beside(nose, 0.05)],
    ...[leftShoulder, rightShoulder, leftElbow, rightElbow, leftWrist, rightWrist],
    ...[leftHip, rightHip, leftKnee, rightKnee, leftAnkle, rightAnkle],
  ];
}

/** Times of frames, microseconds. */
export function timesAt(fps: number, seconds: number): readonly number[] {
  return Array.from({ length: Math.floor(fps * seconds) + 1 }, (_, i) => Math.round((i * 1e6) / fps));
}
