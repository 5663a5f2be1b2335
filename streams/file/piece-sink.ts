import type { Observable } from 'rxjs';
import {
  consumeFrames,
  type Microseconds,
  type Rational,
  rationalValue,
  type VideoFrame,
  type VideoSample,
} from '../../pipeline/index.js';
import type { EncodingOptions } from '../encoding.js';
import type { MediaEngine } from '../engine.js';
import type { VideoInfo } from '../film.js';
import type { PieceRecord } from './piece.js';
import { PieceEncoder } from './piece-encoder.js';

export interface PieceSinkOptions {
  readonly engine: MediaEngine;
  readonly encoding: EncodingOptions & { readonly videoCodec: string };
  readonly folder: string;
  readonly source: VideoInfo;
  readonly globalHeader: boolean;
  /** Length of a piece of film. */
  readonly pieceUs: Microseconds;
  /** Pieces begin at this moment plus multiples of the length, whatever run makes them. */
  readonly originUs: Microseconds;
  /** Finished pieces of earlier runs: frames before the end of the last are not written again. */
  readonly done: readonly PieceRecord[];
  readonly onFrame?: ((frame: VideoFrame) => void) | undefined;
  readonly onPiece?: ((piece: PieceRecord) => void) | undefined;
}

/**
 * Writes a stream of frames as pieces. A piece ends where the film passes a multiple of its length. There is one encoder at a time: two, of which
 * one is flushed while the other fills, would take twice the memory, and allocate so that freed pieces of it are never given back. The disk is
 * waited for in the background.
 */
export class PieceSink {
  readonly #options: PieceSinkOptions;
  readonly #pieces: PieceRecord[];
  #current: { readonly encoder: PieceEncoder; readonly endUs: Microseconds } | undefined;
  #committing: Promise<void> = Promise.resolve();
  #opened = 0;

  constructor(options: PieceSinkOptions) {
    this.#options = options;
    this.#pieces = [...options.done];
    this.#opened = options.done.length;
  }

  /** All committed pieces in order. */
  get pieces(): readonly PieceRecord[] {
    return this.#pieces;
  }

  /** Consumes the frames; resolves when all pieces are committed. On failure committed pieces stay, the current one is given up. */
  async consume(frames: Observable<VideoSample>, signal?: AbortSignal): Promise<void> {
    const doneUs = this.#pieces.at(-1)?.untilUs ?? Number.NEGATIVE_INFINITY;
    let untilUs = 0;
    try {
      await consumeFrames(
        frames,
        async ({ frame }) => {
          if (frame.ptsUs < doneUs) return;
          await this.#write(frame);
          // Not the frame's end: durations are rounded, or guessed, and the next frame may begin before it.
          untilUs = frame.ptsUs + 1;
          this.#options.onFrame?.(frame);
        },
        signal,
      );
      if (this.#current !== undefined) await this.#finish(this.#current.encoder, untilUs);
      await this.#committing;
    } catch (error) {
      await this.#current?.encoder.close();
      this.#current = undefined;
      await this.#committing.catch(() => undefined);
      throw error;
    }
  }

  async #write(frame: VideoFrame): Promise<void> {
    if (this.#current !== undefined && frame.ptsUs >= this.#current.endUs) {
      await this.#finish(this.#current.encoder, this.#current.endUs);
    }
    this.#current ??= await this.#open(frame);
    await this.#current.encoder.write(frame);
  }

  async #open(first: VideoFrame): Promise<{ encoder: PieceEncoder; endUs: Microseconds }> {
    const { engine, encoding, folder, source, globalHeader, pieceUs, originUs } = this.#options;
    const { pixelFormat, width, height, sampleAspectRatio, color, fieldOrder } = first;
    const input = {
      picture: { pixelFormat, width, height, sampleAspectRatio, color },
      timeBase: encoderTimeBase(encoding.videoCodec, source),
      frameRate: source.frameRate,
      fieldOrder,
      globalHeader,
    };
    const encoder = await PieceEncoder.open({ engine, encoding, folder, index: this.#opened++, input });
    const endUs = originUs + (Math.floor((first.ptsUs - originUs) / pieceUs) + 1) * pieceUs;
    return { encoder, endUs };
  }

  async #finish(encoder: PieceEncoder, untilUs: Microseconds): Promise<void> {
    await this.#committing;
    await encoder.drain();
    this.#current = undefined;
    this.#committing = this.#commit(encoder, untilUs);
    // Awaited later; until then a failure must not count as unhandled.
    this.#committing.catch(() => undefined);
  }

  async #commit(encoder: PieceEncoder, untilUs: Microseconds): Promise<void> {
    const piece = await encoder.commit(untilUs);
    this.#pieces.push(piece);
    this.#options.onPiece?.(piece);
  }
}

/**
 * The source's time base, so that timestamps come out as they went in; one tick a frame for the old MPEG encoders, which know nothing finer.
 */
function encoderTimeBase(encoder: string, { timeBase, frameRate }: VideoInfo): Rational {
  const coarse = /^(mpeg1video|mpeg2video|mpeg4|libxvid|h263|msmpeg4)/.test(encoder);
  return coarse && rationalValue(frameRate) > 0 ? { num: frameRate.den, den: frameRate.num } : timeBase;
}
