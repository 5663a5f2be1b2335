import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { mapOrdered } from '../../../pipeline/frames/map-ordered.js';
import { takeFrames } from '../../../pipeline/frames/take-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import {
  collect,
  expectBalanced,
  framesFrom,
  pooledFrames,
  settle,
  testPool,
  testSample,
} from '../../helpers/frames.js';

/** Projections that end when the test says so. */
function controlled() {
  const started: number[] = [];
  const ends = new Map<number, { resolve(): void; reject(error: unknown): void }>();
  const signals: AbortSignal[] = [];
  const project = (sample: VideoSample, signal: AbortSignal): Promise<VideoSample> => {
    started.push(sample.frame.index);
    signals.push(signal);
    return new Promise((resolve, reject) => {
      ends.set(sample.frame.index, { resolve: () => resolve(sample), reject });
    });
  };
  const end = async (index: number): Promise<void> => {
    ends.get(index)?.resolve();
    await settle();
  };
  return { project, started, signals, ends, end };
}

describe('mapOrdered', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => source.pipe(mapOrdered(async (sample: VideoSample) => sample, { concurrency: 2 })),
    synchronous: false,
  });

  it('starts as many projections as it may, and emits in the order of the input whichever ends first', () =>
    expectBalanced(async () => {
      const { project, started, end } = controlled();
      const emitted: number[] = [];
      const result = collect(framesFrom(3).pipe(mapOrdered(project, { concurrency: 2 })), ({ frame }) =>
        emitted.push(frame.index),
      );
      expect(started).toEqual([0, 1]);
      await end(1);
      expect(emitted).toEqual([]);
      expect(started).toEqual([0, 1, 2]);
      await end(0);
      expect(emitted).toEqual([0, 1]);
      await end(2);
      expect(await result).toEqual({ indexes: [0, 1, 2], error: undefined });
    }));

  it('runs one projection at a time by default', () =>
    expectBalanced(async () => {
      let running = 0;
      let most = 0;
      const project = async (sample: VideoSample): Promise<VideoSample> => {
        most = Math.max(most, ++running);
        await settle(3);
        running--;
        return sample;
      };
      await collect(framesFrom(5).pipe(mapOrdered(project)));
      expect(most).toBe(1);
    }));

  it('passes on several results for a sample, or none', () =>
    expectBalanced(async () => {
      const project = async (sample: VideoSample): Promise<readonly VideoSample[] | undefined> => {
        if (sample.frame.index === 1) {
          sample.frame.close();
          return undefined;
        }
        return [sample, testSample(sample.frame.index + 100)];
      };
      const { indexes } = await collect(framesFrom(3).pipe(mapOrdered(project)));
      expect(indexes).toEqual([0, 100, 2, 102]);
    }));

  it('closes the rest of several results when its receiver leaves after the first', () =>
    expectBalanced(async () => {
      const project = async (sample: VideoSample) => [sample, testSample(100), testSample(101)];
      const { indexes } = await collect(framesFrom(3).pipe(mapOrdered(project), takeFrames(1)));
      expect(indexes).toEqual([0]);
    }));

  it('fails with what a projection rejected with, and closes what waits, what runs and what arrives late', () =>
    expectBalanced(async () => {
      const { project, ends, end, signals } = controlled();
      const result = collect(framesFrom(4).pipe(mapOrdered(project, { concurrency: 2 })));
      const error = new Error('cannot');
      ends.get(1)?.reject(error);
      expect(await result).toEqual({ indexes: [], error });
      expect(signals[0]?.aborted).toBe(true);
      await end(0);
    }));

  it('fails when a projection throws before it makes a promise', () =>
    expectBalanced(async () => {
      const error = new Error('at once');
      const project = (): Promise<VideoSample> => {
        throw error;
      };
      expect(await collect(framesFrom(2).pipe(mapOrdered(project)))).toEqual({ indexes: [], error });
    }));

  it('tells running projections when it is left, and closes what they give afterwards', () =>
    expectBalanced(async () => {
      const { project, signals, end } = controlled();
      const subscription = framesFrom(2).pipe(mapOrdered(project)).subscribe();
      subscription.unsubscribe();
      expect(signals[0]?.reason).toMatchObject({ code: 'ABORTED' });
      await end(0);
    }));

  it('fails at once with an error of its source', () =>
    expectBalanced(async () => {
      const { project, end } = controlled();
      const source = new Subject<VideoSample>();
      const result = collect(source.pipe(mapOrdered(project)));
      source.next(testSample(0));
      source.error('broken');
      expect(await result).toEqual({ indexes: [], error: 'broken' });
      await end(0);
    }));

  it('holds no more frames than the pool of its source has', () =>
    expectBalanced(async () => {
      const pool = testPool(3);
      const { indexes } = await collect(
        pooledFrames(20, pool).pipe(mapOrdered(async (sample: VideoSample) => sample, { concurrency: 2 })),
      );
      expect(indexes).toHaveLength(20);
      expect(pool.peak).toBeLessThanOrEqual(3);
    }));

  it.each([0, -1, 1.5])('refuses a concurrency of %s', (concurrency) => {
    expect(() => mapOrdered(async (s: VideoSample) => s, { concurrency })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
