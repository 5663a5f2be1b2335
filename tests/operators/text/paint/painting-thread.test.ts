import type { Worker } from 'node:worker_threads';
import { map, of } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as spawning from '../../../../models/spawn-worker.js';
import { paintText } from '../../../../operators/text/paint/paint-text.js';
import { ThreadedPainting } from '../../../../operators/text/paint/painting-thread.js';
import { type PaintSettings, TextPainting } from '../../../../operators/text/paint/text-painting.js';
import { attach } from '../../../../pipeline/sample.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { collect, expectBalanced } from '../../../helpers/frames.js';
import { seen, signFrame } from './signs.js';

vi.setConfig({ testTimeout: 60_000 });

const threads = vi.hoisted((): Worker[] => []);
vi.mock('../../../../models/spawn-worker.js', async (original) => {
  const { spawnWorker } = await original<typeof spawning>();
  return {
    spawnWorker: (...how: Parameters<typeof spawnWorker>) => {
      const worker = spawnWorker(...how);
      threads.push(worker);
      return worker;
    },
  };
});

const settings: PaintSettings = { style: 'replace', mostLines: 8 };
const GRAIN = 6;

afterEach(() => {
  vi.useRealTimers();
});

/** Luma of frames that somebody paints into. */
async function painted(paint: (frame: VideoFrame, index: number) => void | Promise<void>): Promise<Uint8Array[]> {
  const result: Uint8Array[] = [];
  for (let index = 0; index < 6; index++) {
    const frame = signFrame(index, {}, { grain: GRAIN });
    await paint(frame, index);
    result.push(Uint8Array.from(frame.plane(0)));
    frame.close();
  }
  return result;
}

const texts = (word: string) => ({ texts: [seen({ translation: word })] });

describe('ThreadedPainting', () => {
  it('paints bit for bit what a painting in this thread does, two streams in one thread', () =>
    expectBalanced(async () => {
      const [one, other] = [new ThreadedPainting(settings), new ThreadedPainting(settings)];
      const [exits, outs] = await Promise.all([
        painted((frame) => one.paint(frame, texts('EXIT'))),
        painted((frame) => other.paint(frame, texts('OUT'))),
      ]);
      one.close();
      other.close();
      for (const [word, result] of [
        ['EXIT', exits],
        ['OUT', outs],
      ] as const) {
        const here = new TextPainting(settings);
        expect(
          await painted((frame) => {
            here.see(frame, texts(word));
            here.paint(frame, texts(word));
          }),
        ).toEqual(result);
      }
      expect(threads.length).toBe(1);
    }));

  it('ends the thread when nobody has painted for half a minute, and starts another', () =>
    expectBalanced(async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const first = new ThreadedPainting(settings);
      const [thread] = threads.slice(-1) as [Worker];
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      first.close();
      vi.advanceTimersByTime(29_000);
      const second = new ThreadedPainting(settings);
      vi.advanceTimersByTime(60_000);
      await painted((frame) => second.paint(frame, texts('EXIT')));
      expect(threads.at(-1)).toBe(thread);
      second.close();
      vi.advanceTimersByTime(31_000);
      // Nothing is asked of one that is ending.
      const third = new ThreadedPainting(settings);
      await painted((frame) => third.paint(frame, texts('EXIT')));
      third.close();
      await ended;
      expect(threads.at(-1)).not.toBe(thread);
    }));

  it('fails streams whose thread has died, closes their frames, and paints the next one', () =>
    expectBalanced(async () => {
      const stream = () =>
        of(0, 1, 2, 3).pipe(
          map((index) => attach({ frame: signFrame(index), meta: {} }, texts('EXIT'))),
          paintText(),
        );
      const result = collect(stream());
      await threads.at(-1)?.terminate();
      expect((await result).error).toMatchObject({ code: 'WORKER_LOST', message: /^paint-text: / });
      expect((await collect(stream())).indexes).toEqual([0, 1, 2, 3]);
    }));
});
