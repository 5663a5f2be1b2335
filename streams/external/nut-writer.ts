import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { AVFMT_FLAG_CUSTOM_IO } from 'node-av/constants';
import { Codec, CodecContext, CodecParameters, FormatContext, IOContext, Packet } from 'node-av/lib';
import { type PlaneLayout, planeLayouts, type Rational, rationalValue, type VideoFrame } from '../../pipeline/index.js';
import type { EncoderInput } from '../encoding.js';
import { repeatEdges } from '../even-sides.js';
import { avCheck, dictionary } from '../libav/av.js';
import { avPixelFormats } from '../libav/pixel-formats.js';

const IO_BUFFER = 1_048_576;

/** Muxes frames as raw video into a NUT stream. FFmpeg is called without leaving this thread: it only copies. */
export class NutWriter {
  readonly #sink: Writable;
  readonly #io = new IOContext();
  readonly #context = new FormatContext();
  readonly #packet = new Packet();
  readonly #timeBase: Rational;
  readonly #planes: readonly PlaneLayout[];
  readonly #pixels: Buffer;
  #closed = false;

  private constructor(input: EncoderInput, sink: Writable) {
    this.#timeBase = input.timeBase;
    const { pixelFormat, width, height } = input.picture;
    this.#planes = planeLayouts(pixelFormat, width, height);
    this.#pixels = Buffer.alloc(this.#planes.reduce((sum, plane) => sum + plane.byteLength, 0));
    this.#sink = sink;
    this.#packet.alloc();
    this.#io.allocContextWithCallbacks(IO_BUFFER, 1, null, (bytes) => {
      this.#sink.write(bytes);
      return bytes.length;
    });
  }

  /** Writes the headers. The sink stays the caller's, until {@link end}. */
  static open(input: EncoderInput, sink: Writable): NutWriter {
    const writer = new NutWriter(input, sink);
    try {
      writer.#writeHeaders(input);
      return writer;
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  /** @param ticks When the frame is shown, in the input's time base; 0 or later. The frame is borrowed. */
  write(frame: VideoFrame, ticks: bigint): void {
    const packet = this.#packet;
    packet.data = this.#tight(frame);
    packet.streamIndex = 0;
    packet.pts = ticks;
    packet.dts = ticks;
    packet.isKeyframe = true;
    const [track] = this.#context.streams;
    packet.rescaleTs(this.#timeBase, track?.timeBase as Rational);
    avCheck(this.#context.writeFrameSync(packet), 'ENGINE_FAILED', 'a frame cannot be given to the external ffmpeg');
    packet.unref();
    this.#context.flushSync();
  }

  /** Waits until the sink has room for another frame, or is gone. */
  async drained(): Promise<void> {
    const sink = this.#sink;
    if (!sink.writableNeedDrain || sink.destroyed) return;
    const done = new AbortController();
    const options = { signal: done.signal };
    await Promise.race([once(sink, 'drain', options), once(sink, 'close', options)]).finally(() => done.abort());
  }

  /** Writes the end of the stream and ends the sink. */
  end(): void {
    this.#context.writeTrailerSync();
    this.close();
    this.#sink.end();
  }

  /** Frees everything; further calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#context.pb = null;
    this.#context.freeContext();
    this.#io.freeContext();
  }

  #writeHeaders(input: EncoderInput): void {
    const who = 'no stream for the external ffmpeg';
    avCheck(this.#context.allocOutputContext2(null, 'nut', null), 'ENGINE_FAILED', who);
    this.#context.pb = this.#io;
    this.#context.setFlags(AVFMT_FLAG_CUSTOM_IO);
    const track = this.#context.newStream(null);
    const parameters = rawParameters(input);
    track.codecpar = parameters;
    parameters.free();
    track.timeBase = input.timeBase as never;
    track.sampleAspectRatio = input.picture.sampleAspectRatio as never;
    if (rationalValue(input.frameRate) > 0) track.rFrameRate = input.frameRate as never;
    avCheck(this.#context.writeHeaderSync(dictionary({ write_index: '0' })), 'ENGINE_FAILED', who);
  }

  /** The planes of a frame one after the other: in a slot there are gaps between them. Last columns and rows may be repeated. */
  #tight(frame: VideoFrame): Buffer {
    let at = 0;
    for (const [plane, wider] of this.#planes.entries()) {
      const own = frame.planes[plane] as PlaneLayout;
      const to = this.#pixels.subarray(at, at + wider.byteLength);
      const from = new Uint8Array(frame.buffer, own.byteOffset, own.byteLength);
      if (wider.byteLength === own.byteLength) to.set(from);
      else copyWidening(from, own, to, wider);
      at += wider.byteLength;
    }
    return this.#pixels;
  }
}

function copyWidening(from: Uint8Array, own: PlaneLayout, to: Uint8Array, wider: PlaneLayout): void {
  const [row, stride] = [own.width * own.bytesPerSample, wider.width * wider.bytesPerSample];
  for (let y = 0; y < own.height; y++) to.set(from.subarray(y * row, (y + 1) * row), y * stride);
  repeatEdges(to, stride, own, wider);
}

/** The raw encoder knows the tag by which demuxers tell pixel formats apart. */
function rawParameters({ picture, timeBase }: EncoderInput): CodecParameters {
  const codec = Codec.findEncoderByName('rawvideo' as never) as Codec;
  const context = new CodecContext();
  const parameters = new CodecParameters();
  context.allocContext3(codec);
  try {
    context.width = picture.width;
    context.height = picture.height;
    context.pixelFormat = avPixelFormats[picture.pixelFormat];
    context.timeBase = timeBase as never;
    context.sampleAspectRatio = picture.sampleAspectRatio as never;
    avCheck(context.open2Sync(codec, null), 'ENGINE_FAILED', 'no raw video of this format');
    parameters.alloc();
    parameters.fromContext(context);
    return parameters;
  } finally {
    context.freeContext();
  }
}
