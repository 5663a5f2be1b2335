import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { LiveStream } from '../../jobs/live-stream.js';
import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../../streams/live/live-types.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced, until } from '../helpers/frames.js';
import { liveServer, part, whole } from '../helpers/live-server.js';

/** Keeps everything it is given. */
class Recorder implements LiveOutput {
  readonly name = 'recorder';
  readonly packets: EncodedPacket[] = [];
  tracks: readonly EncodedTrack[] = [];
  /** How many packets of video came before each discontinuity. */
  readonly breaks: number[] = [];
  closed = false;

  async open(tracks: readonly EncodedTrack[]): Promise<void> {
    this.tracks = tracks;
  }
  write(packet: EncodedPacket): void {
    this.packets.push(packet);
  }
  discontinuity(): void {
    this.breaks.push(this.of('video').length);
  }
  async close(): Promise<void> {
    this.closed = true;
  }
  of(kind: EncodedPacket['kind']): EncodedPacket[] {
    return this.packets.filter((packet) => packet.kind === kind);
  }
  metrics(): LiveOutputMetrics {
    return { state: 'open', bytesOut: 0, packetsDropped: 0, reconnects: 0, queued: 0 };
  }
}

const grows = (packets: readonly EncodedPacket[]): boolean =>
  packets.every(({ dtsUs }, i) => i === 0 || dtsUs > (packets[i - 1] as EncodedPacket).dtsUs);

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

  it('refuses to copy video, and a stream that goes nowhere', async () => {
    const input = 'loop:film.mp4';
    const copy = LiveStream.open({ input, graph: await loadGraph('copy'), outputs: [new Recorder()] });
    await expect(copy).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    const nowhere = LiveStream.open({ input, graph: await loadGraph('transcode'), outputs: [] });
    await expect(nowhere).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
