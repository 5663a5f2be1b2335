import { describe, expect, it } from 'vitest';
import { ProgressEstimator } from '../../cli/progress/estimate.js';
import { describeProgress } from '../../cli/progress/show-progress.js';
import type { WriteProgress } from '../../streams/file/write-file.js';

/** An estimator on a clock that the test moves. */
function estimator(toUs: number | undefined = 100_000_000) {
  let now = 0;
  const estimate = new ProgressEstimator({ fromUs: 0, toUs, totalFrames: 2400 }, () => now);
  const at = (ms: number, frames: number, ptsUs: number, phase: WriteProgress['phase'] = 'encoding') => {
    now = ms;
    return estimate.update({ phase, frames, ptsUs, bytes: 5_000_000 });
  };
  return at;
}

describe('ProgressEstimator', () => {
  it('knows rate, speed and time left from what was done lately', () => {
    const at = estimator();
    at(0, 0, 0);
    at(1000, 48, 2_000_000);
    expect(at(2000, 96, 4_000_000)).toMatchObject({ percent: 4, fps: 48, speed: 2, etaSeconds: 48 });
  });

  it('forgets how fast it was long ago', () => {
    const at = estimator();
    at(0, 0, 0);
    for (let second = 1; second <= 5; second++) at(second * 1000, second * 100, second * 4_000_000);
    for (let second = 6; second <= 40; second++)
      at(second * 1000, 500 + (second - 5) * 10, 20_000_000 + (second - 5) * 400_000);
    expect(at(41_000, 860, 34_400_000).fps).toBeCloseTo(10, 0);
  });

  it('claims no percentage and no time left when the length is unknown', () => {
    const at = new ProgressEstimator({ fromUs: 0, toUs: undefined, totalFrames: undefined }, () => 0);
    const report = at.update({ phase: 'encoding', frames: 10, ptsUs: 400_000, bytes: 0 });
    expect(report).toMatchObject({ percent: null, etaSeconds: null, totalFrames: null });
  });

  it('never passes 100 %', () => {
    const at = estimator();
    expect(at(1000, 3000, 130_000_000).percent).toBe(100);
  });
});

describe('describeProgress', () => {
  it('says percent, frames, rates, time left and size', () => {
    const at = estimator();
    at(0, 0, 0);
    expect(describeProgress(at(2000, 96, 4_000_000))).toBe('4 %  96/2400 frames  48.0 fps  ×2.00  ETA 0:48  5.0 MB');
  });

  it('says how far sound is, and when it will be made', () => {
    const at = estimator();
    at(0, 0, 0);
    at(10_000, 2400, 100_000_000);
    expect(describeProgress(at(11_000, 2400, 0, 'sound'))).toBe('making sound  0 %');
    expect(describeProgress(at(13_000, 2400, 40_000_000, 'sound'))).toBe('making sound  40 %  ETA 0:03');
  });

  it('says when the output is being put together', () => {
    expect(describeProgress(estimator()(1000, 2400, 50_000_000, 'assembling'))).toBe('assembling 50 %');
  });
});
