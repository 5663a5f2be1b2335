import { type Observable, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { VitascopeError } from '../../pipeline/errors.js';
import { consumeFrames } from '../../pipeline/frames/consume-frames.js';
import { mapOrdered } from '../../pipeline/frames/map-ordered.js';
import { takeFrames } from '../../pipeline/frames/take-frames.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import { Runner, type RunnerOptions } from '../../pipeline/runner.js';
import type { VideoSample } from '../../pipeline/sample.js';
import { expectBalanced, failingFrames, pooledFrames, settle, testPool, testSample } from '../helpers/frames.js';
import { colorize, pipeOperator } from '../helpers/operators.js';

const graph = createGraph({ nodes: { colour: { use: colorize } } });
const throughAll = (frames: Observable<VideoSample>): Observable<VideoSample> => frames;

/** A sink that writes down what it got. */
function notebook(onSample: (index: number) => void = () => {}) {
  const written: number[] = [];
  const sink = (output: Observable<VideoSample>): Promise<void> =>
    consumeFrames(output, async ({ frame }) => {
      written.push(frame.index);
      onSample(frame.index);
    });
  return { written, sink };
}

function runner(changes: Partial<RunnerOptions>): Runner {
  return new Runner({ source: pooledFrames(5), graph, sink: notebook().sink, ...changes });
}

describe('Runner', () => {
  it('runs a source through a graph into a sink', () =>
    expectBalanced(async () => {
      const { written, sink } = notebook();
      const run = runner({ source: pooledFrames(20), sink });
      expect(run.state).toBe('idle');
      const finished = run.start();
      expect(run.state).toBe('running');
      await finished;
      expect(run.state).toBe('finished');
      expect(written).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }));

  it('does nothing until it is started, and starts once', () =>
    expectBalanced(async () => {
      const source = new Subject<VideoSample>();
      const run = runner({ source });
      expect(source.observed).toBe(false);
      expect(run.start()).toBe(run.start());
      source.complete();
      await run.finished;
    }));

  it('drains when its source has ended: what is in flight still reaches the sink', () =>
    expectBalanced(async () => {
      const source = new Subject<VideoSample>();
      const { written, sink } = notebook();
      const run = runner({ source, sink });
      void run.start();
      source.next(testSample(0));
      source.next(testSample(1));
      source.complete();
      expect(run.state).toBe('draining');
      expect(written).toEqual([]);
      await run.finished;
      expect(written).toEqual([0, 1]);
    }));

  it('takes no more input when stopped, and drains', () =>
    expectBalanced(async () => {
      const source = new Subject<VideoSample>();
      const { written, sink } = notebook();
      const run = runner({ source, sink });
      void run.start();
      source.next(testSample(0));
      const stopped = run.stop();
      expect(run.state).toBe('draining');
      expect(source.observed).toBe(false);
      await stopped;
      expect(written).toEqual([0]);
      expect(run.state).toBe('finished');
    }));

  it('stops an endless source without losing or leaking a frame', () =>
    expectBalanced(async () => {
      const pool = testPool(3);
      const { written, sink } = notebook((index) => {
        if (index === 10) void run.stop();
      });
      const run = runner({ source: pooledFrames(Number.POSITIVE_INFINITY, pool), sink, pool });
      void run.start();
      await settle();
      expect(written).toEqual(Array.from({ length: run.metrics().framesIn }, (_, i) => i));
      expect(pool.inUse).toBe(0);
    }));

  it('finishes without having run when it is stopped before it is started', async () => {
    const source = new Subject<VideoSample>();
    const run = runner({ source });
    await run.stop();
    void run.start();
    expect([run.state, source.observed]).toEqual(['finished', false]);
  });

  it('tears down at once when aborted, closes every frame, and rejects with ABORTED', () =>
    expectBalanced(async () => {
      const source = new Subject<VideoSample>();
      const { written, sink } = notebook();
      const run = runner({ source, sink });
      const finished = run.start();
      source.next(testSample(0));
      source.next(testSample(1));
      const aborted = run.abort();
      expect(source.observed).toBe(false);
      await expect(finished).rejects.toMatchObject({ code: 'ABORTED' });
      await aborted;
      expect(run.state).toBe('aborted');
      expect(written).toEqual([]);
    }));

  it('gives the reason of an abort to the sink and to whoever waits', () =>
    expectBalanced(async () => {
      const reason = new VitascopeError('OUTPUT_DISK_FULL', 'disk: full');
      let heard: unknown;
      const run = runner({
        source: pooledFrames(Number.POSITIVE_INFINITY),
        sink: (output) =>
          consumeFrames(output, async () => {}).catch((error: unknown) => {
            heard = error;
          }),
      });
      void run.start();
      await run.abort(reason);
      await expect(run.finished).rejects.toBe(reason);
      expect(heard).toBe(reason);
    }));

  it('can be aborted while it drains, and waits for the sink to let go', () =>
    expectBalanced(async () => {
      const log: string[] = [];
      const run = runner({
        source: new Subject<VideoSample>(),
        graph: () => new Subject<VideoSample>(),
        sink: async (output) => {
          await consumeFrames(output, async () => {}).catch(() => {});
          await settle(5);
          log.push('file closed');
        },
      });
      void run.start();
      run.stop().catch(() => log.push('rejected'));
      await run.abort('out of patience');
      expect(log).toContain('file closed');
      await expect(run.finished).rejects.toMatchObject({ code: 'ABORTED', message: 'Runner: out of patience' });
    }));

  it('can be aborted before it is started', async () => {
    const run = runner({});
    await run.abort();
    expect(run.state).toBe('aborted');
    await expect(run.start()).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('ignores stop and abort once it has finished', () =>
    expectBalanced(async () => {
      const run = runner({});
      await run.start();
      await run.stop();
      await run.abort();
      expect(run.state).toBe('finished');
    }));

  it('fails with an error of the source', () =>
    expectBalanced(async () => {
      const error = new VitascopeError('DECODE_FAILED', 'decoder: gave up');
      const run = runner({ source: failingFrames(2, error) });
      await expect(run.start()).rejects.toBe(error);
      expect(run.state).toBe('failed');
    }));

  it('fails with an error of the graph even when the sink swallows it', () =>
    expectBalanced(async () => {
      const fragile = pipeOperator('fragile', (frames) =>
        frames.pipe(
          mapOrdered(async (): Promise<VideoSample> => {
            throw new VitascopeError('INFERENCE_FAILED', 'no memory');
          }),
        ),
      );
      const run = runner({
        graph: createGraph({ nodes: { fragile: { use: fragile } } }),
        sink: (output) => consumeFrames(output, async () => {}).catch(() => {}),
      });
      await expect(run.start()).rejects.toMatchObject({ code: 'INFERENCE_FAILED', message: 'node fragile: no memory' });
    }));

  it('fails with an error of the sink, and tears down what is before it', () =>
    expectBalanced(async () => {
      const pool = testPool(3);
      const run = runner({
        source: pooledFrames(Number.POSITIVE_INFINITY, pool),
        sink: (output) =>
          consumeFrames(output, async ({ frame }) => {
            if (frame.index === 4) throw new VitascopeError('OUTPUT_DISK_FULL', 'disk: full');
          }),
      });
      await expect(run.start()).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
      await settle();
      expect([run.state, pool.inUse]).toEqual(['failed', 0]);
    }));

  it('fails when the graph cannot be built, and never subscribes to the source', async () => {
    const source = new Subject<VideoSample>();
    const run = runner({
      source,
      graph: () => {
        throw new VitascopeError('OPTION_INVALID', 'colorize: strength');
      },
    });
    await expect(run.start()).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect([run.state, source.observed]).toEqual(['failed', false]);
  });

  it('leaves its source when the sink has enough', () =>
    expectBalanced(async () => {
      const pool = testPool(3);
      const run = runner({
        source: pooledFrames(Number.POSITIVE_INFINITY, pool),
        sink: (output) => consumeFrames(output.pipe(takeFrames(3)), async () => {}),
      });
      await run.start();
      await settle();
      expect([run.state, pool.inUse]).toEqual(['finished', 0]);
    }));

  it('leaves its source when the sink resolves and forgets to unsubscribe', () =>
    expectBalanced(async () => {
      const source = new Subject<VideoSample>();
      const run = runner({
        source,
        graph: throughAll,
        sink: async (output) => {
          output.subscribe(({ frame }) => frame.close());
        },
      });
      await run.start();
      expect([run.state, source.observed]).toEqual(['finished', false]);
    }));

  it('leaves no rejection unhandled when nobody waits for it', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', listen);
    const run = runner({ source: failingFrames(0, new Error('broken')) });
    void run.start();
    await settle();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(run.state).toBe('failed');
    expect(unhandled).toEqual([]);
  });

  it('shows, as plain JSON, what came in, what went out, the pool and each node', () =>
    expectBalanced(async () => {
      const pool = testPool(4);
      const run = runner({ source: pooledFrames(12, pool), pool });
      expect(run.metrics()).toMatchObject({
        state: 'idle',
        elapsedMs: 0,
        framesIn: 0,
        framesOut: 0,
        fps: 0,
        nodes: [],
      });
      await run.start();
      const metrics = run.metrics();
      expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
      expect(metrics).toMatchObject({
        state: 'finished',
        framesIn: 12,
        framesOut: 12,
        pool: { slots: 4, inUse: 0, dropped: 0 },
        nodes: [{ node: 'colour', framesIn: 12, framesOut: 12 }],
      });
    }));
});
