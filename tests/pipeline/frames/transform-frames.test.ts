import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { closeSample } from '../../../pipeline/frames/frame-subscriber.js';
import { takeFrames } from '../../../pipeline/frames/take-frames.js';
import { type FrameTransform, transformFrames } from '../../../pipeline/frames/transform-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { closeSamples, collect, expectBalanced, framesFrom, settle, testSample } from '../../helpers/frames.js';

type Transform = FrameTransform<VideoSample, VideoSample>;

const using = (create: () => Transform) => transformFrames<VideoSample, VideoSample>(create, closeSample);

/** Gives each frame when the next has come, the last at the end. */
class OneBehind implements Transform {
  readonly log: string[];
  readonly #held: VideoSample[] = [];

  constructor(log: string[] = []) {
    this.log = log;
  }
  async transform(sample: VideoSample, emit: (output: VideoSample) => void): Promise<void> {
    await settle(2);
    const before = this.#held.shift();
    this.#held.push(sample);
    if (before !== undefined) emit(before);
    this.log.push(`transformed ${sample.frame.index}`);
  }
  async flush(emit: (output: VideoSample) => void): Promise<void> {
    this.log.push('flushed');
    for (const sample of this.#held.splice(0)) emit(sample);
  }
  dispose(): void {
    this.log.push('disposed');
    closeSamples(this.#held.splice(0));
  }
}

describe('transformFrames', () => {
  itKeepsTheFrameOperatorLaws({ apply: (source) => source.pipe(using(() => new OneBehind())), synchronous: false });

  describe('with a transformation that emits at once', () => {
    itKeepsTheFrameOperatorLaws({
      apply: (source) => source.pipe(using(() => ({ transform: async (sample, emit) => emit(sample) }))),
      synchronous: false,
    });
  });

  it('transforms one after another, flushes after the last, and disposes once', () =>
    expectBalanced(async () => {
      const log: string[] = [];
      const { indexes } = await collect(framesFrom(2).pipe(using(() => new OneBehind(log))));
      await settle();
      expect(indexes).toEqual([0, 1]);
      expect(log).toEqual(['transformed 0', 'transformed 1', 'flushed', 'disposed']);
    }));

  it('makes a state of its own for each subscription', () =>
    expectBalanced(async () => {
      const operator = using(() => new OneBehind());
      const results = await Promise.all([collect(framesFrom(2).pipe(operator)), collect(framesFrom(3).pipe(operator))]);
      expect(results.map((r) => r.indexes)).toEqual([
        [0, 1],
        [0, 1, 2],
      ]);
    }));

  it('fails with what the transformation throws, discards what waits, and disposes', () =>
    expectBalanced(async () => {
      const log: string[] = [];
      const error = new Error('no filter');
      const create = (): Transform => ({
        transform: async (sample) => {
          sample.frame.close();
          throw error;
        },
        dispose: () => void log.push('disposed'),
      });
      expect(await collect(framesFrom(3).pipe(using(create)))).toEqual({ indexes: [], error });
      expect(log).toEqual(['disposed']);
    }));

  it('closes what is emitted after its receiver has left, and disposes only when nothing is under way', () =>
    expectBalanced(async () => {
      const log: string[] = [];
      const create = (): Transform => ({
        transform: async (sample, emit, signal) => {
          emit(sample);
          await settle(5);
          log.push(signal.aborted ? 'told' : 'not told');
          emit(testSample(99));
        },
        dispose: () => void log.push('disposed'),
      });
      const { indexes } = await collect(framesFrom(3).pipe(using(create), takeFrames(1)));
      await settle();
      expect(indexes).toEqual([0]);
      expect(log).toEqual(['told', 'disposed']);
    }));

  it('takes what comes just when it is done with what came before', () =>
    expectBalanced(async () => {
      for (let ticks = 0; ticks < 8; ticks++) {
        const source = new Subject<VideoSample>();
        const transform: Transform = {
          transform: async (sample, emit) => {
            if (sample.frame.index === 0) void later(ticks, () => source.next(testSample(1)));
            emit(sample);
          },
        };
        const indexes: number[] = [];
        const subscription = source.pipe(using(() => transform)).subscribe(({ frame }) => {
          indexes.push(frame.index);
          frame.close();
        });
        source.next(testSample(0));
        await settle(20);
        expect([ticks, ...indexes]).toEqual([ticks, 0, 1]);
        subscription.unsubscribe();
      }
    }));
});

/** Acts after so many turns of the microtask queue. */
async function later(ticks: number, act: () => void): Promise<void> {
  for (let i = 0; i < ticks; i++) await undefined;
  act();
}
