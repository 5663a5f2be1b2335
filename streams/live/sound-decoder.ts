import { AV_SAMPLE_FMT_FLTP, type AVSampleFormat } from 'node-av/constants';
import {
  avGetCodecName,
  Codec,
  CodecContext,
  Frame,
  type Packet,
  SoftwareResampleContext,
  type Stream,
} from 'node-av/lib';
import { MICROSECONDS_PER_SECOND, type Microseconds, VitascopeError } from '../../pipeline/index.js';
import { avCheck, hasTime, isAgain } from '../libav/av.js';
import type { SoundShape } from './aac-encoder.js';
import type { SoundPiece } from './sound-encoder.js';

const FLOAT_BYTES = 4;
/** No packet holds more, whatever rate it says it has. */
const MAX_PIECE_S = 10;

/** Decodes the sound of one connection to floating-point samples of one rate. Packets come timed in microseconds. */
export class SoundDecoder {
  readonly #context: CodecContext;
  readonly #frame = new Frame();
  readonly #resampler: Resampler;
  #closed = false;

  /** @throws VitascopeError `DECODER_MISSING` */
  constructor({ codecpar }: Stream, shape: SoundShape) {
    const name = avGetCodecName(codecpar.codecId) ?? 'unknown';
    const codec = Codec.findDecoder(codecpar.codecId);
    if (codec === null) throw new VitascopeError('DECODER_MISSING', `the bundled FFmpeg has no decoder for ${name}`);
    this.#resampler = new Resampler(shape);
    this.#context = new CodecContext();
    this.#context.allocContext3(codec);
    try {
      this.#context.parametersToContext(codecpar);
      this.#context.pktTimebase = { num: 1, den: MICROSECONDS_PER_SECOND } as never;
      this.#context.threadCount = 1;
      avCheck(this.#context.open2Sync(codec, null), 'DECODER_MISSING', `the ${name} decoder does not open`);
      this.#frame.alloc();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Hands over what a packet completes; packets that do not decode give nothing. A piece is borrowed until the call returns. */
  decode(packet: Packet, take: (piece: SoundPiece, ptsUs: Microseconds | undefined) => void): void {
    for (let sent = false; !sent; ) {
      sent = !isAgain(this.#context.sendPacketSync(packet));
      while (this.#context.receiveFrameSync(this.#frame) >= 0) {
        const ptsUs = hasTime(this.#frame.pts) ? Number(this.#frame.pts) : undefined;
        const piece = this.#resampler.convert(this.#frame);
        this.#frame.unref();
        if (piece !== undefined) take(piece, ptsUs === undefined ? undefined : ptsUs - piece.delayUs);
      }
    }
  }

  /** Makes the next so many samples longer, or shorter where it is negative, by some: to follow a source whose clock drifts. */
  stretch(samples: number, among: number): void {
    this.#resampler.stretch(samples, among);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#resampler.close();
    this.#frame.free();
    this.#context.freeContext();
  }
}

interface Input {
  readonly context: SoftwareResampleContext;
  readonly shape: string;
}

/** Whatever a decoder gives → floating-point samples of one rate, a plane a channel. */
class Resampler {
  readonly #shape: SoundShape;
  #input: Input | undefined;
  #planes: Float32Array[] = [];

  constructor(shape: SoundShape) {
    this.#shape = shape;
  }

  /** Nothing for sound that cannot be converted. `delayUs`: how much of what came before is at its beginning. */
  convert(frame: Frame): (SoundPiece & { readonly delayUs: Microseconds }) | undefined {
    const context = this.#contextFor(frame);
    const data = frame.extendedData ?? frame.data;
    if (context === undefined || data === null) return undefined;
    const delayUs = Number(context.getDelay(BigInt(MICROSECONDS_PER_SECOND)));
    const room = context.getOutSamples(frame.nbSamples);
    if (room <= 0 || room > MAX_PIECE_S * this.#shape.sampleRate) return undefined;
    const planes = this.#planesFor(room);
    const bytes = planes.map(({ buffer }) => Buffer.from(buffer));
    const samples = context.convertSync(bytes, room, data, frame.nbSamples);
    return samples > 0 ? { planes, samples, delayUs } : undefined;
  }

  stretch(samples: number, among: number): void {
    this.#input?.context.setCompensation(samples, among);
  }

  close(): void {
    this.#input?.context.free();
    this.#input = undefined;
  }

  /** Sources may change in mid-stream. */
  #contextFor(frame: Frame): SoftwareResampleContext | undefined {
    const { format, sampleRate, channelLayout } = frame;
    const shape = [format, sampleRate, channelLayout.nbChannels, channelLayout.order, channelLayout.mask].join();
    if (this.#input?.shape === shape) return this.#input.context;
    this.close();
    const { channels, sampleRate: outRate } = this.#shape;
    const outLayout = { nbChannels: channels, order: 1, mask: channels === 1 ? 4n : 3n } as never;
    const context = new SoftwareResampleContext();
    const result = context.allocSetOpts2(
      outLayout,
      AV_SAMPLE_FMT_FLTP,
      outRate,
      channelLayout,
      format as AVSampleFormat,
      sampleRate,
    );
    if (result < 0 || context.init() < 0) {
      context.free();
      return undefined;
    }
    this.#input = { context, shape };
    return context;
  }

  #planesFor(samples: number): readonly Float32Array[] {
    if ((this.#planes[0]?.length ?? 0) < samples) {
      const plane = (): Float32Array => new Float32Array(new ArrayBuffer(samples * FLOAT_BYTES));
      this.#planes = Array.from({ length: this.#shape.channels }, plane);
    }
    return this.#planes;
  }
}
