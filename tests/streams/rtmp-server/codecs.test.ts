import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeTracks } from '../../../streams/libav/synthesis/write-tracks.js';
import type { EncodedPacket, EncodedTrack } from '../../../streams/live/live-types.js';
import { FlvMuxer, type FlvTag } from '../../../streams/live/outputs/flv-muxer.js';
import { FlvOutput } from '../../../streams/live/outputs/flv-output.js';
import type { SessionInfo } from '../../../streams/rtmp-server/index.js';
import { look } from '../../fixtures/look.js';
import { audioTrack, videoTrack } from '../../fixtures/tracks.js';
import { clipPackets } from '../../helpers/hls-packets.js';
import { FlvMessages, type MediaMessage } from '../../helpers/media-messages.js';
import { workspace } from '../../helpers/workspace.js';
import { response, rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();
const file = workspace();

interface Source {
  readonly tracks: readonly EncodedTrack[];
  readonly packets: readonly EncodedPacket[];
}

const encoders = {
  h264: { encoder: 'libx264', options: { preset: 'ultrafast', tune: 'zerolatency', g: '12' } },
  hevc: { encoder: 'libx265', options: { preset: 'ultrafast', 'x265-params': 'log-level=none:keyint=12:bframes=0' } },
} as const;

/** Two seconds of moving pictures and a tone, a key frame every half second, in order of decoding. */
async function source(
  codec: keyof typeof encoders | undefined,
  sound: 'aac' | 'libopus' | undefined,
  width = 160,
): Promise<Source> {
  const container = 'matroska';
  const fps = { num: 24, den: 1 };
  const chain = `testsrc2=size=${width}x96:rate=24,format=yuv420p`;
  const path = file(`${codec}-${sound}-${width}.mkv`);
  writeTracks(
    path,
    [
      ...(codec === undefined ? [] : [videoTrack({ chain, frames: 48, fps, container, ...encoders[codec] })]),
      ...(sound === undefined ? [] : [audioTrack({ container, encoder: sound, seconds: 2 })]),
    ],
    { container },
  );
  const { tracks, packets } = await clipPackets(path);
  return { tracks, packets: packets.filter(({ dtsUs }) => dtsUs >= 0).sort((a, b) => a.dtsUs - b.dtsUs) };
}

/** Publishes as the server itself and others do. */
async function publishing(port: number, tracks: readonly EncodedTrack[], name = 'cam1') {
  const output = new FlvOutput({ url: `rtmp://127.0.0.1:${port}/live/${name}`, maxWaitingMs: 60_000 });
  await output.open(tracks);
  while (output.metrics().state !== 'open') await new Promise(setImmediate);
  const send = (packets: readonly EncodedPacket[]): void => {
    for (const packet of packets) output.write(packet);
  };
  return { output, send };
}

/** FFmpeg's muxer says colours and channels once in extended messages of their own; they are passed on, and not kept. */
function isDescription({ type, data }: Pick<MediaMessage, 'type' | 'data'>): boolean {
  const first = data.readUInt8(0);
  return (type === 9 && (first & 0x8f) === 0x84) || (type === 8 && first === 0x94);
}

/** Records HTTP-FLV until the server ends it. */
async function recording(url: string) {
  const answer = await response(url);
  const bytes: Buffer[] = [];
  const messages: MediaMessage[] = [];
  const reader = new FlvMessages((message) => {
    if (!isDescription(message)) messages.push(message);
  });
  let wake: () => void = () => undefined;
  answer.on('data', (some: Buffer) => {
    bytes.push(some);
    reader.push(some);
    wake();
  });
  const ended = once(answer, 'end');
  return {
    messages,
    /** Waits for so many messages of a type. */
    until: async (type: number, howMany: number) => {
      while (messages.filter((message) => message.type === type).length < howMany) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    film: async (name: string) => {
      await ended;
      await writeFile(file(name), Buffer.concat(bytes));
      return { flags: Buffer.concat(bytes)[4], streams: look(file(name)).streams };
    },
  };
}

const times = (of: Source, kind: EncodedPacket['kind']) => of.packets.filter((packet) => packet.kind === kind).length;
const everyPlayer = ({ action }: SessionInfo) => action === 'play';

describe('codecs', () => {
  it.each([
    ['H.264 and AAC', 'h264', 'aac'],
    ['HEVC and AAC', 'hevc', 'aac'],
    ['HEVC and Opus', 'hevc', 'libopus'],
    ['H.264 and Opus', 'h264', 'libopus'],
    ['H.264 without sound', 'h264', undefined],
    ['AAC without pictures', undefined, 'aac'],
    ['Opus without pictures', undefined, 'libopus'],
  ] as const)('%s come through to RTMP and FLV players, also to those that come later', async (_, video, sound) => {
    const { port, http, until, server } = await start();
    const all = await source(video, sound);
    const rtmp = clipPackets(`rtmp://127.0.0.1:${port}/live/cam1`);
    const early = await recording(`${http}/live/cam1.flv`);
    await until('play-start', 2);
    const { output, send } = await publishing(port, all.tracks);
    const half = all.packets.filter(({ dtsUs }) => dtsUs < 1_300_000);
    send(half);
    const headers = (kind: EncodedPacket['kind']) => (all.tracks.some((track) => track.kind === kind) ? 1 : 0);
    const lead = video === undefined ? 'audio' : 'video';
    const sent = half.filter(({ kind }) => kind === lead).length;
    await early.until(lead === 'video' ? 9 : 8, sent + headers(lead));
    const late = await recording(`${http}/live/cam1.flv`);
    send(all.packets.slice(half.length));
    await early.until(lead === 'video' ? 9 : 8, times(all, lead) + headers(lead));
    const codecs = server.sessions()[0]?.codecs;
    server.disconnect(everyPlayer, 'that was all');
    await output.close();
    const name = (kind: 'video' | 'audio') => all.tracks.find((track) => track.kind === kind)?.codec;
    expect(codecs).toMatchObject({
      ...(video && { video: name('video'), width: 160, height: 96 }),
      ...(sound && { audio: name('audio') }),
    });
    const { streams } = await early.film('early.flv');
    const digest = ({ data }: EncodedPacket) => Buffer.from(data).toString('base64');
    const { packets } = await rtmp;
    for (const kind of ['video', 'audio'] as const) {
      const of = (some: readonly EncodedPacket[]) => some.filter((packet) => packet.kind === kind).map(digest);
      expect(of(packets)).toEqual(of(all.packets));
      const stream = streams.find((one) => one.kind === kind);
      expect(stream?.codec).toBe(name(kind));
      const type = kind === 'video' ? 9 : 8;
      const came = early.messages.filter((message) => message.type === type);
      expect(came).toHaveLength(headers(kind) + times(all, kind));
      // FFmpeg's demuxer takes the description of channels, which its muxer writes, for a packet.
      if (kind === 'video') expect(stream?.decodeErrors ?? 0).toBe(0);
    }
    const { streams: later } = await late.film('late.flv');
    const pictures = later.find(({ kind }) => kind === 'video');
    // From the key frame at 1 s on.
    if (video !== undefined) expect([pictures?.frames.length, pictures?.decodeErrors]).toEqual([24, 0]);
    else expect(later[0]?.codec).toBe(name('audio'));
  });

  it('HEVC of the older form, as codec 12, comes through with its header for those that come later', async () => {
    const { publish, http, until } = await start();
    const { tracks, packets } = await source('hevc', undefined);
    const muxer = new FlvMuxer(tracks, 0);
    const older = (body: Buffer): Buffer => {
      const key = (body.readUInt8(0) & 0x70) | 12;
      const type = body.readUInt8(0) & 15;
      const time = type === 1 ? body.subarray(5, 8) : Buffer.alloc(3);
      return Buffer.concat([Buffer.from([key, type === 0 ? 0 : 1]), time, body.subarray(type === 1 ? 8 : 5)]);
    };
    const pictureBodies = (tags: readonly FlvTag[]) =>
      tags
        .filter(({ type, body }) => type === 9 && !isDescription({ type, data: body }))
        .map(({ body }) => older(body));
    const header = pictureBodies(muxer.header);
    const bodies = pictureBodies(packets.flatMap((packet) => muxer.tags(packet)));
    muxer.close();
    const publisher = await publish('cam1');
    const early = await recording(`${http}/live/cam1.flv`);
    for (const body of [...header, ...bodies.slice(0, 30)]) publisher.media(9, 0, body);
    await early.until(9, 31);
    const late = await recording(`${http}/live/cam1.flv`);
    for (const body of bodies.slice(30)) publisher.media(9, 0, body);
    await late.until(9, 1 + 48 - 24);
    const pictures = late.messages.filter(({ type }) => type === 9).map(({ data }) => data);
    expect(pictures).toEqual([...header, ...bodies.slice(24)]);
    expect(await until('publish-codecs')).toMatchObject({
      session: { codecs: { video: 'hevc', width: 160, height: 96 } },
    });
  });
});

describe('what FLV announces', () => {
  it.each([
    ['h264', undefined, 1],
    [undefined, 'aac', 4],
    ['h264', 'aac', 5],
  ] as const)('is what %s and %s are, once it is clear that nothing else comes', async (video, sound, flags) => {
    const clock = { now: 0 };
    const { port, http, server } = await start({ now: () => clock.now });
    const all = await source(video, sound);
    const first = await recording(`${http}/live/cam1.flv`);
    const { output, send } = await publishing(port, all.tracks);
    send(all.packets.slice(0, -1));
    await first.until(video === undefined ? 8 : 9, 40);
    clock.now = 2_000;
    const second = await recording(`${http}/live/cam1.flv`);
    send(all.packets.slice(-1));
    await second.until(video === undefined ? 8 : 9, 1);
    server.disconnect(everyPlayer, 'that was all');
    await output.close();
    expect([(await first.film('1.flv')).flags, (await second.film('2.flv')).flags]).toEqual([5, flags]);
  });
});

describe('a change in mid-stream', () => {
  it.each([
    ['of the size', 'h264', 192],
    ['of the codec', 'hevc', 160],
  ] as const)('%s reaches players as a new header before the key frame', async (_, codec, width) => {
    const { port, http, until, server } = await start();
    const before = await source('h264', 'aac');
    const after = await source(codec, 'aac', width);
    const early = await recording(`${http}/live/cam1.flv`);
    const { output, send } = await publishing(port, before.tracks);
    send(before.packets);
    await early.until(9, 1 + 48);
    output.tracksChanged(after.tracks);
    const shifted = after.packets.map((packet) => ({
      ...packet,
      ptsUs: packet.ptsUs + 2_000_000,
      dtsUs: packet.dtsUs + 2_000_000,
    }));
    const isFirst = (packet: EncodedPacket) => packet.dtsUs < 2_300_000;
    send(shifted.filter(isFirst));
    const some = shifted.filter((packet) => isFirst(packet) && packet.kind === 'video').length;
    await early.until(9, 1 + 48 + 1 + some);
    const late = await recording(`${http}/live/cam1.flv`);
    send(shifted.filter((packet) => !isFirst(packet)));
    await early.until(9, 1 + 48 + 1 + 48);
    await until('publish-codecs', 3);
    server.disconnect(everyPlayer, 'that was all');
    await output.close();
    const pictures = early.messages.filter(({ type }) => type === 9).map(({ data }) => data);
    const isHeader = (data: Buffer) => ((data[0] ?? 0) & 0x80 ? ((data[0] ?? 0) & 15) === 0 : data[1] === 0);
    expect(pictures.flatMap((data, i) => (isHeader(data) ? [i] : []))).toEqual([0, 49]);
    expect(((pictures[50]?.[0] ?? 0) >> 4) & 7).toBe(1);
    const { streams } = await late.film('late.flv');
    const video = streams.find(({ kind }) => kind === 'video');
    expect([video?.codec, video?.frames.length, video?.decodeErrors]).toEqual([codec, 48, 0]);
    expect(video?.frames.every((frame) => frame.width === width)).toBe(true);
    const { streams: whole } = await early.film('early.flv');
    if (codec === 'h264') {
      const sizes = whole.find(({ kind }) => kind === 'video')?.frames.map((frame) => frame.width);
      expect(sizes).toEqual([...Array(48).fill(160), ...Array(48).fill(192)]);
    }
  });

  it('between a new header and its key frame lets players that come wait for the key frame', async () => {
    const { publish, http } = await start();
    const publisher = await publish('cam1');
    const early = await recording(`${http}/live/cam1.flv`);
    publisher.videoHeader();
    publisher.picture(0, true, 10);
    publisher.picture(40, false, 10);
    const header = Buffer.from([0x17, 0, 0, 0, 0, 1, 0x42, 0, 0x1f, 0xff, 0xe0, 0]);
    publisher.media(9, 80, header);
    await early.until(9, 4);
    const late = await recording(`${http}/live/cam1.flv`);
    publisher.picture(80, true, 20);
    publisher.picture(120, false, 30);
    await late.until(9, 3);
    expect(late.messages.map(({ data }) => data.length)).toEqual([header.length, 25, 35]);
  });

  it('is none when the same header comes again', async () => {
    const { publish, http } = await start();
    const publisher = await publish('cam1');
    const early = await recording(`${http}/live/cam1.flv`);
    publisher.videoHeader();
    publisher.picture(0, true, 10);
    publisher.videoHeader();
    await early.until(9, 3);
    const late = await recording(`${http}/live/cam1.flv`);
    await late.until(9, 2);
    expect(late.messages.map(({ data }) => data.length)).toEqual([12, 15]);
  });
});
