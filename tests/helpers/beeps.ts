import type { AVCodecID } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { filterFrames } from '../../streams/libav/synthesis/filter-source.js';
import { TrackEncoder } from '../../streams/libav/synthesis/track-encoder.js';
import { type WrittenTrack, wantsGlobalHeader } from '../../streams/libav/synthesis/write-tracks.js';
import type { AudioTrack, EncodedPacket } from '../../streams/live/live-types.js';

/** Of a beep at each full second, seconds. */
const BEEP_S = 0.06;
const LOUD = 0.3;

/** Silence with a beep at each full second, as samples of one channel. */
export function beeps(seconds: number, sampleRate: number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    return t % 1 < BEEP_S ? 0.8 * Math.sin(2000 * Math.PI * t) : 0;
  });
}

export interface BeepRecipe {
  /** FFmpeg's name. */
  readonly encoder: string;
  readonly container: string;
  readonly seconds: number;
  readonly sampleRate: number;
  readonly channels?: number;
  readonly sampleFormat?: string;
  readonly frameSamples?: number;
}

/** {@link beeps}, encoded. */
export function beepTrack(recipe: BeepRecipe): WrittenTrack {
  const { encoder, container, seconds, sampleRate, channels = 1, sampleFormat = 's16', frameSamples = 160 } = recipe;
  const tone = `0.8*sin(2000*PI*t)*lt(mod(t\\,1)\\,${BEEP_S})`;
  const chain =
    `aevalsrc=exprs=${Array(channels).fill(tone).join('|')}:sample_rate=${sampleRate}:duration=${seconds},` +
    `aformat=sample_fmts=${sampleFormat},asetnsamples=n=${frameSamples}:p=0`;
  const timeBase = { num: 1, den: sampleRate };
  const track = new TrackEncoder({ encoder, timeBase, globalHeader: wantsGlobalHeader(container) });
  let samples = 0;
  for (const frame of filterFrames(chain, 'audio', Number.POSITIVE_INFINITY)) {
    frame.pts = BigInt(samples);
    samples += frame.nbSamples;
    track.push(frame);
  }
  return track.finish();
}

/** When a player hears beeps begin, microseconds. */
export function heardBeeps(track: AudioTrack, packets: readonly EncodedPacket[]): number[] {
  const heard: number[] = [];
  const decoder = decoderOf(track);
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  let loudUs = Number.NEGATIVE_INFINITY;
  for (const { data, ptsUs } of packets) {
    packet.data = Buffer.from(data);
    decoder.sendPacketSync(packet);
    packet.unref();
    while (decoder.receiveFrameSync(frame) >= 0) {
      const [plane] = frame.data ?? [];
      const samples = new Float32Array(Uint8Array.from(plane ?? []).buffer, 0, frame.nbSamples);
      samples.forEach((sample, i) => {
        if (Math.abs(sample) < LOUD) return;
        const us = ptsUs + (i * 1e6) / track.sampleRate;
        if (us - loudUs > 200_000) heard.push(us);
        loudUs = us;
      });
      frame.unref();
    }
  }
  decoder.freeContext();
  return heard;
}

/** An open decoder of a track; the caller frees it. */
export function decoderOf({ codecId, sampleRate, channels, extradataBase64 }: AudioTrack): CodecContext {
  const codec = Codec.findDecoder(codecId as AVCodecID);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.sampleRate = sampleRate;
  decoder.channelLayout = { nbChannels: channels, order: 1, mask: channels === 1 ? 4n : 3n } as never;
  decoder.extraData = Buffer.from(extradataBase64 ?? '', 'base64');
  if (decoder.open2Sync(codec, null) < 0) throw new Error('no decoder');
  return decoder;
}
