import { AV_CODEC_FLAG_OUTPUT_CORRUPT } from 'node-av/constants';
import { avGetCodecName, Codec, CodecContext, Frame, type Packet, type Stream } from 'node-av/lib';
import { MICROSECONDS_PER_SECOND, type Rational, rationalValue, VitascopeError } from '../../pipeline/index.js';
import { avCheck, isAgain, rational } from '../libav/av.js';

const MICROSECONDS: Rational = { num: 1, den: MICROSECONDS_PER_SECOND };

/** More pictures than this are decoded by several threads, which costs a picture of delay each; pixels a second. */
const ONE_THREAD = 1920 * 1088 * 31;

/** Decodes the video of one connection. Packets come timed in microseconds of the stream's timeline, and pictures leave so. */
export class LiveDecoder {
  readonly #context: CodecContext;
  #errors = 0;
  #closed = false;

  private constructor(context: CodecContext) {
    this.#context = context;
  }

  /** @throws VitascopeError `DECODER_MISSING` */
  static async open(stream: Stream, threads: number | undefined, name: string): Promise<LiveDecoder> {
    const { codecpar } = stream;
    const codec = Codec.findDecoder(codecpar.codecId);
    if (codec === null) {
      const codecName = avGetCodecName(codecpar.codecId) ?? 'unknown';
      throw new VitascopeError('DECODER_MISSING', `${name}: the bundled FFmpeg has no decoder for ${codecName}`);
    }
    const context = new CodecContext();
    context.allocContext3(codec);
    try {
      context.parametersToContext(codecpar);
      context.pktTimebase = MICROSECONDS as never;
      context.threadCount = threads ?? threadsFor(stream);
      context.flags = (context.flags | AV_CODEC_FLAG_OUTPUT_CORRUPT) as typeof context.flags;
      avCheck(await context.open2(codec, null), 'DECODER_MISSING', `${name}: the ${codec.name} decoder does not open`);
    } catch (error) {
      context.freeContext();
      throw error;
    }
    return new LiveDecoder(context);
  }

  /** Packets that did not decode. */
  get errors(): number {
    return this.#errors;
  }

  /** Hands over the pictures that a packet (or, at the end, nothing) completes. Each is the receiver's, who frees it. */
  async decode(packet: Packet | null, take: (picture: Frame) => Promise<void>): Promise<void> {
    for (let sent = false; !sent; ) {
      const result = await this.#context.sendPacket(packet);
      sent = !isAgain(result);
      if (sent && result < 0 && packet !== null) this.#errors++;
      await this.#receive(take, packet === null);
    }
  }

  /** Call once no `decode()` is under way. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.freeContext();
  }

  async #receive(take: (picture: Frame) => Promise<void>, draining: boolean): Promise<void> {
    for (;;) {
      const picture = new Frame();
      picture.alloc();
      const result = draining ? await this.#context.receiveFrame(picture) : this.#context.receiveFrameSync(picture);
      if (result < 0) {
        picture.free();
        return;
      }
      await take(picture);
    }
  }
}

function threadsFor(stream: Stream): number {
  const { width, height } = stream.codecpar;
  const rate = rationalValue(rational(stream.avgFrameRate));
  return width * height * (rate > 0 ? rate : 30) > ONE_THREAD ? 0 : 1;
}
