import { FormatContext, Packet } from 'node-av/lib';
import { expect } from 'vitest';
import { FramePool, toMicroseconds, VideoFrame } from '../../../../pipeline/index.js';
import type { AudioTrack, EncodedPacket, EncodedTrack, VideoTrack } from '../../../../streams/live/live-types.js';
import { LiveEncoder, type LiveEncoderOptions } from '../../../../streams/live/outputs/live-encoder.js';
import { type LookedStream, look } from '../../../fixtures/look.js';
import { h264Clip } from '../../../fixtures/media.js';
import { frameProperties } from '../../../helpers/frames.js';

export const FPS = 25;

export interface Encoded {
  readonly tracks: { readonly rendition: number; readonly track: VideoTrack }[];
  readonly packets: EncodedPacket[][];
}

/** Encodes moving pictures of the sizes that `sizeOf` says, closing every frame. */
export async function encodeLive(
  frames: number,
  options: Partial<LiveEncoderOptions> = {},
  sizeOf: (index: number) => { readonly width: number; readonly height: number } = () => ({ width: 64, height: 48 }),
): Promise<Encoded> {
  const encoded: Encoded = { tracks: [], packets: [] };
  const encoder = new LiveEncoder({
    frameRate: { num: FPS, den: 1 },
    onTrack: (rendition, track) => encoded.tracks.push({ rendition, track }),
    onPacket: (rendition, packet) => {
      encoded.packets[rendition] ??= [];
      encoded.packets[rendition]?.push(packet);
    },
    ...options,
  });
  const pool = new FramePool({ slots: 8, name: 'test' });
  for (let i = 0; i < frames; i++) {
    const frame = await VideoFrame.create(pool, frameProperties(i, sizeOf(i)));
    for (const plane of [0, 1, 2] as const) paintPlane(frame, plane);
    await encoder.write(frame).finally(() => frame.close());
  }
  await encoder.finish();
  return encoded;
}

/** Stripes that move, so that there is something to encode. */
function paintPlane(frame: VideoFrame, plane: 0 | 1 | 2): void {
  const data = frame.plane(plane);
  for (let i = 0; i < data.length; i++) data[i] = (i * (frame.index + 7) * (plane + 3)) % 251;
}

export interface LiveSource {
  readonly tracks: readonly EncodedTrack[];
  readonly packets: readonly EncodedPacket[];
}

/** A live stream of 64×48, a key frame each second, with a tone in AAC, in order of decoding. */
export async function liveSource(seconds: number, options: Partial<LiveEncoderOptions> = {}): Promise<LiveSource> {
  const { tracks, packets } = await encodeLive(seconds * FPS, { segmentMs: 1000, ...options });
  const sound = await soundOf(await h264Clip({ frames: 24 * seconds, audio: true }));
  return {
    tracks: [(tracks[0] as Encoded['tracks'][number]).track, sound.track],
    packets: [...(packets[0] ?? []), ...sound.packets].sort((a, b) => a.dtsUs - b.dtsUs),
  };
}

/** The same packets again and again, on one timeline that goes on. */
export function* endless({ packets }: LiveSource, seconds: number): Generator<EncodedPacket, never> {
  for (let round = 0; ; round++) {
    const shift = round * seconds * 1e6;
    for (const packet of packets) yield { ...packet, ptsUs: packet.ptsUs + shift, dtsUs: packet.dtsUs + shift };
  }
}

/** The source with pictures that weigh as much as those of a large stream: H.264's filler data follows each. */
export function heavy(source: LiveSource, bytes: number): LiveSource {
  const filler = Buffer.concat([Buffer.from([0, 0, 0, 1, 12]), Buffer.alloc(bytes, 0xff), Buffer.from([0x80])]);
  return {
    tracks: source.tracks,
    packets: source.packets.map((p) => (p.kind === 'video' ? { ...p, data: Buffer.concat([p.data, filler]) } : p)),
  };
}

async function soundOf(path: string): Promise<{ track: AudioTrack; packets: EncodedPacket[] }> {
  const input = new FormatContext();
  await input.openInput(path);
  await input.findStreamInfo();
  const stream = input.streams.find(({ codecpar }) => codecpar.sampleRate > 0);
  if (stream === undefined) throw new Error('no sound');
  const { codecpar, timeBase, index } = stream;
  const packet = new Packet();
  packet.alloc();
  const packets: EncodedPacket[] = [];
  while ((await input.readFrame(packet)) >= 0) {
    if (packet.streamIndex === index && packet.dts >= 0n) {
      const us = (ticks: bigint): number => toMicroseconds(ticks, timeBase);
      packets.push({
        kind: 'audio',
        data: Uint8Array.from(packet.data ?? []),
        ptsUs: us(packet.pts),
        dtsUs: us(packet.dts),
        durationUs: us(packet.duration),
        isKey: true,
      });
    }
    packet.unref();
  }
  const track: AudioTrack = {
    kind: 'audio',
    codec: 'aac',
    codecId: codecpar.codecId,
    sampleRate: codecpar.sampleRate,
    channels: codecpar.channelLayout.nbChannels,
    extradataBase64: codecpar.extradata?.toString('base64') ?? null,
  };
  packet.free();
  await input.closeInput();
  return { track, packets };
}

/** A file as its receiver sees it: video and sound that decode, with times that grow. */
export function expectPlayable(path: string): { video: LookedStream; audio: LookedStream | undefined } {
  const { streams } = look(path);
  const video = streams.find(({ codec }) => codec === 'h264' || codec === 'hevc');
  if (video === undefined) throw new Error(`${path} has no video`);
  for (const { packets, decodeErrors } of streams) {
    expect(decodeErrors).toBe(0);
    const times = packets.map(({ dtsUs }) => dtsUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
  expect(video.frames.length).toBeGreaterThan(0);
  // The decoder gives no picture of what comes before the first key frame.
  expect(video.frames).toHaveLength(video.packets.length);
  return { video, audio: streams.find(({ codec }) => codec === 'aac') };
}
