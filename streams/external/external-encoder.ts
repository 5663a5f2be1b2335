import { PassThrough } from 'node:stream';
import { AV_CODEC_ID_PRORES, AV_NOPTS_VALUE } from 'node-av/constants';
import { avGetPixFmtFromName, avRescaleQ, Packet } from 'node-av/lib';
import { type PictureFormat, toTicks, type VideoFrame, VitascopeError } from '../../pipeline/index.js';
import type { EncoderInput, EncodingOptions } from '../encoding.js';
import type { FrameEncoder } from '../engine.js';
import { rational } from '../libav/av.js';
import { describeParameters, type EncodedStream } from '../libav/encoded-stream.js';
import { ByteQueue } from './byte-queue.js';
import { DecodingTimes } from './decoding-times.js';
import { type EncoderSettings, encoderInputOptions, encoderSettings } from './encoder-arguments.js';
import { encodeFailure } from './failures.js';
import type { FfmpegBinary } from './ffmpeg-binary.js';
import { FfmpegProcess } from './ffmpeg-process.js';
import { NutReader } from './nut-reader.js';
import { NutWriter } from './nut-writer.js';
import { StderrLog } from './stderr-log.js';

/** Encoded bytes that may wait for the event loop. */
const QUEUE_BYTES = 1_048_576;

type PacketHandler = (packet: Packet) => void;

/** Encodes frames with the user's ffmpeg: raw pictures in, packets out, both through pipes. Frames are borrowed. */
export class ExternalEncoder implements FrameEncoder {
  readonly #input: EncoderInput;
  readonly #settings: EncoderSettings;
  readonly #onPacket: PacketHandler;
  readonly #process: FfmpegProcess;
  readonly #log: StderrLog;
  readonly #pictures: PassThrough;
  readonly #writer: NutWriter;
  readonly #queue: ByteQueue;
  readonly #times = new DecodingTimes();
  /** Ends when the child's output has ended; never rejects: see {@link #failure}. */
  readonly #reading: Promise<void>;
  #first: bigint | undefined;
  #stream: EncodedStream | undefined;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;

  private constructor(
    input: EncoderInput,
    settings: EncoderSettings,
    onPacket: PacketHandler,
    child: { process: FfmpegProcess; log: StderrLog; pictures: PassThrough; queue: ByteQueue },
  ) {
    this.#input = input;
    this.#settings = settings;
    this.#onPacket = onPacket;
    this.#process = child.process;
    this.#log = child.log;
    this.#pictures = child.pictures;
    this.#queue = child.queue;
    this.#writer = NutWriter.open(settings.coded, child.pictures);
    this.#reading = this.#readPackets().catch((error: unknown) => {
      this.#failure ??= { error };
      void this.#process.kill();
    });
    // A child that is gone takes no more pictures: whoever waits for room must wake.
    void this.#process.ended.then(() => this.#pictures.destroy());
  }

  /** @throws VitascopeError `ENCODER_UNKNOWN`, `OPTION_INVALID` or `ENGINE_MISSING`; what only shows while encoding fails a later call. */
  static async open(
    binary: FfmpegBinary,
    options: EncodingOptions & { readonly videoCodec: string },
    input: EncoderInput,
    onPacket: PacketHandler,
  ): Promise<ExternalEncoder> {
    const settings = encoderSettings(binary, await binary.encoder(options.videoCodec), options, input);
    const log = new StderrLog();
    const pictures = new PassThrough();
    const queue = new ByteQueue(QUEUE_BYTES);
    const process = await FfmpegProcess.start({
      path: binary.path,
      inputOptions: encoderInputOptions,
      input: pictures,
      outputOptions: settings.outputOptions,
      output: queue,
      onLine: log.add,
    });
    return new ExternalEncoder(input, settings, onPacket, { process, log, pictures, queue });
  }

  /** Resolves when the child has room for another frame. @throws VitascopeError `FRAME_FORMAT`, or whatever the child failed with. */
  async write(frame: VideoFrame): Promise<void> {
    assertFormat(frame, this.#input.picture);
    await this.#assertRuns();
    const ticks = toTicks(frame.ptsUs, this.#input.timeBase);
    this.#first ??= ticks;
    this.#times.shown(ticks);
    this.#writer.write(frame, ticks - this.#first);
    await this.#writer.drained();
    await this.#assertRuns();
  }

  async finish(): Promise<void> {
    try {
      if (this.#process.end === undefined) this.#writer.end();
      await this.#reading;
      await this.#process.ended;
      await this.#assertEndedWell();
    } finally {
      await this.close();
    }
  }

  stream(): EncodedStream {
    if (this.#stream !== undefined) return this.#stream;
    throw new VitascopeError('ENCODER_FAILED', 'the external encoder has made no packet yet, so its stream is unknown');
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#process.kill();
    this.#queue.end();
    await this.#reading;
    this.#queue.destroy();
    this.#pictures.destroy();
    this.#writer.close();
  }

  async #readPackets(): Promise<void> {
    const nut = await NutReader.open(this.#queue);
    if (nut === undefined) return;
    const packet = new Packet();
    packet.alloc();
    try {
      this.#stream = describe(nut, this.#settings, this.#input);
      await this.#handOn(nut, packet);
    } finally {
      packet.free();
      nut.close();
    }
  }

  /** The first packet in order of decoding is the first picture: its distance to the first frame's time is the encoder's own shift. */
  async #handOn(nut: NutReader, packet: Packet): Promise<void> {
    const { timeBase } = this.#input;
    const piped = rational(nut.stream.timeBase);
    let shift: bigint | undefined;
    while (await nut.read(packet)) {
      if (packet.pts === AV_NOPTS_VALUE)
        throw new VitascopeError('ENGINE_FAILED', 'the external ffmpeg made a packet without a time');
      shift ??= packet.pts;
      packet.pts = avRescaleQ(packet.pts - shift, piped, timeBase) + (this.#first ?? 0n);
      packet.dts = this.#times.next();
      packet.duration = avRescaleQ(packet.duration, piped, timeBase);
      packet.timeBase = timeBase;
      this.#onPacket(packet);
      packet.unref();
    }
  }

  /** @throws what reading packets failed with, or what the child died of. */
  async #assertRuns(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { end } = this.#process;
    if (end === undefined) return;
    await this.#reading;
    await this.#assertEndedWell();
    throw encodeFailure(this.#who, end, this.#log);
  }

  async #assertEndedWell(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const end = await this.#process.ended;
    if (end.code !== 0) throw encodeFailure(this.#who, end, this.#log);
  }

  get #who(): string {
    return 'the external encoder failed';
  }
}

/** NUT carries the codec, its headers and the size; the rest was decided here. Its tags are its own, but for ProRes, whose profile is the tag. */
function describe(nut: NutReader, settings: EncoderSettings, { picture, fieldOrder }: EncoderInput): EncodedStream {
  const { codecpar } = nut.stream;
  return {
    ...describeParameters(codecpar, fieldOrder),
    codecTag: codecpar.codecId === AV_CODEC_ID_PRORES ? codecpar.codecTag : 0,
    format: avGetPixFmtFromName(settings.pixelFormat),
    sampleAspectRatio: picture.sampleAspectRatio,
    color: settings.color,
  };
}

function assertFormat(frame: VideoFrame, { pixelFormat, width, height }: PictureFormat): void {
  if (frame.pixelFormat === pixelFormat && frame.width === width && frame.height === height) return;
  throw new VitascopeError(
    'FRAME_FORMAT',
    `ExternalEncoder: expected frames of ${pixelFormat} ${width}×${height}, got ${frame.pixelFormat} ${frame.width}×${frame.height} at ${frame.ptsUs} µs`,
  );
}
