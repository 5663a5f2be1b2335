import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { LiveStream } from '../../jobs/live-stream.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import { attach, mapOrdered, type VideoSample } from '../../pipeline/index.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced, until } from '../helpers/frames.js';
import { liveServer, part, whole } from '../helpers/live-server.js';
import { pipeOperator } from '../helpers/operators.js';
import { grows, Recorder } from './recorder.js';

describe('LiveStream', () => {
  it('sends every picture and the sound beside it to all outputs, in one order of time, and ends them', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts', audio: true })));
      const outputs = [new Recorder(), new Recorder()];
      const [output] = outputs as [Recorder, Recorder];
      const graph = await loadGraph('transcode');
      const inputOptions = { reconnect: false, catchUpMs: 60_000 } as const;
      const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs });
      await stream.run();
      await server.close();
      expect(output.tracks.map(({ kind, codec }) => `${kind} ${codec}`)).toEqual(['video h264', 'audio aac']);
      expect(output.of('video')).toHaveLength(48);
      expect(output.of('video')[0]).toMatchObject({ ptsUs: 0, isKey: true });
      expect(output.of('audio').length).toBeGreaterThan(80);
      expect(grows(output.of('video')) && grows(output.of('audio'))).toBe(true);
      expect(outputs.every(({ closed }) => closed)).toBe(true);
      expect(outputs[1]?.packets).toHaveLength(output.packets.length);
      expect(stream.metrics()).toMatchObject({ input: { framesIn: 48, framesDropped: 0 }, runner: { framesOut: 48 } });
    }));

  it('tells outputs of a break before the key frame that comes after it', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts', audio: true });
      const lose = part(file, 0.6, (response) => response.destroy());
      const server = await liveServer((response, request) => (request === 0 ? lose : whole(file))(response, request));
      const output = new Recorder();
      const graph = await loadGraph('transcode');
      const inputOptions = { reconnect: { firstMs: 1, maxMs: 2 }, catchUpMs: 60_000 };
      const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs: [output] });
      const running = stream.run();
      await until(() => output.of('video').length > 60);
      await stream.stop();
      await running;
      await server.close();
      const [at = -1] = output.breaks;
      expect(at).toBeGreaterThan(20);
      expect(output.of('video')[at]?.isKey).toBe(true);
      expect(grows(output.of('video')) && grows(output.of('audio'))).toBe(true);
      expect(output.closed).toBe(true);
    }));

  it('hands what operators found to whoever listens, picture by picture, as plain JSON', () =>
    expectBalanced(async () => {
      const finder = pipeOperator('find', (frames) =>
        frames.pipe(
          mapOrdered(async (sample: VideoSample) =>
            sample.frame.index % 2 === 0
              ? attach(sample, { found: [sample.frame.index], mask: new Uint8Array(1) })
              : sample,
          ),
        ),
      );
      const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
      const found: { ptsUs: number; meta: object }[] = [];
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions: { reconnect: false, catchUpMs: 60_000 },
        graph: createGraph({ nodes: { find: { use: finder } } }),
        outputs: [new Recorder()],
        onMetadata: (ptsUs, meta) => found.push({ ptsUs, meta }),
      });
      await stream.run();
      await server.close();
      expect(found).toHaveLength(24);
      expect(found[1]).toEqual({ ptsUs: expect.closeTo(83_333, -2), meta: { found: [2] } });
    }));

  it('refuses a stream that goes nowhere, and options that contradict each other', async () => {
    const graph = await loadGraph('transcode');
    const outputs = [new Recorder()];
    const wrong = [
      { outputs: [] },
      { renditions: [{ name: 'a', outputs: [] }] },
      { renditions: [{ name: 'a', outputs }], outputs },
      {
        renditions: [
          { name: 'a', outputs },
          { name: 'a', outputs },
        ],
      },
    ];
    for (const options of wrong) {
      const opening = LiveStream.open({ input: 'loop:film.mp4', graph, ...options });
      await expect(opening).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
    const encoding = { videoCodec: 'libx265000' };
    const opening = LiveStream.open({ input: 'loop:film.mp4', graph, outputs, encoding });
    await expect(opening).rejects.toMatchObject({ code: 'ENCODER_UNKNOWN' });
  });
});
