import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import { LiveStream, type LiveStreamOptions } from '../../jobs/live-stream.js';
import { createGraph, type Graph } from '../../pipeline/graph/graph.js';
import { attach, mapOrdered, type VideoSample } from '../../pipeline/index.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced, settle } from '../helpers/frames.js';
import { liveServer, whole } from '../helpers/live-server.js';
import { testOperator } from '../helpers/operators.js';
import { Recorder } from './recorder.js';

/** Notes its option on each picture, some time later. */
const marker = testOperator<{ mark: string }>('mark', {
  options: z.strictObject({ mark: z.string().default('a') }) as never,
  demand: () => ({ holds: 4, needs: 1 }),
  create:
    ({ mark }) =>
    ([input]) => [
      (input as Observable<VideoSample>).pipe(
        mapOrdered(
          async (sample) => {
            await settle(mark === 'a' ? 40 : 1);
            if (mark === 'broken') throw new Error('cannot do that');
            return attach(sample, { mark });
          },
          { concurrency: 4 },
        ),
      ),
    ],
});

const marks = (mark: string): Graph => createGraph({ nodes: { mark: { use: marker as never, with: { mark } } } });

/** A stream of 48 pictures, none of which is left out. */
async function stream48(options: Partial<LiveStreamOptions>) {
  const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
  const output = new Recorder();
  const stream = await LiveStream.open({
    input: server.url,
    inputOptions: { reconnect: false, catchUpMs: 60_000 },
    graph: marks('a'),
    outputs: [output],
    ...options,
  });
  return { server, output, stream };
}

describe('changing the options of a live stream', () => {
  it('takes effect between two pictures, without losing or doubling one', () =>
    expectBalanced(async () => {
      const seen: { ptsUs: number; mark: unknown }[] = [];
      let changed: Promise<void> | undefined;
      const { server, output, stream } = await stream48({
        onMetadata: (ptsUs, { mark }) => {
          seen.push({ ptsUs, mark });
          if (seen.length === 10) changed = stream.changeGraph(marks('b'));
        },
      });
      await stream.run();
      await changed;
      await server.close();
      expect(output.of('video')).toHaveLength(48);
      expect(seen.map(({ ptsUs }) => ptsUs)).toEqual(output.of('video').map(({ ptsUs }) => ptsUs));
      const firstB = seen.findIndex(({ mark }) => mark === 'b');
      expect(firstB).toBeGreaterThan(9);
      expect(seen.slice(firstB).every(({ mark }) => mark === 'b')).toBe(true);
      expect(stream.metrics().runner).toMatchObject({
        framesIn: 48,
        framesOut: 48,
        nodes: [{ node: 'mark', framesIn: 48, framesOut: 48, dropped: 0, inFlight: 0 }],
      });
      expect(stream.graph.nodes[0]?.options).toEqual({ mark: 'b' });
    }));

  it('is refused for other nodes, and where the new options do not work; the stream goes on', () =>
    expectBalanced(async () => {
      const { server, output, stream } = await stream48({});
      const others = createGraph({ nodes: { other: { use: testOperator('other') } } });
      await expect(stream.changeGraph(others)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
      await expect(stream.changeGraph(marks('broken'))).rejects.toMatchObject({ code: 'OPERATOR_FAILED' });
      await stream.run();
      await server.close();
      expect(output.of('video')).toHaveLength(48);
      expect(stream.graph.nodes[0]?.options).toEqual({ mark: 'a' });
    }));

  it('lets the last of several calls count', () =>
    expectBalanced(async () => {
      const { server, stream } = await stream48({});
      await Promise.all(['b', 'c', 'd'].map((mark) => stream.changeGraph(marks(mark))));
      expect(stream.graph.nodes[0]?.options).toEqual({ mark: 'd' });
      await stream.run();
      await server.close();
    }));

  it('fails the stream when options that nobody tried do not work', () =>
    expectBalanced(async () => {
      const { server, stream } = await stream48({ warmUp: false });
      await stream.changeGraph(marks('broken'));
      await expect(stream.run()).rejects.toMatchObject({ code: 'OPERATOR_FAILED', context: { node: 'mark' } });
      await server.close();
    }));

  it('keeps the cadence of live streams', () =>
    expectBalanced(async () => {
      const graph = await loadGraph('colorize');
      const { server, stream } = await stream48({ graph, warmUp: false });
      await stream.changeGraph(setOptions(graph, ['colorize.strength=0.5']));
      const colorize = stream.graph.nodes.find(({ operator }) => operator.name === 'colorize');
      expect(colorize?.options).toMatchObject({ strength: 0.5, every: 'auto' });
      await stream.stop();
      await server.close();
    }));
});
