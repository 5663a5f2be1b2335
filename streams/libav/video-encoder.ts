import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_INTERLACED_DCT,
  AV_CODEC_FLAG_INTERLACED_ME,
  AV_CODEC_FLAG_QSCALE,
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AVMEDIA_TYPE_VIDEO,
  type AVPixelFormat,
} from 'node-av/constants';
import { avGetPixFmtName, Codec, CodecContext, CodecParameters, Frame, Packet } from 'node-av/lib';
import { type PictureFormat, rationalValue, toTicks, type VideoFrame, VitascopeError } from '../../pipeline/index.js';
import type { EncoderInput, EncodingOptions } from '../encoding.js';
import { evenSides } from '../even-sides.js';
import { avCheck, avMessage, dictionary, isAgain, isEnd } from './av.js';
import { codecOptionNames } from './codec-options.js';
import { choosePixelFormat, isFullRange } from './encoder-pixel-format.js';
import { FilterSession } from './filter-session.js';
import { copyWideningToAv, setColorTags } from './picture-copy.js';
import { avPixelFormats } from './pixel-formats.js';

/** Receives encoded packets in decoding order; the packet is borrowed until the promise resolves. */
export type PacketHandler = (packet: Packet) => void;

/**
 * Encodes frames to packets with one of the bundled FFmpeg's encoders. Frames are borrowed: the caller still closes them.
 * The encoder's work runs on libuv's thread pool and its own threads.
 */
export class VideoEncoder {
  readonly #context: CodecContext;
  /** Of the frames that come. */
  readonly #format: PictureFormat;
  /** Of the pictures that are encoded, whose sides may be wider. */
  readonly #input: EncoderInput;
  readonly #onPacket: PacketHandler;
  readonly #packet = new Packet();
  readonly #converter: FilterSession | undefined;
  #picture: Frame;
  #closed = false;

  private constructor(
    context: CodecContext,
    format: PictureFormat,
    input: EncoderInput,
    onPacket: PacketHandler,
    converter: FilterSession | undefined,
  ) {
    this.#context = context;
    this.#format = format;
    this.#input = input;
    this.#onPacket = onPacket;
    this.#converter = converter;
    this.#packet.alloc();
    this.#picture = allocatePicture(input);
  }

  /** @throws VitascopeError `ENCODER_UNKNOWN`, `OPTION_INVALID` or `ENCODER_FAILED`. */
  static async open(
    options: EncodingOptions & { videoCodec: string },
    input: EncoderInput,
    onPacket: PacketHandler,
  ): Promise<VideoEncoder> {
    const codec = findEncoder(options.videoCodec);
    const settings = encoderSettings(codec, options);
    const pixelFormat = choosePixelFormat(codec, input, options.pixelFormat);
    // Pictures that are scaled anyway are scaled to even sides by whoever says to which.
    const even =
      input.scaleTo === undefined
        ? evenSides(codec.name ?? '', avGetPixFmtName(pixelFormat) ?? '', input.picture)
        : undefined;
    const coded = { ...input, picture: { ...input.picture, ...even } };
    const output = { ...coded, picture: { ...coded.picture, ...input.scaleTo } };
    const context = configure(codec, output, pixelFormat, options.threads ?? 0);
    try {
      if (settings.flags?.includes('qscale')) useFixedQuality(context, settings);
      avCheck(
        await context.open2(codec, dictionary(settings)),
        'ENCODER_FAILED',
        `${codec.name} does not accept its options`,
      );
      return new VideoEncoder(context, input.picture, coded, onPacket, openConverter(coded, pixelFormat));
    } catch (error) {
      context.freeContext();
      throw error;
    }
  }

  /** What a muxer must know of the encoded stream. The caller frees it. */
  parameters(): CodecParameters {
    const parameters = new CodecParameters();
    parameters.alloc();
    parameters.fromContext(this.#context);
    return parameters;
  }

  /**
   * @param key Make it a key frame. Default: as the encoder decides.
   * @throws VitascopeError `FRAME_FORMAT` when the frame differs in size or format from the first, `ENCODER_FAILED`.
   */
  async write(frame: VideoFrame, key = false): Promise<void> {
    const { pixelFormat, width, height } = this.#format;
    if (frame.pixelFormat !== pixelFormat || frame.width !== width || frame.height !== height) {
      const expected = `${pixelFormat} ${width}×${height}`;
      const got = `${frame.pixelFormat} ${frame.width}×${frame.height}`;
      throw new VitascopeError(
        'FRAME_FORMAT',
        `VideoEncoder: expected frames of ${expected}, got ${got} at ${frame.ptsUs} µs`,
      );
    }
    const picture = this.#fill(frame);
    picture.pictType = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    if (this.#converter === undefined) return await this.#send(picture);
    await this.#converter.push(picture);
    for (let out = await this.#converter.pull(); out !== undefined; out = await this.#converter.pull()) {
      await this.#send(out);
      out.free();
    }
  }

  /** Encodes what the encoder holds back, hands on the last packets and frees everything. */
  async finish(): Promise<void> {
    try {
      await this.#send(null);
    } finally {
      this.close();
    }
  }

  /** Frees everything; what the encoder holds back is lost. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // First, since it waits for a call that is under way and uses the others.
    this.#context.freeContext();
    this.#converter?.close();
    this.#picture.free();
    this.#packet.free();
  }

  #fill(frame: VideoFrame): Frame {
    // Encoders and filters may keep a reference to the last picture: only then is a new one allocated.
    if (!this.#picture.isWritable) {
      this.#picture.free();
      this.#picture = allocatePicture(this.#input);
    }
    const picture = this.#picture;
    copyWideningToAv(frame, picture);
    markFields(picture, frame);
    picture.pts = toTicks(frame.ptsUs, this.#input.timeBase);
    picture.duration = toTicks(frame.durationUs, this.#input.timeBase);
    return picture;
  }

  async #send(picture: Frame | null): Promise<void> {
    const draining = picture === null;
    for (;;) {
      const sent = await this.#context.sendFrame(picture);
      if (sent >= 0) break;
      if (!isAgain(sent)) throw this.#failure(sent);
      await this.#receive(draining);
    }
    await this.#receive(draining);
  }

  async #receive(draining: boolean): Promise<void> {
    while (!this.#closed) {
      // FFmpeg encodes while it takes a frame, and while it drains; in between, packets are only handed over, which no thread need be woken for.
      const received = draining
        ? await this.#context.receivePacket(this.#packet)
        : this.#context.receivePacketSync(this.#packet);
      if (this.#closed || isAgain(received) || isEnd(received)) return;
      if (received < 0) throw this.#failure(received);
      this.#onPacket(this.#packet);
      this.#packet.unref();
    }
  }

  #failure(result: number): VitascopeError {
    return new VitascopeError('ENCODER_FAILED', `the video encoder failed: ${avMessage(result)}`);
  }
}

/** Says to the encoder which fields a picture holds. */
function markFields(picture: Frame, { fieldOrder }: VideoFrame): void {
  picture.clearFlags(AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST);
  if (fieldOrder !== 'progressive') picture.setFlags(AV_FRAME_FLAG_INTERLACED);
  if (fieldOrder === 'top-first') picture.setFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST);
}

/** Encoders that code the two fields of a picture as such when told. */
export const codesFields = /^(libx264|mpeg2video|mpeg4|prores|dnxhd)/;

function isInterlaced({ fieldOrder }: EncoderInput): boolean {
  return fieldOrder !== undefined && fieldOrder !== 'progressive';
}

function allocatePicture(input: EncoderInput): Frame {
  const { picture } = input;
  const frame = new Frame();
  frame.alloc();
  frame.width = picture.width;
  frame.height = picture.height;
  frame.format = avPixelFormats[picture.pixelFormat];
  frame.sampleAspectRatio = picture.sampleAspectRatio as never;
  setColorTags(frame, picture.color);
  avCheck(frame.getBuffer(0), 'ENCODER_FAILED', 'no memory for a picture');
  return frame;
}

/** @throws VitascopeError `ENCODER_UNKNOWN` naming near ones. */
export function findEncoder(name: string): Codec {
  const codec = Codec.findEncoderByName(name as never);
  if (codec !== null && codec.type === AVMEDIA_TYPE_VIDEO) return codec;
  const similar = videoEncoderNames().filter((n) => n.includes(name.replace(/^lib/, '')) || name.includes(n));
  const hint = similar.length > 0 ? `; did you mean ${similar.slice(0, 5).join(', ')}?` : '';
  throw new VitascopeError('ENCODER_UNKNOWN', `no video encoder is called "${name}"${hint}`, { context: { name } });
}

export function videoEncoderNames(): string[] {
  return Codec.getCodecList()
    .filter((c) => c.isEncoder() && c.type === AVMEDIA_TYPE_VIDEO)
    .map((c) => c.name ?? '');
}

function encoderSettings(codec: Codec, options: EncodingOptions): Record<string, string> {
  const known = new Set(codec.getOptions().map((o) => o.name));
  for (const name of Object.keys(options.options ?? {})) {
    // FFmpeg passes over options that it does not know.
    if (!known.has(name) && name !== 'q' && !codecOptionNames().has(name)) throw noSuchOption(codec, name);
  }
  const settings: Record<string, string> = { ...options.options };
  const named: [string, string | undefined][] = [
    ['crf', options.crf?.toString()],
    ['preset', options.preset],
  ];
  for (const [name, value] of named) {
    if (value === undefined) continue;
    if (!known.has(name)) throw noSuchOption(codec, name);
    settings[name] = value;
  }
  return settings;
}

function noSuchOption(codec: Codec, name: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `the encoder ${codec.name} has no option "${name}"`, {
    context: { name },
  });
}

/** FFmpeg's `-q:v`: fixed quantiser for encoders without a `crf`. */
function useFixedQuality(context: CodecContext, settings: Record<string, string>): void {
  const FF_QP2LAMBDA = 118;
  context.flags = (context.flags | AV_CODEC_FLAG_QSCALE) as typeof context.flags;
  context.globalQuality = Math.round(Number(settings.q ?? 2) * FF_QP2LAMBDA);
  delete settings.q;
  delete settings.flags;
}

function configure(codec: Codec, input: EncoderInput, pixelFormat: AVPixelFormat, threads: number): CodecContext {
  const { picture, frameRate } = input;
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = picture.width;
  context.height = picture.height;
  context.pixelFormat = pixelFormat;
  context.sampleAspectRatio = picture.sampleAspectRatio as never;
  context.timeBase = input.timeBase as never;
  if (rationalValue(frameRate) > 0) context.framerate = frameRate as never;
  context.threadCount = threads;
  setColorTags(context, isFullRange(pixelFormat) ? { ...picture.color, range: 'pc' } : picture.color);
  if (isInterlaced(input) && codesFields.test(codec.name ?? '')) {
    context.flags = (context.flags |
      AV_CODEC_FLAG_INTERLACED_DCT |
      AV_CODEC_FLAG_INTERLACED_ME) as typeof context.flags;
  }
  if (input.globalHeader) context.flags = (context.flags | AV_CODEC_FLAG_GLOBAL_HEADER) as typeof context.flags;
  return context;
}

function openConverter(input: EncoderInput, pixelFormat: AVPixelFormat): FilterSession | undefined {
  const { picture, timeBase, frameRate, scaleTo } = input;
  const own = avPixelFormats[picture.pixelFormat];
  if (pixelFormat === own && scaleTo === undefined) return undefined;
  const scale = scaleTo === undefined ? 'scale' : `scale=${scaleTo.width}:${scaleTo.height}:flags=bicubic`;
  const probe = allocatePicture({ ...input, picture: { ...picture, width: 16, height: 16 } });
  const { colorSpace, colorRange } = probe;
  probe.free();
  return FilterSession.open(`${scale},format=${avGetPixFmtName(pixelFormat)}`, [
    { ...picture, avPixelFormat: own, timeBase, frameRate, colorSpace, colorRange },
  ]);
}
