import { NEVER, Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { VitascopeError } from '../../../pipeline/errors.js';
import { filterFrames } from '../../../pipeline/frames/filter-frames.js';
import { tapFrames } from '../../../pipeline/frames/tap-frames.js';
import type { GraphDocument } from '../../../pipeline/graph/document.js';
import { createGraph } from '../../../pipeline/graph/graph.js';
import { GraphMetrics, reportModelMs } from '../../../pipeline/metrics.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, failingFrames, framesFrom, pooledFrames } from '../../helpers/frames.js';
import { colorize, deinterlace, pipeOperator, sideBySide, sortFrames, testOperator } from '../../helpers/operators.js';

const chain: GraphDocument = { nodes: { first: { use: deinterlace }, second: { use: colorize } } };
const compare: GraphDocument = {
  nodes: { colour: { use: colorize }, beside: { use: sideBySide, from: { left: 'source', right: 'colour' } } },
};
const halves: GraphDocument = {
  nodes: { sort: { use: sortFrames }, even: { use: deinterlace, from: 'sort.even' } },
};

describe('a built graph', () => {
  describe('without nodes', () => {
    itKeepsTheFrameOperatorLaws({ apply: (source) => createGraph({}).build(source) });
  });
  describe('of nodes in a row', () => {
    itKeepsTheFrameOperatorLaws({ apply: (source) => createGraph(chain).build(source), synchronous: false });
  });
  describe('with a branch and a join', () => {
    itKeepsTheFrameOperatorLaws({ apply: (source) => createGraph(compare).build(source), synchronous: false });
  });
  describe('with an output that nobody takes', () => {
    itKeepsTheFrameOperatorLaws({
      apply: (source) => createGraph(halves).build(source),
      expected: (count) => Array.from({ length: Math.ceil(count / 2) }, (_, i) => 2 * i),
    });
  });

  it('counts what passes each node', () =>
    expectBalanced(async () => {
      const metrics = new GraphMetrics();
      await collect(createGraph(compare).build(pooledFrames(6), metrics));
      expect(metrics.snapshot()).toMatchObject([
        { node: 'colour', framesIn: 6, framesOut: 6, dropped: 0, inFlight: 0 },
        { node: 'beside', framesIn: 12, framesOut: 6, dropped: 0, inFlight: 0 },
      ]);
    }));

  it('counts frames that a node keeps back as dropped', () =>
    expectBalanced(async () => {
      const metrics = new GraphMetrics();
      const half = pipeOperator(
        'half',
        filterFrames(({ frame }: VideoSample) => frame.index % 2 === 0),
      );
      await collect(createGraph({ nodes: { half: { use: half } } }).build(framesFrom(7), metrics));
      expect(metrics.snapshot()).toMatchObject([{ framesIn: 7, framesOut: 4, dropped: 3, inFlight: 0 }]);
    }));

  it('knows of which node a model time is, even where branches share a frame', () =>
    expectBalanced(async () => {
      const metrics = new GraphMetrics();
      const model = (name: string, ms: number) =>
        pipeOperator(
          name,
          tapFrames((sample: VideoSample) => reportModelMs(sample, ms)),
        );
      const graph = createGraph({
        nodes: {
          slow: { use: model('slow', 90) },
          fast: { use: model('fast', 3), from: 'source' },
          beside: { use: sideBySide, from: ['slow', 'fast'] },
        },
      });
      await collect(graph.build(framesFrom(2), metrics));
      expect(metrics.snapshot()).toMatchObject([
        { node: 'slow', modelMs: { runs: 2, total: 180 } },
        { node: 'fast', modelMs: { runs: 2, total: 6 } },
        { node: 'beside', modelMs: null },
      ]);
    }));

  describe('when a node fails', () => {
    const failing = (error: unknown) =>
      pipeOperator(
        'fragile',
        tapFrames(({ frame }: VideoSample) => {
          if (frame.index === 1) throw error;
        }),
      );
    const build = (error: unknown) =>
      createGraph({ nodes: { a: { use: deinterlace }, b: { use: failing(error) }, c: { use: colorize } } });

    it('adds the name of the node to an error of ours, and keeps its code and context', () =>
      expectBalanced(async () => {
        const cause = new VitascopeError('INFERENCE_FAILED', 'out of memory', { context: { bytes: 9 } });
        const { error } = await collect(build(cause).build(framesFrom(3)));
        expect(error).toMatchObject({
          code: 'INFERENCE_FAILED',
          message: 'node b: out of memory',
          context: { bytes: 9, node: 'b' },
          cause,
        });
      }));

    it('wraps what is not ours', () =>
      expectBalanced(async () => {
        const { error } = await collect(build(new TypeError('x is not a function')).build(framesFrom(3)));
        expect(error).toMatchObject({ code: 'OPERATOR_FAILED', message: 'node b: x is not a function' });
      }));

    it('blames no node for an error of the source', () =>
      expectBalanced(async () => {
        const error = new VitascopeError('DECODE_FAILED', 'decoder: gave up');
        expect((await collect(build(new Error('never')).build(failingFrames(1, error)))).error).toBe(error);
      }));

    it('blames no node that passes on an error of the source in words of its own', async () => {
      const error = new Error('below');
      const wrapping = pipeOperator(
        'wrapping',
        (frames) =>
          new Observable((subscriber) =>
            frames.subscribe({ error: (cause: unknown) => subscriber.error(new Error('above', { cause })) }),
          ),
      );
      const graph = createGraph({ nodes: { w: { use: wrapping } } });
      const result = await collect(graph.build(failingFrames(0, error)));
      expect(result.error).toMatchObject({ message: 'above', cause: error });
    });
  });

  it('is refused when an operator builds fewer outputs than it declares', () => {
    const empty = testOperator('empty', { create: () => () => [] });
    expect(() => createGraph({ nodes: { e: { use: empty } } }).build(NEVER)).toThrow(
      expect.objectContaining({ code: 'GRAPH_INVALID', message: 'node e: operator empty built no output "video"' }),
    );
  });

  it('is a new instance each time', () =>
    expectBalanced(async () => {
      const graph = createGraph(chain);
      const results = await Promise.all([collect(graph.build(framesFrom(2))), collect(graph.build(framesFrom(3)))]);
      expect(results.map((r) => r.indexes.length)).toEqual([2, 3]);
    }));
});
