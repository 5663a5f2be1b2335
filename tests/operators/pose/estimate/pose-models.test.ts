import { mkdir, writeFile } from 'node:fs/promises';
import { EMPTY, NEVER, type Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../../../models/inference-pool.js';
import type { LoadedModel } from '../../../../models/loaded-model.js';
import { type EstimatePoseOptions, estimatePose } from '../../../../operators/pose/estimate/estimate-pose.js';
import type { PoseMeta, TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { takeFrames } from '../../../../pipeline/frames/take-frames.js';
import { tapFrames } from '../../../../pipeline/frames/tap-frames.js';
import { GraphMetrics } from '../../../../pipeline/metrics.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import { collect } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { fatal } from '../../../models/helpers.js';
import { balancedLedger, film, type Luma, nextTurn } from '../../colorize/pictures.js';
import { TinyLibrary } from '../../image/tiny-models.js';
import { FakeEstimator } from './fake-estimator.js';
import { meanColor, spotCrop, spotDetector, spotPose } from './tiny-pose-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const library = new TinyLibrary({
  spot: spotPose(),
  crop: spotCrop(),
  'crop-of-found': spotCrop({ detector: 'finder' }),
  finder: spotDetector(),
  looks: meanColor(),
  broken: { task: 'pose', family: 'posenet', bytes: new Uint8Array([1, 2, 3]) },
});
let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 2, intraOpThreads: 1 });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await pool.dispose();
  await library.remove();
});

/** A bright spot that moves to the right. */
const spots = (index: number): { luma: Luma } => ({
  luma: (x, y) => (Math.hypot(x - 0.3 - index / 50, y - 0.5) < 0.06 ? 1 : 0.2),
});
const spotFilm = (frames: number): Observable<VideoSample> => film(frames, spots);

async function posesOf(options: EstimatePoseOptions, frames = 4): Promise<readonly (readonly TrackedPose[])[]> {
  const poses: (readonly TrackedPose[])[] = [];
  const { error } = await collect(spotFilm(frames).pipe(estimatePose({ pool, library, ...options })), ({ meta }) =>
    poses.push((meta as PoseMeta).poses),
  );
  expect(error).toBeUndefined();
  return poses;
}

/** Where the first key point is, shares of the picture of 128×96. */
function place([person]: readonly TrackedPose[]): readonly number[] {
  const [x, y] = person?.keypoints[0] ?? [Number.NaN, Number.NaN];
  return [Math.round((x / 128) * 100) / 100, Math.round((y / 96) * 100) / 100];
}

async function failureOf(options: EstimatePoseOptions): Promise<unknown> {
  const { error } = await collect(spotFilm(4).pipe(estimatePose({ pool, library, ...options })));
  while (pool.metrics().models.length > 0) await nextTurn();
  return error;
}

/** Kills the worker in the `nth` run. */
class FaultyPool extends InferencePool {
  readonly #nth: number;
  #runs = 0;

  constructor(nth: number) {
    super({ workers: 2, intraOpThreads: 1 });
    this.#nth = nth;
  }

  override async load(...order: Parameters<InferencePool['load']>): Promise<LoadedModel> {
    const model = await super.load(...order);
    const run: LoadedModel['run'] = (feeds, options) =>
      model.run(feeds, { ...options, ...(++this.#runs === this.#nth ? fatal('exit') : {}) } as typeof options);
    return { ...model, run };
  }
}

describe('the models of estimatePose', () => {
  it('find people in the whole picture, and are given back', () =>
    balancedLedger(async () => {
      const poses = await posesOf({ model: 'spot', smooth: false });
      expect(poses.map(place)).toEqual([
        [0.3, 0.5],
        [0.32, 0.5],
        [0.34, 0.5],
        [0.36, 0.5],
      ]);
      expect(poses.flat().map(({ id }) => id)).toEqual([1, 1, 1, 1]);
      while (pool.metrics().models.length > 0) await nextTurn();
    }));

  it('look at crops of what the detector found that the catalog names, or the user', () =>
    balancedLedger(async () => {
      for (const options of [{ model: 'crop-of-found' }, { model: 'crop', detector: 'finder' }]) {
        const poses = await posesOf({ ...options, smooth: false }, 2);
        expect(poses.map(place)).toEqual([
          [0.3, 0.5],
          [0.32, 0.5],
        ]);
        const [x1 = 0, , x2 = 0] = poses[0]?.[0]?.box ?? [];
        expect(x2 - x1).toBeCloseTo(32, 0);
      }
    }));

  it('take the whole picture for one person where nobody finds people', () =>
    balancedLedger(async () => {
      const [first] = await posesOf({ model: 'crop' }, 1);
      expect(first).toHaveLength(1);
      expect(place(first ?? [])).toEqual([0.3, 0.5]);
    }));

  it('compare looks where they shall', () =>
    balancedLedger(async () => {
      const poses = await posesOf({ model: 'spot', appearance: 'looks' });
      expect(poses.flat().map(({ id }) => id)).toEqual([1, 1, 1, 1]);
      const estimator = new FakeEstimator(() => []);
      expect(await posesOf({ estimator, appearance: 'looks' }, 2)).toEqual([[], []]);
    }));

  it('tell the metrics how long they ran', () =>
    balancedLedger(async () => {
      const metrics = new GraphMetrics();
      const meter = metrics.addNode('pose', 1);
      const source = spotFilm(4).pipe(tapFrames((sample) => meter.entered(sample)));
      await collect(source.pipe(estimatePose({ pool, library, model: 'crop-of-found', every: 2 })));
      expect(metrics.snapshot()[0]?.modelMs).toMatchObject({ runs: 2, total: expect.any(Number) });
      expect(metrics.snapshot()[0]?.modelMs?.total).toBeGreaterThan(0);
    }));
});

describe('a model that is not right', () => {
  it.each([
    ['is not there', { model: 'nobody' }, 'MODEL_NOT_FOUND'],
    ['is for another task', { model: 'finder' }, 'OPTION_INVALID'],
    ['is damaged', { model: 'broken' }, 'MODEL_INVALID'],
    ['has a detector that is not there', { model: 'crop', detector: 'nobody' }, 'MODEL_NOT_FOUND'],
    ['has a detector that is none', { model: 'crop', detector: 'spot' }, 'OPTION_INVALID'],
    ['needs no detector', { model: 'spot', detector: 'finder' }, 'OPTION_INVALID'],
    ['cannot compare looks', { model: 'spot', appearance: 'finder' }, 'OPTION_INVALID'],
  ])('fails the stream when it %s; nothing leaks and no model stays', (_, options, code) =>
    balancedLedger(async () => {
      expect(await failureOf(options)).toMatchObject({ code });
    }),
  );

  it.each([
    ['an unknown id', { model: 'pose-huge' }, 'MODEL_NOT_FOUND'],
    ['a model that is not downloaded', { model: 'rtmo-s' }, 'MODEL_NOT_FOUND'],
    ['a folder that is not there', { model: '/no/such/folder' }, 'MODEL_NOT_FOUND'],
    ['a bare file', { model: './posenet.onnx' }, 'OPTION_INVALID'],
    ['an unknown appearance', { estimator: new FakeEstimator(() => []), appearance: 'nobody' }, 'MODEL_NOT_FOUND'],
  ])('refuses %s at once', (_, options, code) => {
    vi.stubEnv('VITASCOPE_MODELS', '/no/such/folder');
    expect(() => estimatePose(options)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['every', { every: 0 }, 'every'],
    ['every', { every: 251 }, 'every'],
    ['maxPeople', { maxPeople: 0 }, 'maxPeople'],
    ['score', { score: 1.5 }, 'score'],
    ['smooth', { smooth: 'yes' }, 'smooth: must be true, false, or settings'],
    ['smooth.beta', { smooth: { beta: -1 } }, 'smooth.beta: Too small'],
    ['smooth.beta', { smooth: { beta: 'much' } }, 'beta: Invalid input: expected number'],
    ['track.unknown', { track: { unknown: 1 } }, 'track: Unrecognized key: "unknown"'],
    ['unknown', { unknown: 1 }, 'unknown'],
  ])('refuses a bad %s at once, saying what is wrong', (_, bad, words) => {
    const options = { estimator: new FakeEstimator(() => []), ...bad } as EstimatePoseOptions;
    expect(() => estimatePose(options)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(words) }),
    );
  });
});

describe('a folder with a pose model', () => {
  const path = workspace();
  const folder = async (json: object): Promise<string> => {
    await mkdir(path('mine'));
    await writeFile(path('mine/model.onnx'), spotPose().bytes);
    await writeFile(path('mine/model.json'), JSON.stringify(json));
    return path('mine');
  };

  it('is used by its path', () =>
    balancedLedger(async () => {
      const { family, adapter } = spotPose();
      const model = await folder({ id: 'mine', task: 'pose', family, adapter });
      const poses: TrackedPose[] = [];
      const { error } = await collect(spotFilm(1).pipe(estimatePose({ pool, model })), ({ meta }) =>
        poses.push(...(meta as PoseMeta).poses),
      );
      expect(error).toBeUndefined();
      expect(place(poses)).toEqual([0.3, 0.5]);
    }));

  it('fails with OPTION_INVALID when it is for something else', () =>
    balancedLedger(async () => {
      const model = await folder({ id: 'mine', task: 'detect' });
      const { error } = await collect(spotFilm(2).pipe(estimatePose({ pool, model })));
      expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    }));
});

describe('trouble on the way', () => {
  it('fails with what the estimator fails with, and leaks nothing', () =>
    balancedLedger(async () => {
      const trouble = new Error('no eyes');
      const estimator = new FakeEstimator(({ index }) => (index === 2 ? Promise.reject(trouble) : []));
      const { error } = await collect(spotFilm(6).pipe(estimatePose({ pool, estimator })));
      expect(error).toBe(trouble);
    }));

  it.each([1, 3])('fails with WORKER_LOST when a worker dies in run %i, and leaks nothing', (nth) =>
    balancedLedger(async () => {
      const faulty = new FaultyPool(nth);
      const { error } = await collect(spotFilm(8).pipe(estimatePose({ pool: faulty, library, model: 'spot' })));
      expect(error).toMatchObject({ code: 'WORKER_LOST' });
      await faulty.dispose();
    }),
  );

  it('fails with ABORTED when its pool is disposed', () =>
    balancedLedger(async () => {
      const mine = new InferencePool({ workers: 1 });
      const frames = spotFilm(Number.POSITIVE_INFINITY).pipe(estimatePose({ pool: mine, library, model: 'spot' }));
      const { error } = await collect(frames, () => void mine.dispose());
      expect(error).toMatchObject({ code: 'ABORTED' });
    }));

  it('gives its models back when it is left', () =>
    balancedLedger(async () => {
      const frames = spotFilm(Number.POSITIVE_INFINITY).pipe(
        estimatePose({ pool, library, model: 'crop-of-found' }),
        takeFrames(3),
      );
      expect(await collect(frames)).toEqual({ indexes: [0, 1, 2], error: undefined });
      while (pool.metrics().models.length > 0) await nextTurn();
    }));

  it('closes the frames it has when it is left while a model loads', () =>
    balancedLedger(async () => {
      const subscription = spotFilm(4)
        .pipe(estimatePose({ pool, library, model: 'spot' }))
        .subscribe();
      for (let i = 0; i < 5; i++) await nextTurn();
      subscription.unsubscribe();
      while (pool.metrics().models.length > 0) await nextTurn();
    }));

  it('loads nothing for a stream without frames', async () => {
    const apply = estimatePose({ pool, library, model: 'spot' });
    expect(await collect(EMPTY.pipe(apply))).toEqual({ indexes: [], error: undefined });
    NEVER.pipe(apply).subscribe().unsubscribe();
    expect(pool.metrics().models).toEqual([]);
  });
});
