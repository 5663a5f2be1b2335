import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { LiveStream } from '../../jobs/live-stream.js';
import { latencyBucketsMs } from '../../pipeline/index.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced } from '../helpers/frames.js';
import { liveServer, whole } from '../helpers/live-server.js';
import { grows, keyTimes, Recorder } from './recorder.js';

const inputOptions = { reconnect: false, catchUpMs: 60_000 } as const;

describe('renditions of a live stream', () => {
  it('have their own sizes, key frames on the same pictures, and all of the sound', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts', audio: true })));
      const recorders = [new Recorder(), new Recorder(), new Recorder()] as const;
      const [large, small, second] = recorders;
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions,
        graph: await loadGraph('transcode'),
        encoding: { segmentMs: 500 },
        renditions: [
          { name: 'large', outputs: [large] },
          { name: 'small', height: 120, bitrate: 100_000, outputs: [small, second] },
        ],
      });
      await stream.run();
      await server.close();
      const sizes = recorders.map(({ tracks: [track] }) => (track?.kind === 'video' ? track.stream.height : undefined));
      expect(sizes).toEqual([240, 120, 120]);
      for (const recorder of recorders) {
        expect(recorder.of('video')).toHaveLength(48);
        expect(keyTimes(recorder.of('video'))).toEqual(keyTimes(large.of('video')));
        expect(grows(recorder.of('video')) && grows(recorder.of('audio'))).toBe(true);
        expect(recorder.of('audio').length).toBeGreaterThan(80);
        expect(recorder.closed).toBe(true);
      }
      expect(keyTimes(large.of('video'))).toHaveLength(4);
    }));

  it('are never larger than the stream', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts', frames: 12 })));
      const output = new Recorder();
      const renditions = [{ name: 'tall', height: 720, outputs: [output] }];
      const graph = await loadGraph('transcode');
      const stream = await LiveStream.open({ input: server.url, inputOptions, graph, renditions });
      await stream.run();
      await server.close();
      expect(output.tracks[0]).toMatchObject({ stream: { width: 320, height: 240 } });
    }));

  it('are measured one by one', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts', audio: true })));
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions,
        graph: await loadGraph('transcode'),
        renditions: [
          { name: 'a', outputs: [new Recorder(), new Recorder()] },
          { name: 'b', height: 64, outputs: [new Recorder()] },
        ],
      });
      await stream.run();
      await server.close();
      const metrics = stream.metrics();
      expect(metrics.outputs.map(({ name, rendition }) => [name, rendition])).toEqual([
        ['recorder', 'a'],
        ['recorder', 'a'],
        ['recorder', 'b'],
      ]);
      expect(metrics.renditions).toMatchObject([
        { name: 'a', codec: 'h264', width: 320, height: 240, framesEncoded: 48, queued: 0 },
        { name: 'b', codec: 'h264', width: 86, height: 64, framesEncoded: 48, queued: 0 },
      ]);
      const [a, b] = metrics.renditions;
      expect(a?.bytes).toBeGreaterThan(b?.bytes ?? 0);
      expect((a?.bitsPerSecond ?? 0) / ((a?.bytes ?? 0) * 4)).toBeCloseTo(1, 0);
      expect(metrics.latencyHistogram).toMatchObject({ count: 48, bucketsMs: latencyBucketsMs });
      expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
    }));

  it('make a key frame together when somebody asks for one', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
      const outputs = [new Recorder(), new Recorder()] as const;
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions,
        graph: await loadGraph('transcode'),
        encoding: { segmentMs: 60_000 },
        renditions: outputs.map((output, i) => ({ name: `${i}`, height: 64 * (i + 1), outputs: [output] })),
        poolSlots: 4,
      });
      const write = outputs[0].write.bind(outputs[0]);
      outputs[0].write = (packet) => {
        write(packet);
        if (outputs[0].packets.length === 10) stream.requestKeyFrame();
      };
      await stream.run();
      await server.close();
      const keys = keyTimes(outputs[0].of('video'));
      expect(keys).toHaveLength(2);
      expect(keys[1]).toBeGreaterThan(outputs[0].of('video')[9]?.ptsUs ?? 0);
      expect(keyTimes(outputs[1].of('video'))).toEqual(keys);
    }));
});
