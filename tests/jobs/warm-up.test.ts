import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { warmUp } from '../../jobs/warm-up.js';
import { defaultInferencePool, disposeDefaultInferencePool } from '../../models/default-pool.js';
import { createGraph, type Graph } from '../../pipeline/graph/graph.js';
import { filterFrames, mapOrdered, type VideoSample } from '../../pipeline/index.js';
import { expectBalanced, until } from '../helpers/frames.js';
import { pipeOperator, testOperator } from '../helpers/operators.js';

const graphOf = (apply: (frames: Observable<VideoSample>) => Observable<VideoSample>): Graph =>
  createGraph({ nodes: { node: { use: pipeOperator('node', apply) } } });

describe('warmUp', () => {
  it('runs pictures of the size that will come, until one has come through', () =>
    expectBalanced(async () => {
      const sizes: string[] = [];
      const graph = graphOf((frames) =>
        frames.pipe(
          mapOrdered(async (sample: VideoSample) => {
            sizes.push(`${sample.frame.width}×${sample.frame.height}`);
            return sample;
          }),
        ),
      );
      (await warmUp(graph, { size: { width: 64, height: 36 } })).release();
      (await warmUp(graph)).release();
      expect(new Set(sizes)).toEqual(new Set(['64×36', '1280×720']));
      expect(sizes.length).toBeLessThan(8);
    }));

  it('keeps the models loaded until it is released', () =>
    expectBalanced(async () => {
      const warm = await warmUp(await loadGraph('colorize'), { size: { width: 320, height: 240 } });
      const loaded = (): number => defaultInferencePool().metrics().models.length;
      expect(loaded()).toBeGreaterThan(0);
      expect(
        defaultInferencePool()
          .metrics()
          .models.every(({ runs }) => runs > 0),
      ).toBe(true);
      warm.release();
      await until(() => loaded() === 0);
      expect(loaded()).toBe(0);
      await disposeDefaultInferencePool();
    }));

  it('lets operators rehearse before the first picture, with their options', () =>
    expectBalanced(async () => {
      const did: unknown[] = [];
      const rehearser = testOperator('rehearser', {
        rehearse: async (options) => {
          await new Promise(setImmediate);
          did.push(options);
        },
        create:
          () =>
          ([input]) => [
            (input as Observable<VideoSample>).pipe(
              mapOrdered(async (sample: VideoSample) => {
                did.push('picture');
                return sample;
              }),
            ),
          ],
      });
      (await warmUp(createGraph({ nodes: { rehearser: { use: rehearser } } }))).release();
      expect(did.slice(0, 2)).toEqual([{}, 'picture']);
    }));

  it('is content with a graph that gives nothing', () =>
    expectBalanced(async () => {
      (await warmUp(graphOf((frames) => frames.pipe(filterFrames(() => false))))).release();
    }));

  it('gives an operator as many pictures as it needs', () =>
    expectBalanced(async () => {
      const holder = testOperator('hold', {
        demand: () => ({ holds: 5, needs: 5 }),
        create:
          () =>
          ([input]) => [hold(input as Observable<VideoSample>, 5)],
      });
      (await warmUp(createGraph({ nodes: { hold: { use: holder } } }))).release();
    }));

  it('fails with what the graph fails with', () =>
    expectBalanced(async () => {
      const graph = graphOf((frames) =>
        frames.pipe(
          mapOrdered(async () => {
            throw new Error('no such model');
          }),
        ),
      );
      await expect(warmUp(graph)).rejects.toMatchObject({ message: expect.stringMatching('no such model') });
    }));

  it('fails with what a rehearsal fails with', () =>
    expectBalanced(async () => {
      const rehearser = testOperator('rehearser', { rehearse: () => Promise.reject(new Error('no such font')) });
      const graph = createGraph({ nodes: { rehearser: { use: rehearser } } });
      await expect(warmUp(graph)).rejects.toThrow('no such font');
    }));

  it('ends with its signal', () =>
    expectBalanced(async () => {
      const gone = new Error('gone');
      const abort = new AbortController();
      const never = graphOf((frames) =>
        frames.pipe(
          mapOrdered(
            (sample: VideoSample, signal) =>
              new Promise<VideoSample>((_, reject) => {
                signal.addEventListener('abort', () => reject(signal.reason));
                void sample;
                abort.abort(gone);
              }),
          ),
        ),
      );
      await expect(warmUp(never, { signal: abort.signal })).rejects.toBe(gone);
    }));
});

/** Gives a picture when it has as many as it was told. */
function hold(input: Observable<VideoSample>, count: number): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const held: VideoSample[] = [];
    subscriber.add(() => {
      for (const { frame } of held.splice(0)) frame.close();
    });
    const inner = input.subscribe({
      next: (sample) => {
        held.push(sample);
        if (held.length === count) subscriber.next(held.shift() as VideoSample);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    subscriber.add(inner);
  });
}
