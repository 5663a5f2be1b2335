import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { FragmentMuxer } from '../../../streams/hls/fragment-muxer.js';
import { openLiveInput } from '../../../streams/live/live-input.js';
import type { LiveInputOptions } from '../../../streams/live/live-options.js';
import type { EncodedPacket, EncodedTrack, LiveInput } from '../../../streams/live/live-types.js';
import { FileOutput } from '../../../streams/live/outputs/file-output.js';
import { FlvMuxer } from '../../../streams/live/outputs/flv-muxer.js';
import { h264Clip } from '../../fixtures/media.js';
import { takeCopies } from '../../helpers/copied.js';
import { until } from '../../helpers/frames.js';
import { type Answer, type LiveServer, liveServer, part, whole } from '../../helpers/live-server.js';
import { workspace } from '../../helpers/workspace.js';
import { expectPlayable } from './outputs/live-packets.js';

const soon = { firstMs: 1, maxMs: 2 };
const FLV_HEADER_BYTES = 13;

const grows = (times: readonly number[]): boolean => times.every((t, i) => i === 0 || t > (times[i - 1] as number));
const decoding = (packets: readonly EncodedPacket[]): number[] => packets.map(({ dtsUs }) => dtsUs);

describe('copied video of a live input', () => {
  const path = workspace();
  let server: LiveServer | undefined;
  let input: LiveInput | undefined;
  afterEach(async () => {
    await input?.stop();
    await server?.close();
    input = undefined;
    server = undefined;
  });

  async function copy(answer: Answer, options: LiveInputOptions = {}) {
    server = await liveServer(answer);
    input = await openLiveInput(server.url, { copyVideo: true, reconnect: soon, ...options });
    return takeCopies(input);
  }

  async function record(
    file: string,
    { tracks, packets }: { tracks: readonly { track: EncodedTrack }[]; packets: readonly EncodedPacket[] },
  ): Promise<string> {
    const output = new FileOutput({ path: path(file) });
    const sound = input?.audio?.track;
    await output.open([(tracks[0] as { track: EncodedTrack }).track, ...(sound ? [sound] : [])]);
    for (const packet of packets) output.write(packet);
    await output.close();
    expect(output.failure).toBeUndefined();
    return path(file);
  }

  /** A clip as an RTMP server gives it over HTTP. */
  async function flvClip(name: string, options: Parameters<typeof h264Clip>[0] = {}): Promise<string> {
    const taken = await copy(whole(await h264Clip({ container: 'ts', audio: true, ...options })), { reconnect: false });
    await taken.ended;
    const file = await record(name, taken);
    await server?.close();
    return file;
  }

  const sources = {
    'MPEG-TS': () => h264Clip({ container: 'ts', audio: true }),
    FLV: () => flvClip('source.flv'),
  };

  describe.each(Object.entries(sources))('from %s', (_, source) => {
    it('comes as it was, in order of decoding, shown when it should be, and nothing is decoded', async () => {
      const { video, ended, tracks, events } = await copy(whole(await source()), { reconnect: false });
      expect(await ended).toBeUndefined();
      expect(input?.video).toBeUndefined();
      expect(input?.size).toEqual({ width: 320, height: 240 });
      expect(tracks).toHaveLength(1);
      expect(tracks[0]?.track).toMatchObject({ kind: 'video', codec: 'h264', frameRate: { num: 24, den: 1 } });
      expect(tracks[0]?.track.stream).toMatchObject({ width: 320, height: 240 });
      expect(video).toHaveLength(48);
      expect(video[0]?.isKey).toBe(true);
      expect(video.filter(({ isKey }) => isKey)).toHaveLength(4);
      expect(grows(decoding(video))).toBe(true);
      const shown = video.map(({ ptsUs }) => ptsUs).toSorted((a, b) => a - b);
      expect(video.map(({ ptsUs }) => ptsUs)).not.toEqual(shown);
      shown.forEach((us, i) => {
        expect(Math.abs(us - (shown[0] as number) - (i * 1e6) / 24)).toBeLessThan(1100);
      });
      expect(input?.metrics()).toMatchObject({ framesIn: 48, framesDropped: 0 });
      expect(events.map(({ kind }) => kind)).toEqual(['connected', 'ended']);
    });

    it.each(['mkv', 'mp4', 'flv', 'ts'])('plays from a %s', async (extension) => {
      const taken = await copy(whole(await source()), { reconnect: false });
      await taken.ended;
      const { video, audio } = expectPlayable(await record(`a.${extension}`, taken));
      expect(video.frames).toHaveLength(48);
      expect(audio?.packets.length).toBeGreaterThan(80);
    });

    it('plays from fragments of HLS', async () => {
      const { packets, tracks, ended } = await copy(whole(await source()), { reconnect: false });
      await ended;
      const muxer = new FragmentMuxer([(tracks[0] as (typeof tracks)[0]).track, input?.audio?.track as EncodedTrack]);
      const pieces = [muxer.init];
      packets.forEach((packet, i) => {
        muxer.write(packet);
        if (i % 30 === 29) pieces.push(muxer.fragment());
      });
      pieces.push(muxer.fragment());
      muxer.close();
      writeFileSync(path('a.mp4'), Buffer.concat(pieces));
      expect(expectPlayable(path('a.mp4')).video.frames).toHaveLength(48);
    });

    it('fits the header that players of FLV get', async () => {
      const { tracks, video, ended } = await copy(whole(await source()), { reconnect: false });
      await ended;
      const muxer = new FlvMuxer([(tracks[0] as (typeof tracks)[0]).track], 0);
      const header = muxer.header.find(({ type }) => type === 9)?.body;
      // A key frame of AVC, a sequence header, no offset, and the record that begins with version 1.
      expect(header?.subarray(0, 6)).toEqual(Buffer.of(0x17, 0, 0, 0, 0, 1));
      const [tag] = muxer.tags(video[0] as EncodedPacket);
      const body = tag?.body as Buffer;
      const units: number[] = [];
      for (let at = 5; at < body.length; at += 4 + body.readUInt32BE(at)) units.push(body.readUInt8(at + 4) & 0x1f);
      expect(units).toContain(5);
      muxer.close();
    });

    it('goes on from a key frame after a loss, with no word of a change', async () => {
      const file = await source();
      const lose = part(file, 0.6, (response) => response.destroy());
      const { video, tracks, events } = await copy((response, request) =>
        request === 0 ? lose(response, 0) : whole(file)(response, 0),
      );
      await until(() => (input?.metrics().reconnects ?? 0) >= 1 && video.length > 60);
      await input?.stop();
      expect(grows(decoding(video))).toBe(true);
      expect(tracks).toHaveLength(1);
      expect(events.filter(({ kind }) => kind === 'changed')).toEqual([]);
      const at = (events.find(({ kind }) => kind === 'discontinuity') as { atUs: number }).atUs;
      expect(video.find(({ ptsUs }) => ptsUs >= at)?.isKey).toBe(true);
    });
  });

  it('says which track follows when the source comes back with another size, before its first key frame', async () => {
    const small = whole(await h264Clip({ container: 'ts' }));
    const large = whole(await h264Clip({ container: 'ts', width: 640, height: 360 }));
    const { video, tracks, events } = await copy((response, request) =>
      request === 0 ? small(response, 0) : large(response, 0),
    );
    await until(() => video.length > 60);
    await input?.stop();
    expect(tracks.map(({ track: { stream }, at }) => [stream.width, stream.height, at])).toEqual([
      [320, 240, 0],
      [640, 360, 48],
    ]);
    expect(video[48]?.isKey).toBe(true);
    expect(events).toContainEqual({ kind: 'changed', what: 'pictures are h264 640×360, were h264 320×240' });
  });

  it.each(['ts', 'flv'])('notices other headers in the middle of %s, and each part plays', async (container) => {
    const sizes = [{}, { width: 640, height: 360 }];
    const files = await Promise.all(sizes.map((size) => h264Clip({ container: 'ts', audio: true, ...size })));
    const parts: Buffer[] = files.map((file) => readFileSync(file));
    if (container === 'flv') {
      for (const [i, size] of sizes.entries()) parts[i] = readFileSync(await flvClip(`${i}.flv`, size));
      parts[1] = (parts[1] as Buffer).subarray(FLV_HEADER_BYTES);
    }
    const taken = await copy((response) => void response.end(Buffer.concat(parts)), { reconnect: false });
    await taken.ended;
    const { video, tracks } = taken;
    expect(tracks.map(({ track: { stream }, at }) => [stream.width, stream.height, at])).toEqual([
      [320, 240, 0],
      [640, 360, 48],
    ]);
    expect(grows(decoding(video))).toBe(true);
    const second = new FileOutput({ path: path('second.mkv') });
    await second.open([(tracks[1] as (typeof tracks)[0]).track]);
    for (const packet of video.slice(48)) second.write(packet);
    await second.close();
    const { frames } = expectPlayable(path('second.mkv')).video;
    expect(frames).toHaveLength(48);
    expect([frames[0]?.width, frames[0]?.height]).toEqual([640, 360]);
  });

  it('waits for the first key frame of a source that it joins in the middle, and knows its header then', async () => {
    const file = readFileSync(await h264Clip({ container: 'ts', frames: 96, gop: 60, audio: true }));
    const cut = Math.floor((file.length * 0.15) / TS_PACKET) * TS_PACKET;
    const answer: Answer = (response) => void response.end(file.subarray(cut));
    const taken = await copy(answer, { reconnect: false, probeBytes: 10_000, analyzeMs: 100 });
    expect(input?.size).toEqual({ width: 320, height: 240 });
    await taken.ended;
    expect(taken.video).toHaveLength(36);
    expect(taken.video[0]?.isKey).toBe(true);
    expect(taken.tracks).toHaveLength(1);
    expect(expectPlayable(await record('a.mp4', taken)).video.frames).toHaveLength(36);
  });

  it('begins to read when it is watched, and stops when it is not any more', async () => {
    server = await liveServer(part(await h264Clip({ container: 'ts' }), 0.9));
    input = await openLiveInput(server.url, { copyVideo: true });
    const before = input.metrics().framesIn;
    const ended = new Promise<void>((resolve) => input?.events.subscribe({ complete: resolve }));
    let seen = 0;
    const subscription = input.copied?.packets.subscribe(() => seen++);
    await until(() => seen > 10);
    subscription?.unsubscribe();
    await ended;
    expect(before).toBe(0);
  });

  it('is connected anew, once, when pictures stop and sound goes on', async () => {
    const file = readFileSync(await h264Clip({ container: 'ts', audio: true }));
    const [video, sound] = [packetsOf(file, VIDEO_PID), withoutPid(file, VIDEO_PID)];
    expect(video).toBeGreaterThan(100);
    const timers: NodeJS.Timeout[] = [];
    const { events, video: pictures } = await copy(
      (response) => {
        response.write(file);
        // Sound alone, in small pieces, for as long as anybody listens.
        let at = 0;
        const timer = setInterval(() => {
          response.write(sound.subarray(at, at + TS_PACKET));
          at = (at + TS_PACKET) % sound.length;
        }, 5);
        timers.push(timer);
        response.once('close', () => clearInterval(timer));
      },
      { stallTimeoutMs: 400 },
    );
    await until(() => events.some(({ kind }) => kind === 'changed'));
    await input?.stop();
    for (const timer of timers) clearInterval(timer);
    expect(server?.requests()).toBe(2);
    expect(pictures.length).toBeGreaterThan(48);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'disconnected', reason: expect.stringMatching(/no pictures came for 0.4 s/) }),
    );
    expect(events).toContainEqual({ kind: 'changed', what: 'no pictures came for 0.4 s; what else there is goes on' });
  });

  it('leaves out what comes before the first key frame of a film', async () => {
    const file = readFileSync(await h264Clip({ container: 'ts', frames: 96, gop: 60, audio: true }));
    writeFileSync(path('cut.ts'), file.subarray(Math.floor((file.length * 0.15) / TS_PACKET) * TS_PACKET));
    input = await openLiveInput(`file:${path('cut.ts')}`, { copyVideo: true });
    const { video, ended } = takeCopies(input);
    await ended;
    expect(video).toHaveLength(36);
    expect(video[0]?.isKey).toBe(true);
  });
});

const TS_PACKET = 188;
/** Which FFmpeg's muxer gives the first track. */
const VIDEO_PID = 0x100;

function withoutPid(file: Buffer, pid: number): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < file.length; at += TS_PACKET) {
    if ((file.readUInt16BE(at + 1) & 0x1fff) !== pid) kept.push(file.subarray(at, at + TS_PACKET));
  }
  return Buffer.concat(kept);
}

const packetsOf = (file: Buffer, pid: number): number => (file.length - withoutPid(file, pid).length) / TS_PACKET;
