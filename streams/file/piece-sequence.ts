import type { Observable } from 'rxjs';
import { consumeFrames, type Microseconds, type VideoFrame, type VideoSample } from '../../pipeline/index.js';
import type { FinishedPiece } from './piece.js';

/** A piece that is being made. */
export interface OpenPiece<Finished extends FinishedPiece> {
  /** Takes a frame, which is borrowed. */
  write(sample: VideoSample): Promise<void>;
  /** Lets go of what is heavy: no frames come any more. */
  drain(): Promise<void>;
  /** Brings the drained piece to disk, from when on it counts. Closes itself when it fails. @param untilUs Where the next piece begins. */
  commit(untilUs: Microseconds): Promise<Finished>;
  /** Gives up. */
  close(): Promise<void>;
}

/** How a stream is cut into pieces. */
export interface PieceSequenceOptions<Finished extends FinishedPiece> {
  /** Begins a piece with its first frame, which is borrowed. */
  readonly open: (first: VideoFrame, index: number) => Promise<OpenPiece<Finished>>;
  /** Length of a piece of film. */
  readonly pieceUs: Microseconds;
  /** Pieces begin at this moment plus multiples of the length, whatever run makes them. */
  readonly originUs: Microseconds;
  /** Finished pieces of earlier runs: frames before the end of the last are not written again. */
  readonly done: readonly Finished[];
  readonly onFrame?: ((frame: VideoFrame) => void) | undefined;
  readonly onPiece?: ((piece: Finished) => void) | undefined;
}

/**
 * Writes a stream of frames as pieces. A piece ends where the film passes a multiple of its length. There is one open piece at a time; the disk is waited for in
 * the background.
 */
export class PieceSequence<Finished extends FinishedPiece> {
  readonly #options: PieceSequenceOptions<Finished>;
  readonly #pieces: Finished[];
  #current: { readonly piece: OpenPiece<Finished>; readonly endUs: Microseconds } | undefined;
  #committing: Promise<void> = Promise.resolve();
  #opened = 0;

  constructor(options: PieceSequenceOptions<Finished>) {
    this.#options = options;
    this.#pieces = [...options.done];
    this.#opened = options.done.length;
  }

  /** All committed pieces in order. */
  get pieces(): readonly Finished[] {
    return this.#pieces;
  }

  /** Consumes the frames; resolves when all pieces are committed. On failure committed pieces stay, the current one is given up. */
  async consume(frames: Observable<VideoSample>, signal?: AbortSignal): Promise<void> {
    const doneUs = this.#pieces.at(-1)?.untilUs ?? Number.NEGATIVE_INFINITY;
    let untilUs = 0;
    try {
      await consumeFrames(
        frames,
        async (sample) => {
          const { frame } = sample;
          if (frame.ptsUs < doneUs) return;
          await this.#write(sample);
          // Not the frame's end: durations are rounded, or guessed, and the next frame may begin before it.
          untilUs = frame.ptsUs + 1;
          this.#options.onFrame?.(frame);
        },
        signal,
      );
      if (this.#current !== undefined) await this.#finish(this.#current.piece, untilUs);
      await this.#committing;
    } catch (error) {
      await this.#current?.piece.close();
      this.#current = undefined;
      await this.#committing.catch(() => undefined);
      throw error;
    }
  }

  async #write(sample: VideoSample): Promise<void> {
    const { frame } = sample;
    if (this.#current !== undefined && frame.ptsUs >= this.#current.endUs) {
      await this.#finish(this.#current.piece, this.#current.endUs);
    }
    this.#current ??= await this.#open(frame);
    await this.#current.piece.write(sample);
  }

  async #open(first: VideoFrame): Promise<{ piece: OpenPiece<Finished>; endUs: Microseconds }> {
    const { open, pieceUs, originUs } = this.#options;
    const piece = await open(first, this.#opened++);
    const endUs = originUs + (Math.floor((first.ptsUs - originUs) / pieceUs) + 1) * pieceUs;
    return { piece, endUs };
  }

  async #finish(piece: OpenPiece<Finished>, untilUs: Microseconds): Promise<void> {
    await this.#committing;
    await piece.drain();
    this.#current = undefined;
    this.#committing = this.#commit(piece, untilUs);
    // Awaited later; until then a failure must not count as unhandled.
    this.#committing.catch(() => undefined);
  }

  async #commit(piece: OpenPiece<Finished>, untilUs: Microseconds): Promise<void> {
    const finished = await piece.commit(untilUs);
    this.#pieces.push(finished);
    this.#options.onPiece?.(finished);
  }
}
