import type { Observable } from 'rxjs';
import { type Microseconds, type VideoSample, VitascopeError } from '../../pipeline/index.js';
import { type FinishedPiece, readFinishedPiece } from '../../streams/file/piece.js';
import { type FrameLines, LinesOnlyPiece } from '../../streams/file/piece-lines.js';
import { PieceSequence } from '../../streams/file/piece-sequence.js';
import { WorkFolder } from '../../streams/file/work-folder.js';
import type { WriteProgress, WriteResult } from '../../streams/file/write-file.js';
import type { Film } from '../../streams/film.js';
import type { JobWriter } from '../job-writer.js';

/** Options of {@link RecordsWriter.open}. */
export interface RecordsWriterOptions {
  readonly lines: FrameLines;
  /** Seconds of film in a piece. Default 10, at least 1. */
  readonly pieceSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WriteProgress) => void) | undefined;
}

const DEFAULT_PIECE_SECONDS = 10;

/** Takes the frames of a job that writes no film: keeps their lines in pieces, encodes nothing. */
export class RecordsWriter implements JobWriter {
  readonly encodes = true;
  readonly done: readonly FinishedPiece[];
  readonly #path: string;
  readonly #options: RecordsWriterOptions;
  readonly #work: WorkFolder;
  readonly #sequence: PieceSequence<FinishedPiece>;

  private constructor(
    path: string,
    film: Film,
    options: RecordsWriterOptions,
    work: WorkFolder,
    done: readonly FinishedPiece[],
  ) {
    this.#path = path;
    this.#options = options;
    this.#work = work;
    this.done = done;
    this.#sequence = this.#createSequence(film.range.fromUs ?? 0);
  }

  /**
   * Opens the work folder beside a file.
   *
   * @param job What the pieces depend on besides the input; the same job resumes.
   * @throws VitascopeError `OPTION_INVALID`, `OUTPUT_IN_USE`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`, `RESUME_MISMATCH`
   */
  static async open(
    path: string,
    film: Film,
    options: RecordsWriterOptions,
    job: object,
    restart: boolean,
  ): Promise<RecordsWriter> {
    const { pieceSeconds = DEFAULT_PIECE_SECONDS } = options;
    if (!(pieceSeconds >= 1)) {
      throw new VitascopeError('OPTION_INVALID', `pieceSeconds must be at least 1, got ${pieceSeconds}`);
    }
    const { info, range } = film;
    const input = { path: info.path, bytes: info.bytes, durationUs: info.durationUs ?? null };
    const work = await WorkFolder.open(path, { version: 1, input, range, pieceSeconds, ...job }, { restart });
    return new RecordsWriter(path, film, options, work, await work.pieces(readFinishedPiece));
  }

  get folder(): string {
    return this.#work.path;
  }

  get pieces(): readonly FinishedPiece[] {
    return this.#sequence.pieces;
  }

  get frames(): number {
    return this.pieces.reduce((sum, { frames }) => sum + frames, 0);
  }

  async encode(video: Observable<VideoSample>): Promise<void> {
    await this.#sequence.consume(video, this.#options.signal);
  }

  async complete(): Promise<WriteResult> {
    const { frames } = this;
    if (frames === 0) throw new VitascopeError('INPUT_EMPTY', `no frames came to write into ${this.#path}`);
    await this.#work.remove();
    return { path: '', frames, leftOut: [] };
  }

  async completePartially(): Promise<undefined> {
    await this.abandon({ keepPieces: true });
  }

  async abandon({ keepPieces }: { keepPieces: boolean }): Promise<void> {
    if (keepPieces && this.pieces.length > 0) await this.#work.release();
    else await this.#work.remove();
  }

  #createSequence(originUs: Microseconds): PieceSequence<FinishedPiece> {
    const { lines, pieceSeconds = DEFAULT_PIECE_SECONDS, onProgress } = this.#options;
    let frames = this.done.reduce((sum, piece) => sum + piece.frames, 0);
    let bytes = this.done.reduce((sum, piece) => sum + piece.bytes, 0);
    return new PieceSequence({
      open: (_first, index) => LinesOnlyPiece.open(this.#work.path, index, lines),
      pieceUs: pieceSeconds * 1e6,
      originUs,
      done: this.done,
      onFrame: ({ ptsUs }) => onProgress?.({ phase: 'encoding', frames: ++frames, ptsUs, bytes }),
      onPiece: (piece) => {
        bytes += piece.bytes;
      },
    });
  }
}
