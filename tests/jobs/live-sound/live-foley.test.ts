import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../../config/load-graph.js';
import { LiveStream, type LiveStreamOptions } from '../../../jobs/live-stream.js';
import type { Graph } from '../../../pipeline/graph/graph.js';
import type { AudioTrack } from '../../../streams/live/live-types.js';
import { FileOutput } from '../../../streams/live/outputs/file-output.js';
import { h264Clip } from '../../fixtures/media.js';
import { clickGraph, clickTimes, hearTrack } from '../../helpers/clicks.js';
import { expectBalanced, until } from '../../helpers/frames.js';
import { liveServer, part, whole } from '../../helpers/live-server.js';
import { clicksIn, heardSamples, loudest } from '../../helpers/live-sounds.js';
import { soundingClip } from '../../helpers/sounding-clip.js';
import { workspace } from '../../helpers/workspace.js';
import { grows, Recorder } from '../recorder.js';

const SYNC_US = 20_000;

const soundOf = ({ tracks, packets }: Recorder): Float32Array => {
  const track = tracks.find(({ kind }) => kind === 'audio') as AudioTrack;
  return heardSamples(
    track,
    packets.filter(({ kind }) => kind === 'audio'),
  );
};

function expectInStep(times: readonly number[], seconds: readonly number[]): void {
  expect(times).toHaveLength(seconds.length);
  for (const [i, at] of seconds.entries()) {
    expect(Math.abs((times[i] as number) - at * 1e6), `impact at ${at} s`).toBeLessThan(SYNC_US);
  }
}

describe('a live stream whose graph makes sound', { timeout: 60_000 }, () => {
  const path = workspace();

  /** Plays a file to its end. */
  async function play(file: string, graph: Graph, options: Partial<LiveStreamOptions> = {}) {
    const server = await liveServer(whole(file));
    const output = new Recorder();
    const inputOptions = { reconnect: false, catchUpMs: 60_000 } as const;
    const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs: [output], ...options });
    await stream.run();
    await server.close();
    return { stream, output };
  }

  it('has sound where its source has none, in step with its pictures, in one order of time', () =>
    expectBalanced(async () => {
      const seconds = [0.51, 1.03, 1.7];
      const { output, stream } = await play(await h264Clip({ container: 'ts' }), clickGraph(seconds));
      expect(output.tracks.map(({ kind, codec }) => `${kind} ${codec}`)).toEqual(['video h264', 'audio aac']);
      expect(output.tracks[1]).toMatchObject({ sampleRate: 48_000, channels: 2 });
      expectInStep(clicksIn(soundOf(output)), seconds);
      expect(output.of('video')).toHaveLength(48);
      expect(grows(output.of('video')) && grows(output.of('audio'))).toBe(true);
      expect(output.packets.every(({ dtsUs }, i) => dtsUs >= (output.packets[i - 1]?.dtsUs ?? 0))).toBe(true);
      expect(stream.metrics()).toMatchObject({ sound: { heard: true, placed: 3 } });
    }));

  it('is recorded in step, from a film as a camera', () =>
    expectBalanced(async () => {
      const seconds = [0.4, 1.25];
      const output = new FileOutput({ path: path('a.mkv') });
      const input = `file:${await h264Clip()}`;
      const stream = await LiveStream.open({ input, graph: clickGraph(seconds), outputs: [output] });
      await stream.run();
      expectInStep(clickTimes(await hearTrack(path('a.mkv'), 1)), seconds);
    }));

  it('keeps the sound that its source has, and adds to it where it is told', () =>
    expectBalanced(async () => {
      const file = await soundingClip({ encoder: 'pcm_alaw', sampleRate: 8000 });
      const kept = await play(file, clickGraph([1.5]));
      expect(loudest(soundOf(kept.output), 1_000_000, 1_060_000)).toBeGreaterThan(0.5);
      expect(loudest(soundOf(kept.output), 1_200_000, 1_900_000)).toBeLessThan(0.02);
      const both = await play(file, clickGraph([1.5], { when: 'always' }));
      expect(loudest(soundOf(both.output), 1_000_000, 1_060_000)).toBeGreaterThan(0.5);
      expectInStep(
        clicksIn(soundOf(both.output)).filter((us) => us > 1.2e6 && us < 1.9e6),
        [1.5],
      );
    }));

  it('copies packets where it is told never to make any', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts', audio: true });
      const never = await play(file, clickGraph([1], { when: 'never' }));
      const other = await play(file, clickGraph([1]));
      expect(never.output.tracks[1]).not.toEqual(other.output.tracks[1]);
      expect(never.stream.metrics().sound).toBeUndefined();
    }));

  it('gives the same sound to all sizes', () =>
    expectBalanced(async () => {
      const outputs = [new Recorder(), new Recorder()];
      const renditions = outputs.map((output, i) => ({ name: `${i}`, height: 240 - 120 * i, outputs: [output] }));
      await play(await h264Clip({ container: 'ts' }), clickGraph([1]), { outputs: undefined, renditions });
      const [a, b] = outputs.map((output) => output.of('audio').map(({ data }) => Buffer.from(data).toString('hex')));
      expect(a?.length).toBeGreaterThan(80);
      expect(b).toEqual(a);
    }));

  it('goes on in step when its source was away', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts' });
      const lose = part(file, 0.6, (response) => response.destroy());
      const server = await liveServer((response, request) => (request === 0 ? lose : whole(file))(response, request));
      const output = new Recorder();
      const seconds = [0.5, 1.5, 2.5];
      const inputOptions = { reconnect: { firstMs: 1, maxMs: 2 }, catchUpMs: 60_000 };
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions,
        graph: clickGraph(seconds),
        outputs: [output],
      });
      const running = stream.run();
      await until(() => output.of('video').length > 75);
      await stream.stop();
      await running;
      await server.close();
      expect(output.breaks.length).toBeGreaterThan(0);
      expect(grows(output.of('video')) && grows(output.of('audio'))).toBe(true);
      for (const us of clicksIn(soundOf(output))) {
        expect(Math.min(...seconds.map((at) => Math.abs(at * 1e6 - us)))).toBeLessThan(SYNC_US);
      }
    }));

  it('is refused before its first picture where the bank cannot be read', () =>
    expectBalanced(async () => {
      const graph = (await loadGraph('foley')).withOptions('foley', { bank: path('nowhere') });
      const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
      const output = new Recorder();
      const opening = LiveStream.open({ input: server.url, graph, outputs: [output], warmUp: false });
      await expect(opening).rejects.toMatchObject({
        code: 'INPUT_NOT_FOUND',
        message: expect.stringContaining('nowhere'),
      });
      await server.close();
      expect([output.tracks, output.packets]).toEqual([[], []]);
    }));

  it('begins to make sound while it runs, at a key frame, in a track of its own', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts', audio: true, frames: 120 });
      const server = await liveServer(whole(file));
      const output = new Recorder();
      const inputOptions = { reconnect: false, catchUpMs: 60_000 } as const;
      let changed: Promise<void> | undefined;
      const stream: LiveStream = await LiveStream.open({
        input: server.url,
        inputOptions,
        graph: clickGraph([], { when: 'never' }),
        outputs: [output],
      });
      const write = output.write.bind(output);
      output.write = (packet) => {
        write(packet);
        if (output.of('video').length === 10) changed ??= stream.changeGraph(clickGraph([], { when: 'replace' }));
      };
      await stream.run();
      await changed;
      await server.close();
      expect(output.changes).toHaveLength(1);
      const [change] = output.changes;
      expect(change?.tracks[1]).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2 });
      expect(output.of('video')[change?.at ?? -1]?.isKey).toBe(true);
      expect(grows(output.of('audio'))).toBe(true);
    }));
});
