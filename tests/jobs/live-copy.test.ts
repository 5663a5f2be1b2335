import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { LiveStream } from '../../jobs/live-stream.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced, until } from '../helpers/frames.js';
import { jpegSize } from '../helpers/jpeg.js';
import { liveServer, part, whole } from '../helpers/live-server.js';
import { grows, Recorder } from './recorder.js';

const inputOptions = { reconnect: false } as const;

describe('a live stream that copies', () => {
  it('sends packets as they came, and the sound beside them', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts', audio: true })));
      const output = new Recorder();
      const graph = await loadGraph('copy');
      const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs: [output] });
      await stream.run();
      await server.close();
      expect(output.tracks.map(({ kind, codec }) => `${kind} ${codec}`)).toEqual(['video h264', 'audio aac']);
      expect(output.of('video')).toHaveLength(48);
      expect(
        output.of('video').some(({ ptsUs, dtsUs }) => ptsUs > dtsUs),
        'the B-frames of the source',
      ).toBe(true);
      expect(output.of('audio').length).toBeGreaterThan(80);
      expect(grows(output.of('video')) && grows(output.of('audio'))).toBe(true);
      expect(output.closed).toBe(true);
      expect(stream.metrics()).toMatchObject({
        runner: null,
        latencyMs: null,
        renditions: [{ framesEncoded: 0, height: 240 }],
      });
    }));

  it('tells outputs of another size and of a break, before the key frame that comes after', () =>
    expectBalanced(async () => {
      const first = part(await h264Clip({ container: 'ts' }), 0.6, (response) => response.destroy());
      const then = whole(await h264Clip({ container: 'ts', width: 160, height: 120 }));
      const server = await liveServer((response, request) => (request === 0 ? first : then)(response, request));
      const output = new Recorder();
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions: { reconnect: { firstMs: 1, maxMs: 2 } },
        graph: await loadGraph('copy'),
        outputs: [output],
      });
      const running = stream.run();
      await until(() => output.changes.length > 0 && output.of('video').length > (output.changes[0]?.at ?? 0) + 4);
      await stream.stop();
      await running;
      await server.close();
      const [change] = output.changes;
      expect(change?.tracks[0]).toMatchObject({ kind: 'video', stream: { width: 160, height: 120 } });
      expect(output.of('video')[change?.at ?? 0]?.isKey).toBe(true);
      expect(output.breaks[0]).toBe(change?.at);
      expect(grows(output.of('video'))).toBe(true);
    }));

  it('shows its last key frame, and knows nothing of key frames on demand', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
      const graph = await loadGraph('copy');
      const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs: [new Recorder()] });
      expect(await stream.snapshot()).toBeUndefined();
      stream.requestKeyFrame();
      await stream.run();
      await server.close();
      expect(jpegSize(await stream.snapshot(120))).toEqual({ width: 160, height: 120 });
    }));

  it('leaves no choice of renditions, sizes, encoders or options', async () => {
    const graph = await loadGraph('copy');
    const outputs = [new Recorder()];
    const wrong = [
      { outputs, bitrate: 100_000 },
      { outputs, encoding: { videoCodec: 'libx264' } },
      { renditions: [{ name: 'a', height: 240, outputs }] },
      {
        renditions: [
          { name: 'a', outputs },
          { name: 'b', outputs },
        ],
      },
    ];
    for (const options of wrong) {
      const opening = LiveStream.open({ input: 'loop:film.mp4', graph, ...options });
      await expect(opening).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
    const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
    const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs, encoding: {} });
    await expect(stream.changeGraph(graph)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await stream.stop();
    await server.close();
  });
});
