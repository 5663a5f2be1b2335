import { EMPTY, NEVER, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { takeFrames } from '../../pipeline/frames/take-frames.js';
import type { VideoSample } from '../../pipeline/sample.js';
import {
  carelessSource,
  collect,
  expectBalanced,
  failingFrames,
  framesFrom,
  pooledFrames,
  settle,
  testPool,
  until,
} from './frames.js';

export interface FrameOperatorLaws {
  /** Applies the operator, freshly made. */
  readonly apply: (source: Observable<VideoSample>) => Observable<VideoSample>;
  /** Which of the source's frames 0…count−1 come out, by index. Default: all. */
  readonly expected?: (count: number) => readonly number[];
  /** True when it emits inside the source's `next`. Default true. */
  readonly synchronous?: boolean;
  /** True when it forwards errors that come before it has completed. Default true. */
  readonly forwardsErrors?: boolean;
  /** Frames that must be open at once for it to make progress. Default 3. */
  readonly slots?: number;
}

const all = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** The cases that every operator on frames must stand: RxJS's own, each with the ledger of frames checked. */
export function itKeepsTheFrameOperatorLaws(laws: FrameOperatorLaws): void {
  const { apply, expected = all, synchronous = true, forwardsErrors = true, slots = 3 } = laws;

  describe('as every frame operator', () => {
    it('emits nothing and does not end while its source is silent', async () => {
      const seen: string[] = [];
      const subscription = apply(NEVER).subscribe({ next: () => seen.push('next'), complete: () => seen.push('end') });
      await settle();
      subscription.unsubscribe();
      expect(seen).toEqual([]);
    });

    it('completes on an empty source', () =>
      expectBalanced(async () => {
        expect(await collect(apply(EMPTY))).toEqual({ indexes: [], error: undefined });
      }));

    it.each([1, 2, 7])('passes on what it should of %i frames, in order', (count) =>
      expectBalanced(async () => {
        expect(await collect(apply(framesFrom(count)))).toEqual({ indexes: expected(count), error: undefined });
      }),
    );

    it('passes on an error of its source and leaks none of the frames before it', () =>
      expectBalanced(async () => {
        const error = new Error('broken source');
        const result = await collect(apply(failingFrames(3, error)));
        if (forwardsErrors) expect(result.error).toBe(error);
      }));

    it('leaves an endless source when it is left, and leaks nothing', () =>
      expectBalanced(async () => {
        const pool = testPool(slots);
        const wanted = expected(1000).slice(0, 4);
        const { indexes } = await collect(apply(pooledFrames(Number.POSITIVE_INFINITY, pool)).pipe(takeFrames(4)));
        await until(() => pool.inUse === 0);
        expect(indexes).toEqual(wanted);
        expect(pool.inUse).toBe(0);
      }));

    if (synchronous) {
      it('leaves a source that emits endlessly inside subscribe', () =>
        expectBalanced(async () => {
          const { indexes } = await collect(apply(framesFrom(Number.POSITIVE_INFINITY)).pipe(takeFrames(4)));
          expect(indexes).toEqual(expected(1000).slice(0, 4));
        }));
    }

    it('unsubscribes from its source, and closes a frame that the source emits nevertheless', () =>
      expectBalanced(async () => {
        const source = carelessSource();
        const subscription = apply(source.frames).subscribe(({ frame }) => frame.close());
        source.emit(0);
        subscription.unsubscribe();
        expect(source.left()).toBe(true);
        await settle();
      }));
  });
}
