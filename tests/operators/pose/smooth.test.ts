import { describe, expect, it } from 'vitest';
import type { TrackedPose } from '../../../operators/pose/pose-meta.js';
import { OneEuro } from '../../../operators/pose/smooth/one-euro.js';
import { PoseSmoother } from '../../../operators/pose/smooth/pose-smoother.js';

const FRAME_US = 40_000;
const T = 0.04;

function pose(x: number, score = 0.9): TrackedPose {
  return { id: 1, score: 0.9, box: [x, 0, x + 50, 200], keypoints: Array.from({ length: 17 }, () => [x, 100, score]) };
}

describe('OneEuro', () => {
  it('lags behind even motion by 1 / (2π f T) frames', () => {
    const filter = new OneEuro({ minCutoffHz: 1, beta: 0.02, derivativeCutoffHz: 1 }, [0]);
    const speed = 100;
    for (let i = 1; i <= 500; i++) filter.next([speed * T * i], T);
    const behind = (speed * T * 500 - (filter.values[0] ?? 0)) / (speed * T);
    expect(behind).toBeCloseTo(1 / (2 * Math.PI * (1 + 0.02 * speed) * T), 6);
  });
  it('leaves (1 - a)ⁿ of a step after n frames, less with beta, and never overshoots', () => {
    const plain = new OneEuro({ minCutoffHz: 1, beta: 0, derivativeCutoffHz: 1 }, [0]);
    const quick = new OneEuro({ minCutoffHz: 1, beta: 0.1, derivativeCutoffHz: 1 }, [0]);
    const a = 1 / (1 + 1 / (2 * Math.PI * T));
    for (let n = 1; n <= 30; n++) {
      const left = 100 - (plain.next([100], T)[0] ?? 0);
      expect(left).toBeCloseTo(100 * (1 - a) ** n, 6);
      const quickLeft = 100 - (quick.next([100], T)[0] ?? 0);
      expect(quickLeft).toBeLessThan(left);
      expect(quickLeft).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('PoseSmoother', () => {
  const x = (poses: readonly TrackedPose[]): number => poses[0]?.keypoints[0]?.[0] ?? Number.NaN;
  const sure = (poses: readonly TrackedPose[]): number => poses[0]?.keypoints[0]?.[2] ?? Number.NaN;

  it('calms those who tremble', () => {
    const smoother = new PoseSmoother();
    const xs = Array.from({ length: 50 }, (_, i) => x(smoother.update(i * FRAME_US, [pose(100 + (i % 2))])));
    expect(Math.abs((xs[49] ?? 0) - (xs[48] ?? 0))).toBeLessThan(0.5);
  });
  it('gives poses as they are when it is turned off', () => {
    const smoother = new PoseSmoother({ smooth: false });
    for (const [i, at] of [100, 130, 90].entries()) expect(x(smoother.update(i * FRAME_US, [pose(at)]))).toBe(at);
  });
  it('moves key points on between looks while they fade, and says how old they are', () => {
    const smoother = new PoseSmoother({ smooth: false, halfLifeMs: 80 });
    for (let i = 0; i <= 100; i++) smoother.update(i * FRAME_US, [pose(4 * i)]);
    const poses = smoother.predict(102 * FRAME_US);
    expect(x(poses)).toBeCloseTo(408, 3);
    expect(sure(poses)).toBeCloseTo(0.45, 9);
    expect(poses[0]?.ageMs).toBe(80);
  });
  it('lets a key point fade where it was when the network is no longer sure of it', () => {
    const smoother = new PoseSmoother({ halfLifeMs: 40 });
    for (let i = 0; i < 5; i++) smoother.update(i * FRAME_US, [pose(100)]);
    const far = { ...pose(100), keypoints: pose(900, 0.1).keypoints };
    const poses = smoother.update(5 * FRAME_US, [far]);
    expect(x(poses)).toBeCloseTo(100, 9);
    expect(sure(poses)).toBeCloseTo(0.45, 9);
  });
  it('begins anew at a cut', () => {
    const smoother = new PoseSmoother();
    smoother.update(0, [pose(100)]);
    smoother.cut();
    expect(x(smoother.update(FRAME_US, [pose(700)]))).toBe(700);
  });
  it('forgets those who are gone', () => {
    const smoother = new PoseSmoother({ holdMs: 100 });
    smoother.update(0, [pose(100)]);
    expect(smoother.update(2 * FRAME_US, [])).toHaveLength(1);
    expect(smoother.update(3 * FRAME_US, [])).toHaveLength(0);
  });
});
