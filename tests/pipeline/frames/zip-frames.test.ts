import fc from 'fast-check';
import { EMPTY, NEVER, Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { branchFrames } from '../../../pipeline/frames/branch-frames.js';
import { mapOrdered } from '../../../pipeline/frames/map-ordered.js';
import { zipFrames } from '../../../pipeline/frames/zip-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import {
  carelessSource,
  closeSamples,
  expectBalanced,
  failingFrames,
  framesFrom,
  pooledFrames,
  settle,
  testPool,
  testSample,
} from '../../helpers/frames.js';

interface Pairs {
  readonly times: readonly (readonly number[])[];
  readonly error: unknown;
}

function pairs(joined: Observable<readonly VideoSample[]>): Promise<Pairs> {
  return new Promise((resolve) => {
    const times: number[][] = [];
    joined.subscribe({
      next: (samples) => {
        times.push(samples.map((s) => s.frame.ptsUs));
        closeSamples(samples);
      },
      error: (error: unknown) => resolve({ times, error }),
      complete: () => resolve({ times, error: undefined }),
    });
  });
}

function at(...times: readonly number[]): Observable<VideoSample> {
  return new Observable((subscriber) => {
    for (const [i, ptsUs] of times.entries()) {
      if (!subscriber.closed) subscriber.next(testSample(i, { ptsUs }));
    }
    subscriber.complete();
  });
}

describe('zipFrames', () => {
  it('joins frames of equal time', () =>
    expectBalanced(async () => {
      expect(await pairs(zipFrames([at(0, 10, 20), at(0, 10, 20)]))).toEqual({
        times: [
          [0, 0],
          [10, 10],
          [20, 20],
        ],
        error: undefined,
      });
    }));

  it('closes frames that have no partner', () =>
    expectBalanced(async () => {
      const { times } = await pairs(zipFrames([at(0, 10, 30, 40), at(10, 20, 40), at(5, 10, 40)]));
      expect(times).toEqual([
        [10, 10, 10],
        [40, 40, 40],
      ]);
    }));

  it('completes when an input has ended and nothing of it is left, and closes what waits of the others', () =>
    expectBalanced(async () => {
      const endless = carelessSource();
      const joined = pairs(zipFrames([at(0), endless.frames]));
      endless.emit(0);
      expect(await joined).toEqual({ times: [[0, 0]], error: undefined });
      expect(endless.left()).toBe(true);
    }));

  it('completes at once when an input is empty', () =>
    expectBalanced(async () => {
      expect(await pairs(zipFrames([framesFrom(3), EMPTY]))).toEqual({ times: [], error: undefined });
      expect(await pairs(zipFrames([EMPTY, framesFrom(Number.POSITIVE_INFINITY)]))).toEqual({
        times: [],
        error: undefined,
      });
    }));

  it('emits nothing while an input is silent, and closes what waits when it is left', () =>
    expectBalanced(() => {
      const subscription = zipFrames([framesFrom(3), NEVER]).subscribe(() => expect.fail('nothing to pair'));
      subscription.unsubscribe();
    }));

  it('fails when an input fails, and closes what waits of the others', () =>
    expectBalanced(async () => {
      const error = new Error('broken');
      const waiting = carelessSource();
      const joined = pairs(zipFrames([waiting.frames, failingFrames(0, error)]));
      waiting.emit(0);
      expect(await joined).toEqual({ times: [], error });
      expect(waiting.left()).toBe(true);
    }));

  it('leaves endless inputs when it is left from inside a pair', () =>
    expectBalanced(async () => {
      const right = carelessSource();
      const subscription = zipFrames([pooledFrames(Number.POSITIVE_INFINITY), right.frames]).subscribe((samples) => {
        closeSamples(samples);
        subscription.unsubscribe();
      });
      await settle();
      right.emit(0);
      expect(right.left()).toBe(true);
      right.emit(1);
    }));

  it('joins the branches of one stream while one of them lags, within the pool', () =>
    expectBalanced(async () => {
      const pool = testPool(3);
      const [left, right] = branchFrames(pooledFrames(30, pool), 2) as [
        Observable<VideoSample>,
        Observable<VideoSample>,
      ];
      const late = right.pipe(mapOrdered(async (sample: VideoSample) => sample));
      expect((await pairs(zipFrames([left, late]))).times).toHaveLength(30);
      expect(pool.peak).toBeLessThanOrEqual(3);
    }));

  it('gives the intersection of the times, for any two rising sequences', async () => {
    const rising = fc.uniqueArray(fc.nat(30), { maxLength: 20 }).map((times) => times.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(rising, rising, async (a, b) => {
        await expectBalanced(async () => {
          const { times } = await pairs(zipFrames([at(...a), at(...b)]));
          expect(times.map(([t]) => t)).toEqual(a.filter((t) => b.includes(t)));
        });
      }),
    );
  });

  it('refuses to join nothing', () => {
    expect(() => zipFrames([])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
