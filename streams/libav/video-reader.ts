import {
  AV_CODEC_FLAG_OUTPUT_CORRUPT,
  AV_FRAME_FLAG_CORRUPT,
  AVDISCARD_ALL,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { avGetCodecName, Codec, CodecContext, type FormatContext, Frame, Packet, type Stream } from 'node-av/lib';
import { type Microseconds, type Rational, rationalValue, toTicks, VitascopeError } from '../../pipeline/index.js';
import type { ReadReport } from '../film.js';
import { avCheck, isAgain, isEnd, rational } from './av.js';
import type { DecodedPicture } from './decoded-picture.js';
import { type InputOptions, openInput } from './input.js';
import { videoStreamOf } from './probe.js';
import { type SeekPoint, seekPoint, shownUs } from './seek-point.js';
import { PictureClock } from './timestamps.js';

/** Packets in a row that may fail before a decoder is given up. */
const MAX_FAILURES_IN_A_ROW = 1000;

export interface VideoReaderOptions extends InputOptions {
  /** First moment that must be decoded, in the container's time; reading begins at a keyframe before it. */
  readonly startUs?: Microseconds | undefined;
  /** Decoder threads; 0 = one a core. Default 0. */
  readonly threads?: number;
  readonly report: ReadReport;
}

/**
 * Demuxes one file and decodes its video, one picture at a time, in order of presentation. Damage is survived: packets that do
 * not decode are skipped and counted in the report. FFmpeg's work runs on the thread pool of libuv and on the decoder's own threads.
 */
export class VideoReader {
  readonly #input: FormatContext;
  readonly #stream: Stream;
  readonly #decoder: CodecContext;
  readonly #packet = new Packet();
  readonly #clock: PictureClock;
  readonly #report: ReadReport;
  #failures = 0;
  #decoded = 0;
  #draining = false;
  /** After a seek, when the key frame is shown that decoding begins at. */
  #awaitedUs: Microseconds | undefined;
  #closed = false;

  private constructor(input: FormatContext, stream: Stream, decoder: CodecContext, report: ReadReport) {
    this.#input = input;
    this.#stream = stream;
    this.#decoder = decoder;
    this.#report = report;
    this.#packet.alloc();
    const average = rational(stream.avgFrameRate);
    const rate = rationalValue(average) > 0 ? average : rational(stream.rFrameRate);
    this.#clock = new PictureClock(rational(stream.timeBase), rate, report);
  }

  /**
   * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `INPUT_NO_VIDEO` or `DECODER_MISSING`.
   */
  static async open(path: string, options: VideoReaderOptions): Promise<VideoReader> {
    const from = options.startUs === undefined ? undefined : await seekPoint(path, options, options.startUs);
    const input = await openInput(path, options);
    try {
      const stream = videoStreamOf(input);
      if (stream === undefined) throw new VitascopeError('INPUT_NO_VIDEO', `${path} holds no video`);
      for (const other of input.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
      const decoder = await openDecoder(stream, options.threads ?? 0, path);
      const reader = new VideoReader(input, stream, decoder, options.report);
      if (from !== undefined) await reader.#seek(from);
      return reader;
    } catch (error) {
      await input.closeInput();
      throw error;
    }
  }

  get timeBase(): Rational {
    return rational(this.#stream.timeBase);
  }

  /** The next picture, or nothing at the end. @throws VitascopeError `DECODE_FAILED` when the decoder cannot go on. */
  async next(): Promise<DecodedPicture | undefined> {
    const frame = new Frame();
    frame.alloc();
    try {
      for (;;) {
        // FFmpeg decodes while it takes a packet, and while it drains; in between, pictures are only handed over, which no thread need be woken for.
        const result = this.#draining ? await this.#decoder.receiveFrame(frame) : this.#decoder.receiveFrameSync(frame);
        if (result >= 0) return this.#timed(frame);
        if (isEnd(result)) break;
        if (isAgain(result)) await this.#feed();
        else this.#countFailure(result);
      }
    } catch (error) {
      frame.free();
      throw error;
    }
    frame.free();
    return undefined;
  }

  /** Frees the decoder and the file. Call once no `next()` is under way; further calls do nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#decoder.freeContext();
    this.#packet.free();
    await this.#input.closeInput();
  }

  #timed(frame: Frame): DecodedPicture {
    this.#failures = 0;
    this.#decoded++;
    if (frame.decodeErrorFlags !== 0 || frame.hasFlags(AV_FRAME_FLAG_CORRUPT)) this.#report.damaged++;
    return { frame, ...this.#clock.time(frame.bestEffortTimestamp, frame.duration) };
  }

  /** Sends the next packet of the video track to the decoder, or the end. */
  async #feed(): Promise<void> {
    if (this.#draining) return;
    for (;;) {
      const read = await this.#input.readFrame(this.#packet);
      if (read < 0) {
        if (!isEnd(read)) this.#report.truncated = true;
        this.#draining = true;
        await this.#decoder.sendPacket(null);
        return;
      }
      const ours = this.#packet.streamIndex === this.#stream.index && !this.#isTooEarly();
      const sent = ours ? await this.#decoder.sendPacket(this.#packet) : 0;
      this.#packet.unref();
      if (!ours) continue;
      if (sent >= 0 || isAgain(sent)) return;
      this.#countFailure(sent);
    }
  }

  #countFailure(result: number): void {
    this.#report.skipped++;
    if (++this.#failures <= MAX_FAILURES_IN_A_ROW) return;
    avCheck(result, 'DECODE_FAILED', `decoding failed ${this.#failures} times in a row after ${this.#decoded} frames`);
  }

  #isTooEarly(): boolean {
    if (this.#awaitedUs === undefined) return false;
    const shown = shownUs(this.#packet, this.timeBase);
    if (!this.#packet.isKeyframe || shown === undefined || shown < this.#awaitedUs) return true;
    this.#awaitedUs = undefined;
    return false;
  }

  async #seek({ seekUs, keyFrameUs }: SeekPoint): Promise<void> {
    const target = toTicks(seekUs, this.timeBase);
    const result = await this.#input.seekFrame(this.#stream.index, target, AVSEEK_FLAG_BACKWARD);
    avCheck(result, 'INPUT_CHANGED', 'the input no longer seeks as it did');
    this.#awaitedUs = keyFrameUs;
  }
}

async function openDecoder(stream: Stream, threads: number, path: string): Promise<CodecContext> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) {
    const name = avGetCodecName(stream.codecpar.codecId) ?? 'unknown';
    throw new VitascopeError(
      'DECODER_MISSING',
      `${path}: the bundled FFmpeg has no decoder for ${name}; try --engine external`,
    );
  }
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = threads;
  decoder.flags = (decoder.flags | AV_CODEC_FLAG_OUTPUT_CORRUPT) as typeof decoder.flags;
  avCheck(await decoder.open2(codec, null), 'DECODER_MISSING', `${path}: the ${codec.name} decoder does not open`);
  return decoder;
}
