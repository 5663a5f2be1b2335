import { AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP, type AVSampleFormat } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import type { Microseconds } from '../../../pipeline/index.js';
// FFmpeg's own log is silenced there.
import '../../libav/av.js';
import type { EncodedTrack } from '../live-types.js';

/** One packet of silence, which may be repeated without end. */
export interface Silence {
  readonly data: Uint8Array;
  readonly durationUs: Microseconds;
}

interface Encoding {
  readonly encoder: string;
  readonly format: AVSampleFormat;
  readonly frameSize: number;
}

const encodings: Readonly<Record<string, Encoding>> = {
  aac: { encoder: 'aac', format: AV_SAMPLE_FMT_FLTP, frameSize: 1024 },
  opus: { encoder: 'libopus', format: AV_SAMPLE_FMT_FLT, frameSize: 960 },
};
/** Object type of AAC-LC, the first five bits of an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). */
const AAC_LC = 2;
/** The first packets hold the beginning of the encoder's window. */
const SETTLED = 4;

/**
 * Silence that fits into a track of sound. Nothing for tracks without sound, for other codecs than AAC-LC and Opus, and where the bundled FFmpeg has no
 * encoder for it.
 */
export function silenceFor(tracks: readonly EncodedTrack[]): Silence | undefined {
  const track = tracks.find((each) => each.kind === 'audio');
  if (track === undefined) return undefined;
  const encoding = encodings[track.codec];
  if (encoding === undefined || (track.codec === 'aac' && objectType(track.extradataBase64) !== AAC_LC))
    return undefined;
  const data = encodeSilence(encoding, track.sampleRate, track.channels);
  const durationUs = Math.round((encoding.frameSize * 1e6) / track.sampleRate);
  return data === undefined ? undefined : { data, durationUs };
}

function objectType(extradataBase64: string | null): number | undefined {
  const [first] = Buffer.from(extradataBase64 ?? '', 'base64');
  return first === undefined ? undefined : first >> 3;
}

function encodeSilence(
  { encoder, format, frameSize }: Encoding,
  sampleRate: number,
  channels: number,
): Uint8Array | undefined {
  const codec = Codec.findEncoderByName(encoder as never);
  if (codec === null) return undefined;
  const context = new CodecContext();
  const frame = new Frame();
  const packet = new Packet();
  const channelLayout = { nbChannels: channels, order: 1, mask: channels === 1 ? 4n : 3n };
  try {
    if (channels > 2) return undefined;
    context.allocContext3(codec);
    context.sampleRate = sampleRate;
    context.sampleFormat = format;
    context.channelLayout = channelLayout as never;
    context.timeBase = { num: 1, den: sampleRate } as never;
    if (context.open2Sync(codec, null) < 0) return undefined;
    packet.alloc();
    frame.alloc();
    frame.format = format as never;
    frame.nbSamples = frameSize;
    frame.sampleRate = sampleRate;
    frame.channelLayout = channelLayout as never;
    if (frame.getBuffer() < 0) return undefined;
    for (const plane of frame.data ?? []) plane?.fill(0);
    let data: Uint8Array | undefined;
    for (let i = 0; i < SETTLED; i++) {
      frame.pts = BigInt(i * frameSize);
      if (context.sendFrameSync(frame) < 0) return undefined;
      while (context.receivePacketSync(packet) >= 0) {
        data = Uint8Array.from(packet.data ?? []);
        packet.unref();
      }
    }
    return data;
  } finally {
    packet.free();
    frame.free();
    context.freeContext();
  }
}
