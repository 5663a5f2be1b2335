import { type Microseconds, type Rational, type VideoFrame, VitascopeError } from '../../../pipeline/index.js';
import type { EncodingOptions } from '../../encoding.js';
import { findEncoder } from '../../libav/video-encoder.js';
import type { EncodedPacket, VideoTrack } from '../live-types.js';
import { type LaneMetrics, type Rendition, RenditionLane } from './rendition-lane.js';

/** How a live stream is encoded. */
export interface LiveEncoderOptions extends EncodingOptions {
  /** Encoder by FFmpeg's name, those that need a device among them. Default `libx264`. */
  readonly videoCodec?: string | undefined;
  /** Sizes and rates, encoded from the same pictures. Default one, unscaled. */
  readonly renditions?: readonly Rendition[] | undefined;
  /** Milliseconds between key frames: the first picture at or after each multiple of it is one, in all renditions. Default 2000. */
  readonly segmentMs?: number | undefined;
  /** Milliseconds of the bitrate within which the rate is kept. Default 1000. */
  readonly bufferMs?: number | undefined;
  /** Pictures a second, `0/1` when unknown. */
  readonly frameRate: Rational;
  /** Pictures that a rendition may hold before {@link LiveEncoder.write} waits. Default 3. */
  readonly maxFrames?: number | undefined;
  /** A rendition's encoder was started, or started anew since pictures have another size; comes before its first packet. */
  readonly onTrack: (rendition: number, track: VideoTrack) => void;
  /** In decoding order, one rendition as the other. */
  readonly onPacket: (rendition: number, packet: EncodedPacket) => void;
}

/**
 * Encodes a live stream at once, without pictures that wait for later ones: frames → packets, of one or more renditions. Renditions run beside each other, each
 * with a picture scaled once; key frames lie on the same pictures in all of them.
 *
 * @example
 * await consumeFrames(video, ({ frame }) => encoder.write(frame));
 * await encoder.finish();
 */
export class LiveEncoder {
  readonly #lanes: readonly RenditionLane[];
  readonly #segmentUs: Microseconds;
  readonly #maxFrames: number;
  #waiting: (() => void)[] = [];
  #segment: number | undefined;
  #forceKey = false;
  #failure: { readonly error: unknown } | undefined;

  /** Opens nothing before the first frame. @throws VitascopeError `OPTION_INVALID`, `ENCODER_UNKNOWN`. */
  constructor(options: LiveEncoderOptions) {
    const {
      renditions = [{}],
      segmentMs = 2000,
      bufferMs = 1000,
      frameRate,
      maxFrames = 3,
      onTrack,
      onPacket,
    } = options;
    const { videoCodec = 'libx264', crf, preset, pixelFormat = 'yuv420p', options: more, threads } = options;
    checkAll(renditions, { segmentMs, bufferMs, maxFrames });
    findEncoder(videoCodec);
    this.#segmentUs = Math.round(segmentMs * 1000);
    this.#maxFrames = maxFrames;
    const encoding = { videoCodec, crf, preset, pixelFormat, options: more, threads };
    this.#lanes = renditions.map(
      (rendition, i) =>
        new RenditionLane(rendition, {
          encoding,
          bufferMs,
          segmentUs: this.#segmentUs,
          frameRate,
          onTrack: (track) => onTrack(i, track),
          onPacket: (packet) => onPacket(i, packet),
          onFailure: (error) => this.#fail(error),
          onDone: () => this.#wake(),
        }),
    );
  }

  /** Pictures that the slowest rendition holds. */
  get queued(): number {
    return Math.max(...this.#lanes.map(({ length }) => length));
  }

  /** Of each rendition, in their order. */
  metrics(): LaneMetrics[] {
    return this.#lanes.map((lane) => lane.metrics());
  }

  /** Makes the next picture a key frame, as after a discontinuity. */
  forceKeyFrame(): void {
    this.#forceKey = true;
  }

  /**
   * Gives a picture to all renditions. The frame is borrowed: it is retained for as long as one needs it. Resolves when there is room for the next.
   *
   * @throws VitascopeError `ENCODER_FAILED` and others of the encoder, also for pictures from before.
   */
  async write(frame: VideoFrame): Promise<void> {
    this.#throwFailure();
    const segment = Math.floor(frame.ptsUs / this.#segmentUs);
    const key = this.#forceKey || segment !== this.#segment;
    this.#forceKey = false;
    this.#segment = segment;
    for (const lane of this.#lanes) lane.push(frame.retain(), key);
    while (this.#failure === undefined && this.queued >= this.#maxFrames) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#throwFailure();
  }

  /** Encodes what waits, hands on the last packets, and frees everything. */
  async finish(): Promise<void> {
    const ends = await Promise.allSettled(this.#lanes.map((lane) => lane.finish()));
    for (const end of ends) if (end.status === 'rejected') this.#fail(end.reason);
    this.#throwFailure();
  }

  /** Frees everything at once; what waits is closed, packets that the encoders hold are lost. */
  close(): void {
    for (const lane of this.#lanes) lane.close();
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.close();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function checkAll(
  renditions: readonly Rendition[],
  numbers: { readonly segmentMs: number; readonly bufferMs: number; readonly maxFrames: number },
): void {
  if (renditions.length === 0) throw invalid('renditions must hold at least one');
  for (const { height, bitrate } of renditions) {
    if (height !== undefined && (!Number.isInteger(height) || height < 2 || height % 2 !== 0)) {
      throw invalid(`the height of a rendition must be even and at least 2, got ${height}`);
    }
    if (bitrate !== undefined && !(bitrate >= 1000)) {
      throw invalid(`the bitrate of a rendition must be at least 1000 bits a second, got ${bitrate}`);
    }
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value >= 1)) throw invalid(`${name} must be at least 1, got ${value}`);
  }
}

function invalid(what: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `LiveEncoder: ${what}`);
}
