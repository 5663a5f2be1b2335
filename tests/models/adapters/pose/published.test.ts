import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Detector } from '../../../../models/adapters/detect/detector.js';
import { openDetector } from '../../../../models/adapters/detect/open-detector.js';
import type { Box } from '../../../../models/adapters/picture/crop-stage.js';
import { openPoseEstimator } from '../../../../models/adapters/pose/open-pose-estimator.js';
import type { PersonPose, PoseEstimator } from '../../../../models/adapters/pose/pose-estimator.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { catalogModel, firstFrame, iou, missing, type PictureName, pictures, weights } from '../public-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Person {
  readonly score: number;
  readonly keypoints: readonly (readonly [x: number, y: number, score: number])[];
  readonly steady?: readonly number[];
  readonly box?: Box;
}
type People = Partial<Record<PictureName, readonly Person[]>>;
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as {
  posenet: People;
  'movenet-lightning': People;
  'movenet-lightning, whole picture': People;
};
const POSENET = 'pose/posenet_mobilenet_v1_075_f32_dyn.onnx';
const MOVENET = 'pose/movenet_singlepose_lightning_f32.onnx';
const RTMDET = 'pose/rtmdet_nano_person_end2end.onnx';
/** Key points less sure than this may be anywhere. */
const SURE = 0.3;

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});
afterAll(() => pool.dispose());

async function estimated(
  estimator: PoseEstimator,
  name: string,
  options: Parameters<PoseEstimator['estimate']>[1] = {},
): Promise<readonly PersonPose[]> {
  const frame = await firstFrame(pictures[name as PictureName]);
  try {
    return await estimator.estimate(frame, options);
  } finally {
    frame.close();
  }
}

/** Largest distance of a sure key point from where the referee has it, source pixels. */
function distance(want: Person, got: PersonPose): number {
  const counted = want.keypoints.flatMap(([x, y, score], i) => {
    const [atX = 0, atY = 0] = got.keypoints[i] ?? [];
    const counts = score > SURE && (want.steady?.includes(i) ?? true);
    return counts ? Math.hypot(x - atX, y - atY) : [];
  });
  return Math.max(0, ...counted);
}

const posenet = missing(POSENET);
describe.skipIf(posenet !== undefined)(`PoseNet${posenet === undefined ? '' : ` (${posenet})`}`, () => {
  let estimator: PoseEstimator;
  beforeAll(async () => {
    estimator = await openPoseEstimator(catalogModel('posenet', weights(POSENET)), pool);
  });
  afterAll(() => estimator[Symbol.asyncDispose]());

  it.each(Object.entries(expected.posenet))('sees the people in "%s" that the referee sees', async (name, people) => {
    const found = await estimated(estimator, name);
    expect(found).toHaveLength(people.length);
    // The picture of the film is 1280 pixels wide, three times as many as the network sees.
    const tolerance = name === 'walking' ? 2.5 : 1.5;
    people.forEach((want, i) => {
      const got = found[i] as PersonPose;
      expect(distance(want, got)).toBeLessThan(tolerance);
      expect(Math.abs(got.score - want.score)).toBeLessThan(0.01);
    });
  });

  it('gives as many people as are wanted, and as good', async () => {
    expect(await estimated(estimator, 'crossing', { maxPeople: 1 })).toHaveLength(1);
    expect(await estimated(estimator, 'crossing', { score: 0.9 })).toHaveLength(1);
  });
});

const movenet = missing(MOVENET) ?? missing(RTMDET);
describe.skipIf(movenet !== undefined)(`MoveNet${movenet === undefined ? '' : ` (${movenet})`}`, () => {
  let estimator: PoseEstimator;
  let detector: Detector;
  beforeAll(async () => {
    detector = await openDetector(catalogModel('rtmdet-nano-person', weights(RTMDET)), pool);
    estimator = await openPoseEstimator(catalogModel('movenet-lightning', weights(MOVENET)), pool);
  });
  afterAll(async () => {
    await estimator[Symbol.asyncDispose]();
    await detector[Symbol.asyncDispose]();
  });

  it.each(Object.entries(expected['movenet-lightning']))(
    'sees in boxes of "%s" what the referee sees',
    async (name, people) => {
      const boxes = people.flatMap(({ box }) => (box === undefined ? [] : [box]));
      const found = await estimated(estimator, name, { boxes });
      expect(found).toHaveLength(people.length);
      for (const [i, want] of people.entries()) {
        const got = found[i] as PersonPose;
        expect(iou(got.box, want.box ?? [])).toBeGreaterThan(0.9);
        expect(distance(want, got)).toBeLessThan(1.5);
        expect(Math.abs(got.score - want.score)).toBeLessThan(0.03);
      }
    },
  );

  it.each(Object.entries(expected['movenet-lightning, whole picture']))(
    'takes the whole of "%s" for one person, as the referee does',
    async (name, [want]) => {
      const [got, ...others] = await estimated(estimator, name, { score: 0 });
      expect(others).toEqual([]);
      expect(distance(want as Person, got as PersonPose)).toBeLessThan(1.5);
      expect(Math.abs((got?.score ?? 0) - (want?.score ?? 0))).toBeLessThan(0.03);
    },
  );

  it('looks at the people whom a detector finds', async () => {
    const follows = await openPoseEstimator(catalogModel('movenet-lightning', weights(MOVENET)), pool, detector);
    const found = await estimated(follows, 'crossing');
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const { box } of expected['movenet-lightning'].crossing ?? []) {
      expect(found.some((person) => iou(person.box, box ?? []) > 0.7)).toBe(true);
    }
    await follows[Symbol.asyncDispose]();
  });
});
