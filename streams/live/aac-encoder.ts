import { AV_CODEC_ID_AAC, AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { avCheck } from '../libav/av.js';
import type { AudioTrack } from './live-types.js';

/** Samples of a packet of AAC-LC, of each channel. */
export const AAC_SAMPLES = 1024;

/** Sampling frequencies that AAC has an index for (ISO/IEC 14496-3, 1.6.3.4), those of broadcasting. */
const sampleRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000];
const STANDARD_RATE = 48_000;

/** Bits a second of a channel: the most, and for each sample. */
const MOST_BITS = 64_000;
const BITS_A_SAMPLE = 3;

/** One or two channels at a rate that AAC knows. */
export interface SoundShape {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
}

/** AAC holds three blocks back, which at the rate of a telephone are 0.4 s; and few players and services expect such a rate. */
const LEAST_RATE = 32_000;

/** What sound of a source is encoded as: its own rate where AAC knows it and it is not too low, and no more than stereo. */
export function encodedShape({ sampleRate, channels }: Pick<AudioTrack, 'sampleRate' | 'channels'>): SoundShape {
  return {
    sampleRate: sampleRate >= LEAST_RATE && sampleRates.includes(sampleRate) ? sampleRate : STANDARD_RATE,
    channels: channels === 1 ? 1 : 2,
  };
}

/** FFmpeg's AAC-LC encoder, in blocks of {@link AAC_SAMPLES} samples. */
export class AacEncoder {
  readonly track: AudioTrack;
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  #blocks = 0;
  #closed = false;

  /** @throws VitascopeError `ENCODER_UNKNOWN`, `ENCODER_FAILED` */
  constructor({ sampleRate, channels }: SoundShape) {
    const codec = Codec.findEncoderByName('aac' as never);
    if (codec === null) throw new VitascopeError('ENCODER_UNKNOWN', 'the bundled FFmpeg has no encoder for aac');
    // AV_CHANNEL_ORDER_NATIVE = 1; front centre, or front left and right.
    const channelLayout = { nbChannels: channels, order: 1, mask: channels === 1 ? 4n : 3n };
    this.#context.allocContext3(codec);
    try {
      this.#context.sampleRate = sampleRate;
      this.#context.sampleFormat = AV_SAMPLE_FMT_FLTP;
      this.#context.channelLayout = channelLayout as never;
      this.#context.timeBase = { num: 1, den: sampleRate } as never;
      this.#context.bitRate = BigInt(channels * Math.min(MOST_BITS, BITS_A_SAMPLE * sampleRate));
      const who = `the AAC encoder does not open with ${sampleRate} Hz ×${channels}`;
      avCheck(this.#context.open2Sync(codec, null), 'ENCODER_FAILED', who);
      this.#packet.alloc();
      this.#frame.alloc();
      Object.assign(this.#frame, { format: AV_SAMPLE_FMT_FLTP, nbSamples: AAC_SAMPLES, sampleRate, channelLayout });
      avCheck(this.#frame.getBuffer(), 'ENCODER_FAILED', who);
    } catch (error) {
      this.close();
      throw error;
    }
    const extradataBase64 = this.#context.extraData?.toString('base64') ?? null;
    this.track = { kind: 'audio', codec: 'aac', codecId: AV_CODEC_ID_AAC, sampleRate, channels, extradataBase64 };
  }

  /**
   * Encodes the next block. Packets come later: the first one, number −1, when there are two blocks, and packet `i` is what players hear as block `i`, of which
   * block 0 is the first.
   *
   * @param planes A block of samples for each channel, from −1 to 1; read before this returns.
   * @throws VitascopeError `ENCODER_FAILED`
   */
  encode(planes: readonly Float32Array[], take: (data: Uint8Array, block: number) => void): void {
    const frame = this.#frame;
    avCheck(frame.makeWritable(), 'ENCODER_FAILED', 'AAC');
    frame.data?.slice(0, planes.length).forEach((plane, i) => {
      const samples = planes[i] as Float32Array;
      plane.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    });
    frame.pts = BigInt(this.#blocks++ * AAC_SAMPLES);
    avCheck(this.#context.sendFrameSync(frame), 'ENCODER_FAILED', 'AAC');
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      const { data, pts } = this.#packet;
      if (data !== null) take(Uint8Array.from(data), Number(pts) / AAC_SAMPLES);
      this.#packet.unref();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }
}
