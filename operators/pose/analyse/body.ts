import { coco17 } from '../../../models/adapters/pose/coco-17.js';
import type { Keypoint, TrackedPose } from '../pose-meta.js';
import type { Place } from './geometry.js';

type KeypointName = (typeof coco17)[number];

/** A place, and how sure it is, 0–1. */
export interface SurePlace {
  readonly place: Place;
  readonly score: number;
}

/** What rules look at: places in square pixels, y downwards; only sure key points. */
export interface Body {
  /** Middle of the hips. */
  readonly hips: Place;
  /** From the middle of the hips to that of the shoulders. */
  readonly torso: number;
  /** Degrees by which the torso leans out of the upright, 0–180. */
  readonly lean: number;
  /** Mean score of the shoulders and hips. */
  readonly torsoScore: number;
  /** Mean of nose and eyes; of the ears where those are unsure. */
  readonly face: SurePlace | undefined;
  /** Of those that are sure. */
  readonly wrists: readonly SurePlace[];
  /** Ankles, left and right; knees where ankles are unsure. */
  readonly legs: readonly [left: SurePlace, right: SurePlace] | undefined;
  /** Width of the box by its height. */
  readonly aspect: number;
}

/**
 * Measures a person; nothing where no side of the torso is sure.
 *
 * @param pixelAspect Width of a pixel by its height.
 */
export function measureBody({ keypoints, box }: TrackedPose, minScore: number, pixelAspect: number): Body | undefined {
  const at = (name: KeypointName): SurePlace | undefined =>
    sure(keypoints[coco17.indexOf(name)], minScore, pixelAspect);
  const sides = [
    [at('left shoulder'), at('left hip')],
    [at('right shoulder'), at('right hip')],
  ] as const;
  const whole = sides.filter(isWhole);
  if (whole.length === 0) return undefined;
  const shoulders = mean(whole.map(([shoulder]) => shoulder));
  const hips = mean(whole.map(([, hip]) => hip));
  const [dx, dy] = [shoulders.place[0] - hips.place[0], hips.place[1] - shoulders.place[1]];
  const [x1, y1, x2, y2] = box;
  return {
    hips: hips.place,
    torso: Math.hypot(dx, dy),
    lean: (Math.atan2(Math.abs(dx), dy) * 180) / Math.PI,
    torsoScore: (shoulders.score + hips.score) / 2,
    face: meanOf(at('nose'), at('left eye'), at('right eye')) ?? meanOf(at('left ear'), at('right ear')),
    wrists: [at('left wrist'), at('right wrist')].filter(isSure),
    legs: both(at('left ankle'), at('right ankle')) ?? both(at('left knee'), at('right knee')),
    aspect: ((x2 - x1) * pixelAspect) / Math.max(1e-6, y2 - y1),
  };
}

function sure(keypoint: Keypoint | undefined, minScore: number, pixelAspect: number): SurePlace | undefined {
  if (keypoint === undefined) return undefined;
  const [x, y, score] = keypoint;
  return score >= minScore ? { place: [x * pixelAspect, y], score } : undefined;
}

function mean(all: readonly SurePlace[]): SurePlace {
  const of = (value: (each: SurePlace) => number): number =>
    all.reduce((sum, each) => sum + value(each), 0) / all.length;
  return { place: [of(({ place }) => place[0]), of(({ place }) => place[1])], score: of(({ score }) => score) };
}

function meanOf(...some: readonly (SurePlace | undefined)[]): SurePlace | undefined {
  const known = some.filter(isSure);
  return known.length > 0 ? mean(known) : undefined;
}

function both(left: SurePlace | undefined, right: SurePlace | undefined): Body['legs'] {
  return left === undefined || right === undefined ? undefined : [left, right];
}

const isSure = (place: SurePlace | undefined): place is SurePlace => place !== undefined;
const isWhole = (side: readonly (SurePlace | undefined)[]): side is readonly [SurePlace, SurePlace] =>
  side.every(isSure);
