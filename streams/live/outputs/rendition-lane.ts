import { AV_NOPTS_VALUE } from 'node-av/constants';
import { avGetCodecName, type Packet } from 'node-av/lib';
import { type Microseconds, type Rational, rationalValue, type VideoFrame } from '../../../pipeline/index.js';
import type { EncodingOptions } from '../../encoding.js';
import { describeParameters } from '../../libav/encoded-stream.js';
import { findEncoder, VideoEncoder } from '../../libav/video-encoder.js';
import type { EncodedPacket, VideoTrack } from '../live-types.js';
import { defaultBitrate, latencyOptions } from './latency-options.js';

const MICROSECONDS: Rational = { num: 1, den: 1_000_000 };

/** One size and rate of a stream. */
export interface Rendition {
  /** Rows of its pictures, even; the width follows. Never more than the stream has. Default: those of the stream, unscaled. */
  readonly height?: number | undefined;
  /** Bits a second. Default by size and frame rate: 0.1 bits a pixel. */
  readonly bitrate?: number | undefined;
}

/** What a rendition's encoder has done so far. Plain JSON. */
export interface LaneMetrics {
  /** Pictures that wait for the encoder, or are in it. */
  readonly queued: number;
  readonly framesEncoded: number;
}

/** What a lane needs besides its rendition. */
export interface LaneOptions {
  readonly encoding: EncodingOptions & { readonly videoCodec: string };
  readonly bufferMs: number;
  readonly segmentUs: Microseconds;
  readonly frameRate: Rational;
  /** The encoder was started, or started anew for pictures of another size; called before its first packet. */
  readonly onTrack: (track: VideoTrack) => void;
  readonly onPacket: (packet: EncodedPacket) => void;
  readonly onFailure: (error: unknown) => void;
  /** A picture is done with. */
  readonly onDone: () => void;
}

/** Encodes one rendition, picture after picture, at its own pace. */
export class RenditionLane {
  readonly #rendition: Rendition;
  readonly #options: LaneOptions;
  readonly #waiting: { readonly frame: VideoFrame; readonly key: boolean }[] = [];
  #encoder: VideoEncoder | undefined;
  #format = '';
  #durationUs: Microseconds = 0;
  #encoded = 0;
  #busy = false;
  #idle: (() => void)[] = [];
  #over = false;

  constructor(rendition: Rendition, options: LaneOptions) {
    this.#rendition = rendition;
    this.#options = options;
  }

  /** Pictures that wait or are being encoded. */
  get length(): number {
    return this.#waiting.length + (this.#busy ? 1 : 0);
  }

  metrics(): LaneMetrics {
    return { queued: this.length, framesEncoded: this.#encoded };
  }

  /** Takes over an ownership of the frame. */
  push(frame: VideoFrame, key: boolean): void {
    if (this.#over) {
      frame.close();
      return;
    }
    this.#waiting.push({ frame, key });
    if (!this.#busy) void this.#pump();
  }

  /** Encodes what waits, hands on the last packets, and frees everything. */
  async finish(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#over = true;
    const encoder = this.#encoder;
    this.#encoder = undefined;
    await encoder?.finish();
  }

  /** Closes what waits; a picture that is being encoded is closed when the encoder has it. */
  close(): void {
    this.#over = true;
    for (const { frame } of this.#waiting.splice(0)) frame.close();
    if (!this.#busy) this.#freeEncoder();
  }

  async #pump(): Promise<void> {
    this.#busy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#encode(next.frame, next.key);
      } catch (error) {
        this.#options.onFailure(error);
      } finally {
        next.frame.close();
      }
      if (this.#waiting.length > 0) this.#options.onDone();
    }
    this.#busy = false;
    if (this.#over) this.#freeEncoder();
    this.#options.onDone();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #encode(frame: VideoFrame, key: boolean): Promise<void> {
    const { pixelFormat, width, height } = frame;
    const format = `${pixelFormat} ${width}×${height}`;
    const restart = format !== this.#format;
    if (restart) {
      const before = this.#encoder;
      this.#encoder = undefined;
      await before?.finish();
      this.#encoder = await this.#open(frame);
      this.#format = format;
      this.#options.onTrack(this.#track(this.#encoder));
    }
    this.#durationUs = frame.durationUs;
    await this.#encoder?.write(frame, key || restart);
  }

  async #open(frame: VideoFrame): Promise<VideoEncoder> {
    const { encoding, bufferMs, segmentUs, frameRate } = this.#options;
    const { pixelFormat, width, height, sampleAspectRatio, color } = frame;
    const scaleTo = scaledSize(width, height, this.#rendition.height);
    const size = scaleTo ?? { width, height };
    const framesPerSecond = rationalValue(frameRate) || 30;
    const bitrate = this.#rendition.bitrate ?? defaultBitrate(size.width, size.height, framesPerSecond);
    // Key frames are asked for; the encoder's own interval is only there in case that none is for long.
    const gop = Math.max(1, Math.ceil((framesPerSecond * segmentUs * 4) / 1e6));
    const { preset, options, videoCodec } = encoding;
    const tuned = latencyOptions(videoCodec, { bitrate, bufferMs, gop });
    return VideoEncoder.open(
      {
        ...encoding,
        preset: undefined,
        options: { ...known(videoCodec, tuned), ...(preset === undefined ? {} : { preset }), ...options },
      },
      {
        picture: { pixelFormat, width, height, sampleAspectRatio, color },
        timeBase: MICROSECONDS,
        frameRate,
        globalHeader: true,
        scaleTo,
      },
      (packet) => {
        this.#encoded++;
        this.#options.onPacket(this.#plain(packet));
      },
    );
  }

  #track(encoder: VideoEncoder): VideoTrack {
    const parameters = encoder.parameters();
    const stream = describeParameters(parameters);
    parameters.free();
    return {
      kind: 'video',
      codec: codecNameOf(this.#options.encoding.videoCodec),
      frameRate: this.#options.frameRate,
      stream,
    };
  }

  /** A copy of the packet that depends on no memory of FFmpeg's. */
  #plain(packet: Packet): EncodedPacket {
    const dts = packet.dts === AV_NOPTS_VALUE ? packet.pts : packet.dts;
    return {
      kind: 'video',
      data: Uint8Array.from(packet.data ?? []),
      ptsUs: Number(packet.pts),
      dtsUs: Number(dts),
      durationUs: packet.duration > 0n ? Number(packet.duration) : this.#durationUs,
      isKey: packet.isKeyframe,
    };
  }

  #freeEncoder(): void {
    this.#encoder?.close();
    this.#encoder = undefined;
  }
}

/** Those options of the tuning that the encoder has; a build of FFmpeg may lack some. */
function known(videoCodec: string, tuned: Readonly<Record<string, string>>): Record<string, string> {
  const own = new Set(
    findEncoder(videoCodec)
      .getOptions()
      .map(({ name }) => name),
  );
  const common = new Set(['b', 'maxrate', 'bufsize', 'bf', 'g', 'flags', 'sc_threshold']);
  return Object.fromEntries(Object.entries(tuned).filter(([name]) => own.has(name) || common.has(name)));
}

function codecNameOf(encoder: string): string {
  const codec = findEncoder(encoder);
  return avGetCodecName(codec.id) ?? encoder;
}

/** An even size with the rows asked for and the shape kept; nothing when the picture has no more rows than that. */
function scaledSize(
  width: number,
  height: number,
  wanted: number | undefined,
): { readonly width: number; readonly height: number } | undefined {
  if (wanted === undefined || wanted >= height) return undefined;
  return { width: Math.max(2, Math.round((width * wanted) / height / 2) * 2), height: wanted };
}
