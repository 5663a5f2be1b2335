import type { Box, Keypoint, TrackedPose } from '../pose-meta.js';
import { HEAD_POINTS } from './look.js';

/** Points less sure than this do not say where a head is. */
const SURE = 0.2;
const [LEFT_SHOULDER, RIGHT_SHOULDER] = [5, 6];
/** Height of a head with its hair and a margin, in other measures of the body: the spread of face points, shoulders, the person. */
const PER_SPREAD = 2.4;
const PER_SHOULDERS = 0.95;
const PER_PERSON = 0.17;
/** How far the head reaches from the middle of the face, or of the shoulders, upwards and downwards, in its own height. */
const AROUND_FACE = [0.6, 0.5] as const;
const AROUND_SHOULDERS = [1.25, 0.05] as const;

/** What must not be seen of a person. */
export type PrivacyCover = 'head' | 'person';

/** The region to make unrecognisable: rather too large than too small, and the whole person where nothing says where the head is. */
export function privacyRegion(pose: TrackedPose, cover: PrivacyCover): Box {
  if (cover === 'person') return personRegion(pose);
  const head = sure(pose.keypoints.slice(0, HEAD_POINTS));
  const shoulders = sure(pose.keypoints.slice(LEFT_SHOULDER, RIGHT_SHOULDER + 1));
  const anchor = head.length > 0 ? head : shoulders.length === 2 ? shoulders : undefined;
  if (anchor === undefined) return personRegion(pose);
  const size = headSize(pose, head, shoulders);
  const [x, y] = middle(anchor);
  const [above, below] = anchor === head ? AROUND_FACE : AROUND_SHOULDERS;
  return [x - size / 2, y - above * size, x + size / 2, y + below * size];
}

function headSize({ box }: TrackedPose, head: readonly Keypoint[], shoulders: readonly Keypoint[]): number {
  return Math.max(
    4,
    PER_SPREAD * spread(head),
    PER_SHOULDERS * spread(shoulders),
    PER_PERSON * Math.max(box[3] - box[1], box[2] - box[0]),
  );
}

/** The box and every point, with a margin: boxes of networks end where they think the body does. */
function personRegion({ box, keypoints }: TrackedPose): Box {
  const points = sure(keypoints);
  const xs = [box[0], box[2], ...points.map(([x]) => x)];
  const ys = [box[1], box[3], ...points.map(([, y]) => y)];
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const margin = 0.06 * Math.max(right - left, bottom - top);
  return [left - margin, top - margin, right + margin, bottom + margin];
}

function sure(points: readonly Keypoint[]): readonly Keypoint[] {
  return points.filter(([x, y, score]) => score >= SURE && Number.isFinite(x + y));
}

function middle(points: readonly Keypoint[]): readonly [x: number, y: number] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** Largest distance between two of the points. */
function spread(points: readonly Keypoint[]): number {
  return Math.max(0, ...points.flatMap(([x, y]) => points.map(([u, v]) => Math.hypot(u - x, v - y))));
}
