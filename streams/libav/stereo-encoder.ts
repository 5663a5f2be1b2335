import { AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP, type FFEncoderCodec } from 'node-av/constants';
import { Codec, CodecContext, CodecParameters, Frame, Packet } from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { avCheck, isAgain, isEnd } from './av.js';

/** FFmpeg's encoders that made sound is written with. */
export type StereoCodec = 'aac' | 'libopus';

const SAMPLE_RATE = 48_000;
// AV_CHANNEL_ORDER_NATIVE = 1; front left and right.
const STEREO = { nbChannels: 2, order: 1, mask: 3n };
/** Samples of a packet where the encoder does not say. */
const USUAL_SAMPLES = 1024;

const settings: Readonly<Record<StereoCodec, { readonly bitRate: bigint; readonly isPlanar: boolean }>> = {
  aac: { bitRate: 192_000n, isPlanar: true },
  libopus: { bitRate: 160_000n, isPlanar: false },
};

/** 48 kHz stereo, floating point → packets of AAC-LC (192 kbit/s) or Opus (160 kbit/s). */
export class StereoEncoder {
  /** Samples of a packet. */
  readonly frameSamples: number;
  readonly #codec: StereoCodec;
  readonly #onPacket: (packet: Packet) => void;
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #block: readonly [Float32Array, Float32Array];
  #filled = 0;
  #frames = 0;
  #closed = false;

  /**
   * @param onPacket Receives packets in order, borrowed for the call: each continues the one before, and the first begins {@link padding} samples before the sound.
   * @throws VitascopeError `ENCODER_UNKNOWN`, `ENCODER_FAILED`
   */
  constructor(codec: StereoCodec, onPacket: (packet: Packet) => void) {
    this.#codec = codec;
    this.#onPacket = onPacket;
    const { bitRate, isPlanar } = settings[codec];
    const encoder = Codec.findEncoderByName(codec as FFEncoderCodec);
    if (encoder === null) throw new VitascopeError('ENCODER_UNKNOWN', `the bundled FFmpeg has no encoder for ${codec}`);
    const format = isPlanar ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT;
    const context = this.#context;
    context.allocContext3(encoder);
    try {
      context.sampleRate = SAMPLE_RATE;
      context.sampleFormat = format;
      context.channelLayout = STEREO as never;
      context.timeBase = { num: 1, den: SAMPLE_RATE } as never;
      context.bitRate = bitRate;
      avCheck(context.open2Sync(encoder, null), 'ENCODER_FAILED', codec);
      this.frameSamples = context.frameSize > 0 ? context.frameSize : USUAL_SAMPLES;
      this.#packet.alloc();
      this.#frame.alloc();
      const { frameSamples: nbSamples } = this;
      Object.assign(this.#frame, { format, nbSamples, sampleRate: SAMPLE_RATE, channelLayout: STEREO });
      avCheck(this.#frame.getBuffer(), 'ENCODER_FAILED', codec);
    } catch (error) {
      this.close();
      throw error;
    }
    this.#block = [new Float32Array(this.frameSamples), new Float32Array(this.frameSamples)];
  }

  /** What a muxer must know; the caller frees it. */
  parameters(): CodecParameters {
    const parameters = new CodecParameters();
    parameters.alloc();
    avCheck(parameters.fromContext(this.#context), 'ENCODER_FAILED', this.#codec);
    return parameters;
  }

  /** Takes samples from −1 to 1, any number, as many of each channel; they are read before this returns. @throws VitascopeError `ENCODER_FAILED` */
  push(left: Float32Array, right: Float32Array): void {
    for (let at = 0; at < left.length; ) {
      const count = Math.min(left.length - at, this.frameSamples - this.#filled);
      this.#block[0].set(left.subarray(at, at + count), this.#filled);
      this.#block[1].set(right.subarray(at, at + count), this.#filled);
      at += count;
      this.#filled += count;
      if (this.#filled === this.frameSamples) this.#encodeBlock();
    }
  }

  /** Encodes what is left, filled up with silence. @throws VitascopeError `ENCODER_FAILED` */
  finish(): void {
    if (this.#filled > 0) {
      for (const channel of this.#block) channel.fill(0, this.#filled);
      this.#encodeBlock();
    }
    this.#send(null);
  }

  /** Frees everything; more calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }

  #encodeBlock(): void {
    const frame = this.#frame;
    avCheck(frame.makeWritable(), 'ENCODER_FAILED', this.#codec);
    const [left, right] = this.#block;
    const channels = settings[this.#codec].isPlanar ? [left, right] : [interleaved(left, right)];
    frame.data?.slice(0, channels.length).forEach((plane, i) => {
      const { buffer, byteOffset, byteLength } = channels[i] as Float32Array;
      plane.set(new Uint8Array(buffer, byteOffset, byteLength));
    });
    frame.pts = BigInt(this.#frames++ * this.frameSamples);
    this.#filled = 0;
    this.#send(frame);
  }

  #send(frame: Frame | null): void {
    avCheck(this.#context.sendFrameSync(frame), 'ENCODER_FAILED', this.#codec);
    for (;;) {
      const result = this.#context.receivePacketSync(this.#packet);
      if (isAgain(result) || isEnd(result)) return;
      avCheck(result, 'ENCODER_FAILED', this.#codec);
      this.#onPacket(this.#packet);
      this.#packet.unref();
    }
  }
}

function interleaved(left: Float32Array, right: Float32Array): Float32Array {
  const samples = new Float32Array(2 * left.length);
  for (let i = 0; i < left.length; i++) {
    samples[2 * i] = left[i] as number;
    samples[2 * i + 1] = right[i] as number;
  }
  return samples;
}
