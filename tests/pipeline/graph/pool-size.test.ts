import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { closeSample } from '../../../pipeline/frames/frame-subscriber.js';
import { type FrameTransform, transformFrames } from '../../../pipeline/frames/transform-frames.js';
import type { GraphDocument } from '../../../pipeline/graph/document.js';
import { createGraph, type Graph } from '../../../pipeline/graph/graph.js';
import type { OperatorDefinition } from '../../../pipeline/operator.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { closeSamples, collect, expectBalanced, pooledFrames, settle, testPool } from '../../helpers/frames.js';
import { sideBySide, testOperator } from '../../helpers/operators.js';

/** Holds back `needs − 1` frames until one more arrives or the stream ends. */
function lookAhead(needs: number, holds = needs): OperatorDefinition {
  const delay = transformFrames<VideoSample, VideoSample>(() => new Delay(needs), closeSample);
  return testOperator(`look-${needs}`, {
    demand: () => ({ holds, needs }),
    create:
      () =>
      ([input]) => [delay(input as Observable<VideoSample>)],
  });
}

class Delay implements FrameTransform<VideoSample, VideoSample> {
  readonly #held: VideoSample[] = [];
  readonly #needs: number;

  constructor(needs: number) {
    this.#needs = needs;
  }
  async transform(sample: VideoSample, emit: (sample: VideoSample) => void): Promise<void> {
    this.#held.push(sample);
    if (this.#held.length >= this.#needs) emit(this.#held.shift() as VideoSample);
  }
  async flush(emit: (sample: VideoSample) => void): Promise<void> {
    for (const sample of this.#held.splice(0)) emit(sample);
  }
  dispose(): void {
    closeSamples(this.#held.splice(0));
  }
}

const FRAMES = 40;
const graphOf = (nodes: NonNullable<GraphDocument['nodes']>): Graph => createGraph({ nodes });

/** source → a → b, and beside it source → c, joined. */
function diamond(a: number, b: number, c: number): Graph {
  return graphOf({
    a: { use: lookAhead(a) },
    b: { use: lookAhead(b) },
    c: { use: lookAhead(c), from: 'source' },
    join: { use: sideBySide, from: ['b', 'c'] },
  });
}

describe('the pool size of a graph', () => {
  it('is at least one slot, and two let the source fill one while the sink has one', () => {
    expect(createGraph({}).poolSize()).toEqual({ minimum: 1, recommended: 2 });
  });

  it('adds up what nodes in a row need and hold', () => {
    const graph = graphOf({ a: { use: lookAhead(3, 8) }, b: { use: lookAhead(5, 6) } });
    expect(graph.poolSize({ sinkHolds: 4 })).toEqual({ minimum: 7, recommended: 19 });
  });

  it('counts what the sink needs', () => {
    expect(createGraph({}).poolSize({ sinkHolds: 10, sinkNeeds: 6 })).toEqual({ minimum: 6, recommended: 11 });
  });

  it('takes the longest of ways beside each other, since they hold the same pictures', () => {
    expect(diamond(3, 4, 2).poolSize()).toEqual({ minimum: 6, recommended: 10 });
    expect(diamond(1, 1, 9).poolSize()).toEqual({ minimum: 9, recommended: 12 });
  });

  it('counts from another producer of frames on', () => {
    const graph = graphOf({ a: { use: lookAhead(3) }, b: { use: lookAhead(5) } });
    expect(graph.poolSize({ producer: 'a' })).toEqual({ minimum: 5, recommended: 7 });
  });

  it('refuses a pool that is too small, and says along which way', () => {
    const graph = diamond(3, 4, 2);
    expect(() => graph.poolSize({ requested: 5 })).toThrow(
      expect.objectContaining({
        code: 'GRAPH_POOL',
        message:
          'graph: 6 frames must be open at once along source → a → b → join for it to make progress, but the pool has 5 slots',
      }),
    );
    expect(graph.poolSize({ requested: 6 }).minimum).toBe(6);
  });

  it('trusts no operator that needs more than it says it holds', () => {
    expect(graphOf({ a: { use: lookAhead(5, 2) } }).poolSize().recommended).toBe(7);
  });

  it('is enough for the graph to run through: no graph stands still at its minimum', async () => {
    const needs = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(needs, needs, needs, (a, b, c) =>
        expectBalanced(async () => {
          const graph = diamond(a, b, c);
          const pool = testPool(graph.poolSize().minimum);
          const { indexes, error } = await collect(graph.build(pooledFrames(FRAMES, pool)));
          expect(error).toBeUndefined();
          expect(indexes).toHaveLength(FRAMES);
        }),
      ),
      { numRuns: 25 },
    );
  });

  it('is not larger than it must be: with one slot fewer, such a graph stands still', () =>
    expectBalanced(async () => {
      const graph = diamond(3, 4, 2);
      const pool = testPool(graph.poolSize().minimum - 1);
      const seen: number[] = [];
      const subscription = graph.build(pooledFrames(FRAMES, pool)).subscribe(({ frame }) => {
        seen.push(frame.index);
        frame.close();
      });
      await settle(500);
      expect([seen, pool.inUse]).toEqual([[], pool.slots]);
      subscription.unsubscribe();
    }));
});
