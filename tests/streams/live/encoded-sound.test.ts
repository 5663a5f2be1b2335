import { AV_CODEC_ID_MPEGH_3D_AUDIO } from 'node-av/constants';
import { afterEach, describe, expect, it } from 'vitest';
import { FragmentMuxer } from '../../../streams/hls/fragment-muxer.js';
import { systemClock } from '../../../streams/live/live-clock.js';
import { openLiveInput } from '../../../streams/live/live-input.js';
import type { LiveInputOptions } from '../../../streams/live/live-options.js';
import type { AudioTrack, EncodedPacket, LiveEvent, LiveInput } from '../../../streams/live/live-types.js';
import { FileOutput } from '../../../streams/live/outputs/file-output.js';
import { FlvMuxer } from '../../../streams/live/outputs/flv-muxer.js';
import { look } from '../../fixtures/look.js';
import { beepTrack, heardBeeps } from '../../helpers/beeps.js';
import { takeCopies } from '../../helpers/copied.js';
import { until } from '../../helpers/frames.js';
import { type LiveServer, liveServer, whole } from '../../helpers/live-server.js';
import { type RtspServer, rtspServer } from '../../helpers/rtsp-server.js';
import { type ClipSound, soundingClip } from '../../helpers/sounding-clip.js';
import { workspace } from '../../helpers/workspace.js';

const PHONE: ClipSound = { encoder: 'pcm_alaw', sampleRate: 8000 };
const SKEW_US = 40_000;

const what = (events: readonly LiveEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'changed' ? [event.what] : []));
const soundIn = (packets: readonly EncodedPacket[]): EncodedPacket[] => packets.filter(({ kind }) => kind === 'audio');

/** Beeps heard between the pictures of full seconds. @param keyUs When those are shown. */
function expectInSync(heard: readonly number[], keysUs: readonly number[]): void {
  // The first block of all has nothing before it to be decoded with.
  for (const us of heard.filter((us) => us > 200_000)) {
    const skewUs = Math.min(...keysUs.map((keyUs) => Math.abs(keyUs - us)));
    expect(skewUs, `beep at ${us}`).toBeLessThan(SKEW_US);
  }
}
const keysOf = (video: readonly EncodedPacket[]): number[] =>
  video.filter(({ isKey }) => isKey).map(({ ptsUs }) => ptsUs);

describe('sound that outputs cannot hold', () => {
  const path = workspace();
  let input: LiveInput | undefined;
  let server: LiveServer | RtspServer | undefined;
  const open = async (url: string, options: LiveInputOptions = {}): Promise<LiveInput> => {
    input = await openLiveInput(url, { copyVideo: true, reconnect: false, ...options });
    return input;
  };
  const serve = async (file: string): Promise<string> => {
    server = await liveServer(whole(file));
    return server.url;
  };
  afterEach(async () => {
    await input?.stop();
    await server?.close();
    input = server = undefined;
  });

  it.each<[ClipSound, number, number]>([
    [PHONE, 48_000, 1],
    [{ encoder: 'pcm_mulaw', sampleRate: 16_000 }, 48_000, 1],
    [{ encoder: 'pcm_s16le', sampleRate: 44_100, channels: 2 }, 44_100, 2],
    [{ encoder: 'pcm_s16le', sampleRate: 48_000, channels: 6 }, 48_000, 2],
    [{ encoder: 'pcm_s16le', sampleRate: 5512 }, 48_000, 1],
    [{ encoder: 'mp2', sampleRate: 48_000, channels: 2, frameSamples: 1152 }, 48_000, 2],
    [{ encoder: 'ac3', sampleRate: 48_000, channels: 2, frameSamples: 1536, sampleFormat: 'fltp' }, 48_000, 2],
    [{ encoder: 'libvorbis', sampleRate: 32_000, frameSamples: 64, sampleFormat: 'fltp' }, 32_000, 1],
  ])('is AAC beside its pictures: %o', async (sound, sampleRate, channels) => {
    const live = await open(await serve(await soundingClip(sound)));
    const { video, packets, events, ended } = takeCopies(live);
    await ended;
    expect(live.audio?.track).toMatchObject({
      codec: 'aac',
      sampleRate,
      channels,
      extradataBase64: expect.any(String),
    });
    expect(what(events)).toEqual([
      `sound is ${sound.encoder.replace('lib', '')}, which viewers cannot play: it is encoded to aac`,
    ]);
    const heard = heardBeeps(live.audio?.track as AudioTrack, soundIn(packets));
    expect(heard.length).toBeGreaterThanOrEqual(3);
    expectInSync(heard, keysOf(video));
  });

  it('is held by files, FLV and fragments of MP4', async () => {
    const live = await open(await serve(await soundingClip(PHONE)));
    const { tracks, packets, ended } = takeCopies(live);
    await ended;
    const all = [(tracks[0] as (typeof tracks)[number]).track, live.audio?.track as AudioTrack];
    for (const extension of ['mkv', 'mp4', 'flv', 'ts']) {
      const output = new FileOutput({ path: path(`a.${extension}`) });
      await output.open(all);
      for (const packet of packets) output.write(packet);
      await output.close();
      const audio = look(path(`a.${extension}`)).streams.find(({ kind }) => kind === 'audio');
      expect(audio).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 1, decodeErrors: 0 });
      expect(audio?.frames.length).toBeGreaterThan(25);
    }
    for (const muxer of [new FlvMuxer(all, 0), new FragmentMuxer(all)]) muxer.close();
  });

  it('keeps its distance to the pictures after the source was away, and sends nothing of before', async () => {
    const live = await open(await serve(await soundingClip(PHONE)), {
      reconnect: { firstMs: 700, maxMs: 700, jitter: 0 },
    });
    const { video, packets, events } = takeCopies(live);
    await until(() => video.length > 250);
    await live.stop();
    const breaks = events.flatMap((event) => (event.kind === 'discontinuity' ? [event.atUs] : []));
    expect(breaks.length).toBeGreaterThanOrEqual(2);
    const sound = soundIn(packets);
    expectInSync(heardBeeps(live.audio?.track as AudioTrack, sound), keysOf(video));
    for (const us of breaks) {
      const before = sound.filter(({ ptsUs }) => ptsUs < us - 200_000).at(-1) as EncodedPacket;
      const after = sound.find(({ ptsUs }) => ptsUs >= us - 200_000) as EncodedPacket;
      expect(sound.indexOf(after)).toBe(sound.indexOf(before) + 1);
      expect(after.ptsUs - before.ptsUs - before.durationUs).toBeGreaterThan(400_000);
    }
    expect(sound.every(({ ptsUs }, i) => i === 0 || ptsUs > (sound[i - 1] as EncodedPacket).ptsUs)).toBe(true);
    expect(what(events)).toHaveLength(1);
  });

  it('goes on where a film begins again', async () => {
    let nowMs = 0;
    const sleep = async (ms: number): Promise<void> => {
      nowMs += ms;
    };
    const clock = { ...systemClock, nowMs: () => nowMs, sleep };
    const live = await open(`loop:${await soundingClip(PHONE)}`, { clock });
    const { video, packets } = takeCopies(live);
    await until(() => video.length > 350);
    await live.stop();
    const sound = soundIn(packets);
    const heard = heardBeeps(live.audio?.track as AudioTrack, sound);
    expect(heard.length).toBeGreaterThan(10);
    expectInSync(heard, keysOf(video));
    const holes = sound.slice(1).filter(({ ptsUs }, i) => ptsUs - (sound[i] as EncodedPacket).ptsUs > 130_000);
    expect(holes).toEqual([]);
  });

  it('becomes what it was at first when it comes back as something else', async () => {
    const clips = await Promise.all(
      [PHONE, { encoder: 'mp2', sampleRate: 48_000, channels: 2, frameSamples: 1152 }].map((sound) =>
        soundingClip(sound),
      ),
    );
    server = await liveServer((response, request) => whole(clips[Math.min(request, 1)] as string)(response, request));
    const live = await open(server.url, { reconnect: { firstMs: 1, maxMs: 2 } });
    const { video, packets, events } = takeCopies(live);
    await until(() => video.length > 190);
    await live.stop();
    expect(what(events)[1]).toBe('sound is mp2 48000 Hz ×2, was pcm_alaw 8000 Hz ×1');
    const heard = heardBeeps(live.audio?.track as AudioTrack, soundIn(packets));
    expect(heard.length).toBeGreaterThanOrEqual(6);
    expectInSync(heard, keysOf(video));
  });

  it('comes from cameras over RTSP as well', async () => {
    const film = await open(`file:${await soundingClip(PHONE)}`, { clock: { nowMs: () => 0, sleep: async () => {} } });
    const { video: pictures, tracks, ended: read } = takeCopies(film);
    await read;
    const header = (tracks[0] as (typeof tracks)[number]).track.stream.extradataBase64 ?? '';
    const sound = beepTrack({ ...PHONE, container: 'matroska', seconds: 4 }).packets.map((packet): EncodedPacket => {
      const us = Number(packet.pts) * 125;
      return {
        kind: 'audio',
        data: Uint8Array.from(packet.data ?? []),
        ptsUs: us,
        dtsUs: us,
        durationUs: 20_000,
        isKey: true,
      };
    });
    server = await rtspServer(
      pictures.map((picture) => annexB(picture, header)),
      { sound },
    );
    const live = await open(server.url);
    const { video, packets, ended } = takeCopies(live);
    await ended;
    expect(live.audio?.track).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 1 });
    const heard = heardBeeps(live.audio?.track as AudioTrack, soundIn(packets));
    expect(heard.length).toBeGreaterThanOrEqual(3);
    expectInSync(heard, keysOf(video));
  });

  it.each([
    ['pcm_alaw', 7, 8000, { encoder: 'pcm_alaw', frameSamples: 160 }],
    ['nellymoser', 5, 8000, { encoder: 'nellymoser', frameSamples: 256, sampleFormat: 'flt' }],
  ])('comes by FLV as well: %s', async (codec, format, sampleRate, recipe) => {
    const track = beepTrack({ ...recipe, container: 'matroska', seconds: 4, sampleRate });
    const bytes = soundFlv(
      track.packets.map(({ data, pts }) => ({
        data: data ?? Buffer.alloc(0),
        ms: Math.max(0, Math.round(Number(pts) / 8)),
      })),
      format,
    );
    server = await liveServer((response) => void response.end(bytes));
    const live = await open(server.url, { copyVideo: false });
    const sound: EncodedPacket[] = [];
    const events: LiveEvent[] = [];
    live.events.subscribe((event) => events.push(event));
    await new Promise<void>((complete) => live.audio?.packets.subscribe({ next: (p) => sound.push(p), complete }));
    expect(what(events)).toEqual([`sound is ${codec}, which viewers cannot play: it is encoded to aac`]);
    const heard = heardBeeps(live.audio?.track as AudioTrack, sound);
    expect(heard.slice(-3).map((us) => Math.round(us / 40_000))).toEqual([25, 50, 75]);
  });

  it('is left out where nobody can decode it, and the stream goes on', async () => {
    const live = await open(await serve(await soundingClip({ ...PHONE, codecId: AV_CODEC_ID_MPEGH_3D_AUDIO })));
    const { video, packets, events, ended } = takeCopies(live);
    await ended;
    expect(live.audio).toBeUndefined();
    expect(what(events)).toEqual([
      'sound is mpegh_3d_audio, which viewers cannot play, and nobody here can decode: it is left out',
    ]);
    expect(video).toHaveLength(100);
    expect(soundIn(packets)).toEqual([]);
  });
});

/** FLV with sound alone. @param format As the first four bits of its tags say it. */
function soundFlv(packets: readonly { readonly data: Buffer; readonly ms: number }[], format: number): Buffer {
  const tags = packets.map(({ data, ms }) => {
    const body = Buffer.concat([Buffer.of((format << 4) | 2), data]);
    const header = Buffer.alloc(11);
    header.writeUInt8(8, 0);
    header.writeUIntBE(body.length, 1, 3);
    header.writeUIntBE(ms, 4, 3);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length + 11);
    return Buffer.concat([header, body, size]);
  });
  return Buffer.concat([Buffer.from('FLV\x01\x04\0\0\0\x09\0\0\0\0', 'latin1'), ...tags]);
}

/** A picture as RTP cameras have it: start codes, and its header before a key frame. */
function annexB(picture: EncodedPacket, extradataBase64: string): EncodedPacket {
  const record = Buffer.from(extradataBase64, 'base64');
  const start = Buffer.of(0, 0, 0, 1);
  const units: Buffer[] = [];
  const take = (bytes: Buffer, at: number, lengthBytes: number): number => {
    const end = at + lengthBytes + bytes.readUIntBE(at, lengthBytes);
    units.push(start, bytes.subarray(at + lengthBytes, end));
    return end;
  };
  // ISO/IEC 14496-15, 5.3.3.1: one set each.
  if (picture.isKey) take(record, take(record, 6, 2) + 1, 2);
  const data = Buffer.from(picture.data);
  for (let at = 0; at < data.length; ) at = take(data, at, 4);
  return { ...picture, data: Buffer.concat(units) };
}
