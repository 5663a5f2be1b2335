import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../../../config/load-graph.js';
import { builtinOperators } from '../../../../config/registry.js';
import { setOptions } from '../../../../config/set-options.js';
import { drawPose, drawPoseDefinition } from '../../../../operators/pose/draw/draw-pose.js';
import {
  type EstimatePoseOptions,
  estimatePose,
  estimatePoseDefinition,
} from '../../../../operators/pose/estimate/estimate-pose.js';
import type { PoseMeta, TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { tapFrames } from '../../../../pipeline/frames/tap-frames.js';
import { createGraph } from '../../../../pipeline/graph/graph.js';
import { GraphMetrics } from '../../../../pipeline/metrics.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom } from '../../../helpers/frames.js';
import { film, landscape, stage } from '../../colorize/pictures.js';
import { FakeEstimator, seen } from './fake-estimator.js';

/** Four pixels to the right from frame to frame. */
const walker = (): FakeEstimator => new FakeEstimator(({ index }) => [seen([10 + 4 * index, 20, 60])]);

/** The people of every frame that comes out. */
async function posesOf(
  source: Observable<VideoSample>,
  options: EstimatePoseOptions,
): Promise<readonly (readonly TrackedPose[])[]> {
  const poses: (readonly TrackedPose[])[] = [];
  const { error } = await collect(source.pipe(estimatePose(options)), ({ meta }) =>
    poses.push((meta as PoseMeta).poses),
  );
  expect(error).toBeUndefined();
  return poses;
}

describe('estimatePose', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => source.pipe(estimatePose({ estimator: walker() })),
    synchronous: false,
  });

  it('attaches people to frames that pass as they are, beside what was there before', () =>
    expectBalanced(async () => {
      const given: VideoFrame[] = [];
      const taken: VideoSample[] = [];
      const source = framesFrom(3).pipe(tapFrames(({ frame }) => given.push(frame)));
      await collect(source.pipe(estimatePose({ estimator: walker() })), (sample) => {
        taken.push(sample);
        expect(sample.frame.plane(0)[0]).toBe(sample.frame.index);
      });
      expect(taken.map(({ frame }) => frame)).toEqual(given);
      const pose = (taken[0]?.meta as PoseMeta | undefined)?.poses[0];
      expect(pose).toMatchObject({ id: 1, score: 0.9, box: [10, 20, 70, 80] });
      expect(pose?.keypoints).toHaveLength(17);
    }));

  it('gives plain JSON', () =>
    expectBalanced(async () => {
      const poses = await posesOf(framesFrom(4), { estimator: walker(), every: 2 });
      expect(JSON.parse(JSON.stringify(poses))).toEqual(poses);
    }));

  it('keeps the id of a person who moves', () =>
    expectBalanced(async () => {
      const poses = await posesOf(framesFrom(12), { estimator: walker() });
      expect(poses.map((people) => people.map(({ id }) => id))).toEqual(Array(12).fill([1]));
    }));

  it('asks about several frames at once, and keeps their order', () =>
    expectBalanced(async () => {
      const estimator = walker();
      const pool = { workers: 2, load: () => Promise.reject(new Error('not wanted')) };
      const { indexes } = await collect(framesFrom(9).pipe(estimatePose({ estimator, pool })));
      expect(indexes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(estimator.mostAtOnce).toBe(3);
    }));

  it('looks at every n-th frame, and moves people with their motion in between', () =>
    expectBalanced(async () => {
      const estimator = walker();
      const poses = await posesOf(framesFrom(12), { estimator, every: 3, smooth: false });
      expect(estimator.asked).toEqual([0, 3, 6, 9]);
      expect(poses.map(([person]) => person?.ageMs ?? 0)).toEqual([0, 40, 80, 0, 40, 80, 0, 40, 80, 0, 40, 80]);
      const x = poses.map(([person]) => person?.box[0] ?? Number.NaN);
      expect(x[9]).toBeCloseTo(46);
      expect(x[10]).toBeGreaterThan(48);
      expect(x[11]).toBeGreaterThan((x[10] ?? 0) + 2);
      expect(poses[11]?.[0]?.score).toBeLessThan(0.9);
    }));

  it('looks with every: auto only when the network has nothing to do', () =>
    expectBalanced(async () => {
      const estimator = walker();
      const poses = await posesOf(framesFrom(5), { estimator, every: 'auto' });
      // All five come before the first look is done.
      expect(estimator.asked).toEqual([0]);
      expect(poses.map(([person]) => person?.ageMs ?? 0)).toEqual([0, 40, 80, 120, 160]);
    }));

  it('ends all ids at a cut, and looks there whatever its turn', () =>
    expectBalanced(async () => {
      const estimator = new FakeEstimator(() => [seen([10, 20, 60])]);
      const frames = film(8, (index) => ({ luma: index < 4 ? landscape : stage }));
      const poses = await posesOf(frames, { estimator, every: 6 });
      expect(estimator.asked).toEqual([0, 4, 6]);
      expect(poses.map((people) => people.map(({ id }) => id))).toEqual([[1], [1], [1], [1], [2], [2], [2], [2]]);
    }));

  it('smooths key points unless it shall not', () =>
    expectBalanced(async () => {
      const trembling = () => new FakeEstimator(({ index }) => [seen([20 + (index % 2), 20, 60])]);
      const raw = await posesOf(framesFrom(6), { estimator: trembling(), smooth: false });
      expect(raw.map(([person]) => person?.box[0])).toEqual([20, 21, 20, 21, 20, 21]);
      const smooth = await posesOf(framesFrom(6), { estimator: trembling() });
      for (const [person] of smooth.slice(1)) expect(Math.abs((person?.box[0] ?? 0) - 20.3)).toBeLessThan(0.35);
      const calmer = await posesOf(framesFrom(6), { estimator: trembling(), smooth: { minCutoffHz: 0.01, beta: 0 } });
      for (const [person] of calmer.slice(1)) expect(Math.abs((person?.box[0] ?? 0) - 20)).toBeLessThan(0.01);
    }));

  it('numbers people anew at each look where it shall not follow them', () =>
    expectBalanced(async () => {
      const estimator = new FakeEstimator(() => [seen([10, 20, 60], 0.6), seen([80, 20, 60], 0.8)]);
      const poses = await posesOf(framesFrom(4), { estimator, track: false, every: 2 });
      expect(poses.map((people) => people.map(({ id }) => id))).toEqual([
        [1, 2],
        [1, 2],
        [3, 4],
        [3, 4],
      ]);
      expect(poses[1]?.[0]).toMatchObject({ box: [80, 20, 140, 80], ageMs: 40 });
    }));

  it('tells the network how many and how sure people must be, and follows those', () =>
    expectBalanced(async () => {
      const estimator = new FakeEstimator(() => [seen([10, 20, 60], 0.2), seen([80, 20, 60], 0.15)]);
      const poses = await posesOf(framesFrom(2), { estimator, score: 0.1, maxPeople: 1 });
      expect(estimator.options[0]).toMatchObject({ score: 0.1, maxPeople: 1 });
      expect(poses.map((people) => people.map(({ id }) => id))).toEqual([[1], [1]]);
    }));

  it('waits for somebody whom the network is hardly sure of to be surer, unless told otherwise', () =>
    expectBalanced(async () => {
      const faint = () => new FakeEstimator(() => [seen([10, 20, 60], 0.2)]);
      expect(await posesOf(framesFrom(2), { estimator: faint() })).toEqual([[], []]);
      const [first] = await posesOf(framesFrom(2), { estimator: faint(), track: { minScore: 0.1 } });
      expect(first).toHaveLength(1);
    }));

  it('is happy with nobody', () =>
    expectBalanced(async () => {
      const poses = await posesOf(framesFrom(3), { estimator: new FakeEstimator(() => []) });
      expect(poses).toEqual([[], [], []]);
    }));

  it('goes on with 50 people', () =>
    expectBalanced(async () => {
      const crowd = Array.from({ length: 50 }, (_, i) => seen([40 * (i % 10), 60 * Math.floor(i / 10), 30]));
      const estimator = new FakeEstimator(() => crowd);
      const poses = await posesOf(framesFrom(3), { estimator, maxPeople: 50 });
      for (const people of poses) expect(new Set(people.map(({ id }) => id)).size).toBe(50);
      const fewer = await posesOf(framesFrom(3), { estimator });
      for (const people of fewer) expect(people).toHaveLength(20);
    }));

  it('leaves the estimator that it was given to its owner', () =>
    expectBalanced(async () => {
      const estimator = walker();
      await posesOf(framesFrom(2), { estimator });
      expect(estimator.disposed).toBe(false);
    }));

  it('counts looks and frames without in the metrics', () =>
    expectBalanced(async () => {
      const metrics = new GraphMetrics();
      const meter = metrics.addNode('pose', 1);
      const source = framesFrom(6).pipe(tapFrames((sample) => meter.entered(sample)));
      await posesOf(source, { estimator: walker(), every: 3 });
      expect(metrics.snapshot()[0]?.cadence).toMatchObject({ fresh: 2, carried: 4 });
    }));
});

describe('estimate-pose in graphs', () => {
  it('is registered beside draw-pose', () => {
    expect(builtinOperators).toContain(estimatePoseDefinition);
    expect(builtinOperators).toContain(drawPoseDefinition);
  });

  it('comes before draw-pose, and not after', () => {
    const operators = builtinOperators;
    expect(() => createGraph({ chain: ['estimate-pose', 'draw-pose'] }, { operators })).not.toThrow();
    expect(() => createGraph({ chain: ['draw-pose', 'estimate-pose'] }, { operators })).toThrow(
      expect.objectContaining({ code: 'GRAPH_TYPE' }),
    );
  });

  it('composes by hand, drawing what was found', () =>
    expectBalanced(async () => {
      let changed = 0;
      const frames = film(2, () => ({ luma: () => 0.5 }));
      await collect(frames.pipe(estimatePose({ estimator: walker() }), drawPose()), ({ frame }) => {
        changed += Number(new Set(frame.plane(0)).size > 1);
      });
      expect(changed).toBe(2);
    }));

  it('is set from the command line, switches and their settings too', async () => {
    const preset = await loadGraph('pose');
    const options = (...assignments: string[]): unknown =>
      setOptions(preset, assignments).nodes.find(({ name }) => name === 'pose')?.options;
    expect(options('pose.model=rtmpose-s')).toMatchObject({ model: 'rtmpose-s', track: true, smooth: true, every: 1 });
    expect(options('pose.smooth=false', 'pose.track=false')).toMatchObject({ smooth: false, track: false });
    expect(options('pose.smooth.beta=3')).toMatchObject({ smooth: { beta: 3, easeMs: 50 } });
    expect(options('estimate-pose.track.maxAgeMs=2500')).toMatchObject({ track: { maxAgeMs: 2500, minHits: 2 } });
    expect(options('pose.every=auto')).toMatchObject({ every: 'auto' });
  });

  it('remembers as long as somebody may be hidden, at 60 frames a second, and at least to the last look', () => {
    const frames = (options: object): number => {
      const { nodes } = createGraph(
        { nodes: { pose: { use: 'estimate-pose', with: options } } },
        { operators: builtinOperators },
      );
      return estimatePoseDefinition.warmupFrames(nodes[0]?.options as never);
    };
    expect(frames({})).toBe(60);
    expect(frames({ every: 100 })).toBe(99);
    expect(frames({ track: { maxAgeMs: 60_000 } })).toBe(250);
    expect(frames({ track: false })).toBe(0);
    expect(frames({ track: false, every: 5 })).toBe(4);
  });
});
