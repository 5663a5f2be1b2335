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

/** Pieces that may be flushing their encoders while the next one is being filled. */
const MAX_FINISHING = 1;

/**
 * Writes a stream of frames as pieces. A piece ends where the film passes a multiple of its length, and is committed in the background
 * while the next one encodes, so that flushing costs no time.
 */
export class PieceSink {
  readonly #options: PieceSinkOptions;
  readonly #pieces: PieceRecord[];
  #current: { readonly encoder: PieceEncoder; readonly endUs: Microseconds } | undefined;
  #finishing: Promise<void> = Promise.resolve();
  #pending = 0;
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
    let lastEndUs = 0;
    try {
      await consumeFrames(
        frames,
        async ({ frame }) => {
          if (frame.ptsUs < doneUs) return;
          await this.#write(frame);
          lastEndUs = frame.ptsUs + Math.max(1, frame.durationUs);
          this.#options.onFrame?.(frame);
        },
        signal,
      );
      if (this.#current !== undefined) this.#finish(this.#current.encoder, lastEndUs);
      await this.#finishing;
    } catch (error) {
      await this.#current?.encoder.close();
      this.#current = undefined;
      await this.#finishing.catch(() => undefined);
      throw error;
    }
  }

  async #write(frame: VideoFrame): Promise<void> {
    if (this.#current !== undefined && frame.ptsUs >= this.#current.endUs) {
      const { encoder, endUs } = this.#current;
      this.#current = undefined;
      this.#finish(encoder, endUs);
      if (this.#pending > MAX_FINISHING) await this.#finishing;
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

  #finish(encoder: PieceEncoder, untilUs: Microseconds): void {
    this.#current = undefined;
    this.#pending++;
    const before = this.#finishing;
    this.#finishing = (async () => {
      await before;
      const piece = await encoder.finish(untilUs);
      this.#pieces.push(piece);
      this.#options.onPiece?.(piece);
    })().finally(() => {
      this.#pending--;
    });
    // Awaited later; until then a failure must not count as unhandled.
    this.#finishing.catch(() => undefined);
  }
}

/**
 * The source's time base, so that timestamps come out as they went in; one tick a frame for the old MPEG encoders, which know nothing finer.
 */
function encoderTimeBase(encoder: string, { timeBase, frameRate }: VideoInfo): Rational {
  const coarse = /^(mpeg1video|mpeg2video|mpeg4|libxvid|h263|msmpeg4)/.test(encoder);
  return coarse && rationalValue(frameRate) > 0 ? { num: frameRate.den, den: frameRate.num } : timeBase;
}
