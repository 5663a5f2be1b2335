import { type Observable, of } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPoseEstimator } from '../../../../models/adapters/pose/open-pose-estimator.js';
import type { PoseEstimator } from '../../../../models/adapters/pose/pose-estimator.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { drawPose } from '../../../../operators/pose/draw/draw-pose.js';
import { drawStyles } from '../../../../operators/pose/draw/pose-drawing.js';
import { estimatePose } from '../../../../operators/pose/estimate/estimate-pose.js';
import type { Keypoint, PoseMeta, TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { takeFrames } from '../../../../pipeline/frames/take-frames.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import type { FrameProperties, VideoFrame } from '../../../../pipeline/video-frame.js';
import { collect, expectBalanced, framesFrom } from '../../../helpers/frames.js';
import { catalogModel, firstFrame, missing, pictures, weights } from '../../../models/adapters/public-models.js';
import { film, grainy, type Luma, landscape } from '../../colorize/pictures.js';
import { codeAt } from '../draw/people.js';
import { FakeEstimator, seen } from './fake-estimator.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Pictures that are not as one would like them. */
const shapes: readonly [string, Partial<FrameProperties>][] = [
  ['16×16 pixels', { width: 16, height: 16 }],
  ['2×2 pixels', { width: 2, height: 2 }],
  ['odd sides', { width: 31, height: 17 }],
  ['a strip', { width: 8, height: 400 }],
  ['ten bits', { width: 64, height: 48, pixelFormat: 'yuv420p10' }],
  ['4:4:4 with ten bits', { width: 63, height: 47, pixelFormat: 'yuv444p10' }],
  ['pixels wider than high', { width: 64, height: 48, sampleAspectRatio: { num: 16, den: 11 } }],
];

/** People whom nobody would draw so. */
const people: readonly [string, readonly (readonly [x: number, y: number, side: number])[]][] = [
  ['cut by the border', [[-20, -20, 60]]],
  ['quite outside', [[500, 500, 20]]],
  ['as large as a point', [[5, 5, 0]]],
  ['of 16 pixels', [[3, 3, 16]]],
  ['much larger than the picture', [[-2000, -1000, 9000]]],
  ['all in one place', Array.from({ length: 20 }, () => [2, 2, 12] as const)],
];

function expectSensible(poses: readonly TrackedPose[]): void {
  for (const { id, score, box, keypoints } of poses) {
    expect(Number.isInteger(id) && id >= 1).toBe(true);
    expect(score >= 0 && score <= 1).toBe(true);
    expect([...box, ...keypoints.flat()].every(Number.isFinite)).toBe(true);
    expect(box[2] >= box[0] && box[3] >= box[1]).toBe(true);
  }
}

describe('people in pictures that are not as one would like them', () => {
  it.each(shapes)('are followed and drawn in all styles: %s', (_, properties) =>
    expectBalanced(async () => {
      for (const style of drawStyles) {
        const estimator = new FakeEstimator(({ width, height }) => [seen([0, 0, Math.min(width, height)])]);
        const result = await collect(
          framesFrom(3, properties).pipe(estimatePose({ estimator, every: 2 }), drawPose({ style })),
          ({ meta }) => expectSensible((meta as PoseMeta).poses),
        );
        expect(result).toEqual({ indexes: [0, 1, 2], error: undefined });
      }
    }),
  );

  it.each(people)('are followed and drawn in all styles: %s', (_, places) =>
    expectBalanced(async () => {
      for (const style of drawStyles) {
        const estimator = new FakeEstimator(() => places.map((place) => seen(place)));
        const result = await collect(
          framesFrom(3, { width: 64, height: 48 }).pipe(estimatePose({ estimator, every: 2 }), drawPose({ style })),
          ({ meta }) => expectSensible((meta as PoseMeta).poses),
        );
        expect(result).toEqual({ indexes: [0, 1, 2], error: undefined });
      }
    }),
  );

  it('begin anew where time goes back', () =>
    expectBalanced(async () => {
      const estimator = new FakeEstimator(() => [seen([0, 0, 6])]);
      const ids: number[] = [];
      const frames = film(4, (index) => ({
        luma: landscape,
        ptsUs: index < 2 ? 80_000 * index : 40_000 * (index - 2),
      }));
      await collect(frames.pipe(estimatePose({ estimator })), ({ meta }) =>
        ids.push(...(meta as PoseMeta).poses.map(({ id }) => id)),
      );
      expect(ids).toEqual([1, 1, 2, 2]);
    }));
});

/** A bright spot near the left upper corner of what is seen. */
const SPOT = [12, 20] as const;

describe('a film that is shown turned', () => {
  it.each([
    [0, 'yuv420p', [12, 20]],
    [90, 'yuv420p', [20, 48 - 12]],
    [180, 'yuv420p10', [64 - 12, 48 - 20]],
    [270, 'yuv422p', [64 - 20, 12]],
  ] as const)('is looked at upright, and people are given as it is stored: %i° in %s', (rotation, pixelFormat, at) =>
    expectBalanced(async () => {
      const [column, row] = at;
      const spot: Luma = (x, y) => (Math.hypot(x * 64 - column, y * 48 - row) < 4 ? 1 : 0.2);
      const seenSizes: string[] = [];
      const estimator = new FakeEstimator((frame) => {
        seenSizes.push(`${frame.width}×${frame.height}`);
        const [x, y] = SPOT;
        expect(codeAt(frame, 0, x, y)).toBeGreaterThan(200);
        const keypoints = seen([x, y, 10]).keypoints.map((): Keypoint => [x, y, 0.9]);
        return [{ score: 0.9, box: [x - 2, y - 4, x + 2, y + 4], keypoints }];
      });
      const poses: TrackedPose[] = [];
      const { indexes, error } = await collect(
        film(4, () => ({ width: 64, height: 48, luma: spot, pixelFormat, rotation })).pipe(estimatePose({ estimator })),
        ({ frame, meta }) => {
          expect([frame.width, frame.height, frame.rotation]).toEqual([64, 48, rotation]);
          poses.push(...(meta as PoseMeta).poses);
        },
      );
      expect({ indexes, error }).toEqual({ indexes: [0, 1, 2, 3], error: undefined });
      expect(new Set(seenSizes)).toEqual(new Set([rotation % 180 === 0 ? '64×48' : '48×64']));
      for (const { box, keypoints } of poses) {
        expect(keypoints[0]).toEqual([expect.closeTo(at[0]), expect.closeTo(at[1]), 0.9]);
        const [halfWidth, halfHeight] = rotation % 180 === 0 ? [2, 4] : [4, 2];
        const wanted = [column - halfWidth, row - halfHeight, column + halfWidth, row + halfHeight];
        expect(box).toEqual(wanted.map((value) => expect.closeTo(value)));
      }
    }),
  );

  it('leaks nothing when it is left, and when the network fails', () =>
    expectBalanced(async () => {
      const turned = (): Observable<VideoSample> => film(6, () => ({ rotation: 90 }));
      const calm = new FakeEstimator(() => []);
      expect((await collect(turned().pipe(estimatePose({ estimator: calm }), takeFrames(2)))).indexes).toEqual([0, 1]);
      const trouble = new Error('no eyes');
      const blind = new FakeEstimator(() => Promise.reject(trouble));
      expect((await collect(turned().pipe(estimatePose({ estimator: blind })))).error).toBe(trouble);
    }));
});

const POSENET = 'pose/posenet_mobilenet_v1_075_f32_dyn.onnx';
const absent = missing(POSENET);

describe.skipIf(absent)(`PoseNet in the operator${absent === undefined ? '' : ` (${absent})`}`, () => {
  let pool: InferencePool;
  let estimator: PoseEstimator;
  beforeAll(async () => {
    pool = new InferencePool({ workers: 2, intraOpThreads: 1 });
    estimator = await openPoseEstimator(catalogModel('posenet', weights(POSENET)), pool);
  });
  afterAll(() => pool.dispose());

  async function posesIn(frame: VideoFrame): Promise<readonly TrackedPose[]> {
    const poses: TrackedPose[] = [];
    const { error } = await collect(of({ frame, meta: {} }).pipe(estimatePose({ pool, estimator })), ({ meta }) =>
      poses.push(...(meta as PoseMeta).poses),
    );
    expect(error).toBeUndefined();
    expectSensible(poses);
    return poses;
  }

  it.each(shapes)('goes through pictures of noise: %s', (_, properties) =>
    expectBalanced(async () => {
      const frames = film(2, (index) => ({ ...properties, luma: grainy(landscape, 0.3, index) }));
      const { indexes, error } = await collect(frames.pipe(estimatePose({ pool, estimator })), ({ meta }) =>
        expectSensible((meta as PoseMeta).poses),
      );
      expect({ indexes, error }).toEqual({ indexes: [0, 1], error: undefined });
    }),
  );

  it('finds the same people without colour', () =>
    expectBalanced(async () => {
      const colored = await posesIn(await firstFrame(pictures.tennis));
      const frame = await firstFrame(pictures.tennis);
      for (const plane of [1, 2] as const) frame.plane(plane).fill(128);
      const grey = await posesIn(frame);
      expect(grey).toHaveLength(colored.length);
      expect(grey.length).toBeGreaterThan(0);
      const [x = 0, y = 0] = colored[0]?.keypoints[5] ?? [];
      const [greyX = 0, greyY = 0] = grey[0]?.keypoints[5] ?? [];
      expect(Math.hypot(x - greyX, y - greyY)).toBeLessThan(20);
    }));
});
