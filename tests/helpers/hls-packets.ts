import { AV_NOPTS_VALUE, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, Packet } from 'node-av/lib';
import { toMicroseconds } from '../../pipeline/index.js';
import { rational } from '../../streams/libav/av.js';
import { describeParameters } from '../../streams/libav/encoded-stream.js';
import { openInput } from '../../streams/libav/input.js';
import type { EncodedPacket, EncodedTrack } from '../../streams/live/live-types.js';

/** A clip as an encoder would hand it to a live output. */
export interface ClipPackets {
  readonly tracks: readonly EncodedTrack[];
  /** In the order of the file. */
  readonly packets: readonly EncodedPacket[];
}

/** Reads all packets of a file or URL. Times are as in the container. */
export async function clipPackets(path: string): Promise<ClipPackets> {
  const input = await openInput(path);
  const packet = new Packet();
  packet.alloc();
  const packets: EncodedPacket[] = [];
  try {
    const tracks = input.streams.map((stream): EncodedTrack => {
      const p = stream.codecpar;
      const codec = avGetCodecName(p.codecId) ?? '';
      if (p.codecType === AVMEDIA_TYPE_VIDEO) {
        return { kind: 'video', codec, frameRate: rational(stream.avgFrameRate), stream: describeParameters(p) };
      }
      const extradataBase64 = p.extradata?.toString('base64') ?? null;
      const { codecId, sampleRate, channels } = p;
      return { kind: 'audio', codec, codecId, sampleRate, channels, extradataBase64 };
    });
    while ((await input.readFrame(packet)) >= 0) {
      const stream = input.streams[packet.streamIndex];
      if (stream === undefined || packet.pts === AV_NOPTS_VALUE) continue;
      const us = (ticks: bigint) => toMicroseconds(ticks, rational(stream.timeBase));
      packets.push({
        kind: stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO ? 'video' : 'audio',
        data: Uint8Array.from(packet.data ?? []),
        ptsUs: us(packet.pts),
        dtsUs: packet.dts === AV_NOPTS_VALUE ? Number.NaN : us(packet.dts),
        durationUs: us(packet.duration),
        isKey: packet.isKeyframe,
      });
      packet.unref();
    }
    return { tracks, packets: withDecodingTimes(packets) };
  } finally {
    packet.free();
    await input.closeInput();
  }
}

/** Matroska has no decoding times, and FFmpeg cannot guess the first ones: they lie before the first that is known. */
function withDecodingTimes(packets: readonly EncodedPacket[]): EncodedPacket[] {
  const result = [...packets];
  for (let i = result.length - 1; i >= 0; i--) {
    const packet = result[i] as EncodedPacket;
    const next = result.slice(i + 1).find(({ kind }) => kind === packet.kind);
    if (Number.isNaN(packet.dtsUs)) result[i] = { ...packet, dtsUs: (next?.dtsUs ?? packet.ptsUs) - packet.durationUs };
  }
  return result;
}

/** Packets whose content means nothing, for what looks at times only. */
export function fakeVideo(dtsUs: number, isKey: boolean, bytes = 50): EncodedPacket {
  const data = new Uint8Array(bytes).fill(isKey ? 7 : 1);
  return { kind: 'video', data, ptsUs: dtsUs, dtsUs, durationUs: 0, isKey };
}

/** A packet of sound whose content means nothing. */
export function fakeAudio(dtsUs: number): EncodedPacket {
  return { kind: 'audio', data: new Uint8Array(20), ptsUs: dtsUs, dtsUs, durationUs: 21_333, isKey: true };
}
