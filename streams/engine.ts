import type { Packet } from 'node-av/lib';
import type { Microseconds, Rational } from '../pipeline/index.js';
import type { EncoderInput, EncodingOptions } from './encoding.js';
import type { ReadReport, VideoInfo } from './film.js';
import type { DecodedPicture } from './libav/decoded-picture.js';
import type { EncodedStream } from './libav/encoded-stream.js';

export interface ReaderRequest {
  readonly path: string;
  readonly video: VideoInfo;
  /** First moment that must be decoded, in the container's own time. */
  readonly startUs: Microseconds | undefined;
  readonly sequenceRate: number | undefined;
  readonly report: ReadReport;
}

/** Pictures of one file in order of presentation, in the container's own time. */
export interface PictureReader {
  readonly timeBase: Rational;
  /** The next picture, or nothing at the end. One call at a time. */
  next(): Promise<DecodedPicture | undefined>;
  /** Frees everything; more calls do nothing. */
  close(): Promise<void>;
}

/** Frames to packets. Frames are borrowed. */
export interface FrameEncoder {
  write(frame: import('../pipeline/index.js').VideoFrame): Promise<void>;
  /** Hands on what is held back and frees everything. */
  finish(): Promise<void>;
  /** What a muxer must know; valid once the first packet has come. */
  stream(): EncodedStream;
  /** Frees everything at once. */
  close(): void | Promise<void>;
}

/** Who decodes and encodes: the bundled FFmpeg in this process, or the user's own binary. Everything else is the same. */
export interface MediaEngine {
  readonly name: 'libav' | 'external';
  openReader(request: ReaderRequest): Promise<PictureReader>;
  /** @param onPacket receives packets in decoding order, timed in {@link EncoderInput.timeBase}; borrowed for the call. */
  openEncoder(
    options: EncodingOptions & { readonly videoCodec: string },
    input: EncoderInput,
    onPacket: (packet: Packet) => void,
  ): Promise<FrameEncoder>;
}
