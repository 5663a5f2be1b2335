import { AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST, type AVPixelFormat } from 'node-av/constants';
import { avGetPixFmtFromName, avImageGetBufferSize, avRescaleQ, Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { type ColorTags, type Rational, rationalValue, toTicks } from '../../pipeline/index.js';
import type { PictureReader, ReaderRequest } from '../engine.js';
import { avCheck, isAgain, rational } from '../libav/av.js';
import type { DecodedPicture } from '../libav/decoded-picture.js';
import { setColorTags } from '../libav/picture-copy.js';
import { convertedRgb } from '../libav/picture-intake.js';
import { intakeOf } from '../libav/pixel-formats.js';
import { seekPoint } from '../libav/seek-point.js';
import { PictureClock } from '../libav/timestamps.js';
import { ByteQueue } from './byte-queue.js';
import { readFailure, saysNoPictures } from './failures.js';
import type { FfmpegBinary } from './ffmpeg-binary.js';
import { FfmpegProcess } from './ffmpeg-process.js';
import { NutReader } from './nut-reader.js';
import { ReadTrouble } from './read-trouble.js';
import { PIPE_OFFSET_US, readerInputOptions, readerOutputOptions } from './reader-arguments.js';
import { StderrLog } from './stderr-log.js';

/** Bytes of a pipe that may wait beyond one picture. */
const SLACK_BYTES = 262_144;

/**
 * Decodes one file with the user's ffmpeg, one picture at a time, in order of presentation. One picture waits in memory, the rest in the
 * child, whose pipe is full.
 */
export class ExternalReader implements PictureReader {
  readonly #request: ReaderRequest;
  readonly #process: FfmpegProcess;
  readonly #queue: ByteQueue;
  readonly #log: StderrLog;
  readonly #trouble: ReadTrouble;
  readonly #pictureBytes: number;
  readonly #packet = new Packet();
  readonly #clock: PictureClock;
  #nut: NutReader | undefined;
  #decoder: CodecContext | undefined;
  #ahead: TimedFrame | undefined;
  #closed = false;

  private constructor(
    request: ReaderRequest,
    process: FfmpegProcess,
    queue: ByteQueue,
    log: StderrLog,
    trouble: ReadTrouble,
  ) {
    this.#request = request;
    this.#process = process;
    this.#queue = queue;
    this.#log = log;
    this.#trouble = trouble;
    this.#pictureBytes = pictureBytes(request);
    this.#clock = new PictureClock(request.video.timeBase, request.video.frameRate, request.report);
    this.#packet.alloc();
  }

  /** @throws VitascopeError `ENGINE_MISSING`, `ENGINE_FAILED`, `INPUT_NOT_FOUND`, `INPUT_UNREADABLE` or `DECODER_MISSING`. */
  static async open(binary: FfmpegBinary, request: ReaderRequest): Promise<ExternalReader> {
    const { path, startUs, video } = request;
    const from = startUs === undefined ? undefined : await seekPoint(path, request, startUs);
    const queue = new ByteQueue(pictureBytes(request) + SLACK_BYTES);
    const trouble = new ReadTrouble(request.report, video);
    trouble.muted = from !== undefined;
    const log = new StderrLog((line) => trouble.note(line));
    const process = await FfmpegProcess.start({
      path: binary.path,
      inputOptions: readerInputOptions(request, from?.seekUs),
      input: path,
      outputOptions: readerOutputOptions(binary, request),
      output: queue,
      onLine: log.add,
    });
    const reader = new ExternalReader(request, process, queue, log, trouble);
    try {
      await reader.#openStream();
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  get timeBase(): Rational {
    return this.#request.video.timeBase;
  }

  /** The next picture, or nothing at the end. @throws VitascopeError `ENGINE_FAILED` when the child fails on its way. */
  async next(): Promise<DecodedPicture | undefined> {
    this.#ahead ??= await this.#read();
    const current = this.#ahead;
    if (current === undefined) return undefined;
    this.#ahead = undefined;
    try {
      this.#ahead = await this.#read();
    } catch (error) {
      current.frame.free();
      throw error;
    }
    // NUT carries no durations: a picture stays until the next one comes.
    const { frame, ticks } = current;
    const timing = this.#clock.time(ticks, this.#ahead === undefined ? 0n : this.#ahead.ticks - ticks);
    if (timing.ptsUs >= (this.#request.startUs ?? 0)) this.#trouble.muted = false;
    return { frame, ...timing };
  }

  /** Kills the child and frees everything. Call once no `next()` is under way; further calls do nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ahead?.frame.free();
    this.#nut?.close();
    this.#decoder?.freeContext();
    this.#packet.free();
    this.#queue.destroy();
    await this.#process.kill();
  }

  async #openStream(): Promise<void> {
    this.#nut = await NutReader.open(this.#queue);
    if (this.#nut === undefined) return await this.#assertEnded();
    this.#decoder = openRawDecoder(this.#nut);
  }

  async #read(): Promise<TimedFrame | undefined> {
    const [nut, decoder] = [this.#nut, this.#decoder];
    if (nut === undefined || decoder === undefined) return undefined;
    const came = await nut.readWhole(this.#packet, this.#pictureBytes);
    if (!came || this.#packet.size < this.#pictureBytes) {
      await this.#assertEnded();
      return undefined;
    }
    const frame = this.#decode(decoder);
    const timeBase = rational(nut.stream.timeBase);
    const own = this.#packet.pts - toTicks(PIPE_OFFSET_US, timeBase);
    this.#packet.unref();
    return { frame, ticks: avRescaleQ(own, timeBase, this.timeBase) };
  }

  #decode(decoder: CodecContext): Frame {
    const frame = new Frame();
    frame.alloc();
    try {
      avCheck(decoder.sendPacketSync(this.#packet), 'ENGINE_FAILED', 'a raw picture of the external ffmpeg is not one');
      const received = decoder.receiveFrameSync(frame);
      if (isAgain(received)) throw new Error('the raw decoder holds pictures back');
      avCheck(received, 'ENGINE_FAILED', 'a raw picture of the external ffmpeg is not one');
      this.#tag(frame);
      return frame;
    } catch (error) {
      frame.free();
      throw error;
    }
  }

  /** Raw pictures say nothing of themselves: the track speaks for all of them. */
  #tag(frame: Frame): void {
    const { video } = this.#request;
    setColorTags(frame, colorOf(this.#request));
    if (rationalValue(video.sampleAspectRatio) > 0) frame.sampleAspectRatio = video.sampleAspectRatio as never;
    if (video.fieldOrder === 'top-first') frame.setFlags(AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST);
    if (video.fieldOrder === 'bottom-first') frame.setFlags(AV_FRAME_FLAG_INTERLACED);
  }

  /** Waits for the child to end. @throws VitascopeError when it failed. */
  async #assertEnded(): Promise<void> {
    const end = await this.#process.ended;
    if (end.code === 0 || (this.#nut === undefined && saysNoPictures(this.#log))) return;
    throw readFailure(`cannot read ${this.#request.path}`, end, this.#log);
  }
}

interface TimedFrame {
  readonly frame: Frame;
  /** In the time base of the source. */
  readonly ticks: bigint;
}

function colorOf({ video }: ReaderRequest): ColorTags {
  return intakeOf(video.sourcePixelFormat).isRgb ? convertedRgb : video.color;
}

function pictureBytes({ video }: ReaderRequest): number {
  const format = avGetPixFmtFromName(intakeOf(video.sourcePixelFormat).via) as AVPixelFormat;
  return avImageGetBufferSize(format, video.width, video.height, 1);
}

/** Wraps the bytes of a packet as a picture; nothing is copied. */
function openRawDecoder(nut: NutReader): CodecContext {
  const { codecpar } = nut.stream;
  const codec = Codec.findDecoder(codecpar.codecId) as Codec;
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(codecpar);
  avCheck(decoder.open2Sync(codec, null), 'ENGINE_FAILED', 'the pictures of the external ffmpeg are not raw ones');
  return decoder;
}
