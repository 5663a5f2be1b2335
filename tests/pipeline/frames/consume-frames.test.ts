import { EMPTY } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { consumeFrames } from '../../../pipeline/frames/consume-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import {
  carelessSource,
  expectBalanced,
  failingFrames,
  framesFrom,
  pooledFrames,
  settle,
  testPool,
} from '../../helpers/frames.js';

describe('consumeFrames', () => {
  it('resolves at once when there is nothing to consume', async () => {
    await expect(consumeFrames<VideoSample>(EMPTY, async () => {})).resolves.toBeUndefined();
  });

  it('consumes one frame after another, and closes each afterwards', () =>
    expectBalanced(async () => {
      const seen: string[] = [];
      await consumeFrames(framesFrom(3), async ({ frame }) => {
        seen.push(`begin ${frame.index}`);
        await settle(3);
        seen.push(`end ${frame.index} ${frame.closed ? 'closed' : 'open'}`);
      });
      expect(seen).toEqual(['begin 0', 'end 0 open', 'begin 1', 'end 1 open', 'begin 2', 'end 2 open']);
    }));

  it('goes on as the pool of an endless source allows, until the signal aborts', () =>
    expectBalanced(async () => {
      const abort = new AbortController();
      const pool = testPool(2);
      const consumed = consumeFrames(
        pooledFrames(Number.POSITIVE_INFINITY, pool),
        async ({ frame }) => {
          if (frame.index === 10) abort.abort(new Error('enough'));
        },
        abort.signal,
      );
      await expect(consumed).rejects.toThrow('enough');
      await settle();
      expect(pool.inUse).toBe(0);
    }));

  it('does not begin when the signal has aborted before', () =>
    expectBalanced(async () => {
      const consumed = consumeFrames(framesFrom(3), async () => {}, AbortSignal.abort('before'));
      await expect(consumed).rejects.toBe('before');
    }));

  it('rejects with an error of its source after what came before it was consumed', () =>
    expectBalanced(async () => {
      const seen: number[] = [];
      const consumed = consumeFrames(failingFrames(2, new Error('broken')), async ({ frame }) => {
        await settle(3);
        seen.push(frame.index);
      });
      await expect(consumed).rejects.toThrow('broken');
      expect(seen).toEqual([0, 1]);
    }));

  it('rejects with an error of the consumer at once, leaves its source and closes what waits', () =>
    expectBalanced(async () => {
      const source = carelessSource();
      const consumed = consumeFrames(source.frames, async () => {
        throw new Error('disk full');
      });
      source.emit(0);
      source.emit(1);
      await expect(consumed).rejects.toThrow('disk full');
      expect(source.left()).toBe(true);
      source.emit(2);
    }));
});
