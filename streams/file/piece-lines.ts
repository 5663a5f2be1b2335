import { stat } from 'node:fs/promises';
import type { Microseconds, VideoSample } from '../../pipeline/index.js';
import { LineFile } from '../metadata/line-file.js';
import { type LinesRecord, pieceLinesPath, pieceRecordPath, writeAtomically } from './piece.js';
import type { OpenPiece } from './piece-sequence.js';

/** What is written of each frame besides its picture, a line each. */
export interface FrameLines {
  /** The line before those of the frames of a piece; asked for when its first frame is there. */
  header(): string;
  /** The line of a frame, which is borrowed. Frames come in order, each once. */
  line(sample: VideoSample): string;
}

/** The lines of one piece, in a file beside it that counts with it. */
export class PieceLines {
  readonly #file: LineFile;
  readonly #lines: FrameLines;
  #begun = false;

  private constructor(file: LineFile, lines: FrameLines) {
    this.#file = file;
    this.#lines = lines;
  }

  /** @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  static async open(folder: string, index: number, lines: FrameLines): Promise<PieceLines> {
    return new PieceLines(await LineFile.open(pieceLinesPath(folder, index), { overwrite: true }), lines);
  }

  /** Adds the line of a frame, which is borrowed. @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  async write(sample: VideoSample): Promise<void> {
    if (!this.#begun) await this.#file.write(this.#lines.header());
    this.#begun = true;
    await this.#file.write(this.#lines.line(sample));
  }

  /** Brings the lines to disk. @returns their bytes. @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  async commit(): Promise<number> {
    return (await stat(await this.#file.finish())).size;
  }

  /** Gives up. */
  async close(): Promise<void> {
    await this.#file.discard();
  }
}

/** A piece of a film of which only lines are written, and no pictures. */
export class LinesOnlyPiece implements OpenPiece<LinesRecord> {
  readonly #folder: string;
  readonly #index: number;
  readonly #lines: PieceLines;
  #frames = 0;
  #nextFrameIndex = 0;
  #startUs: Microseconds | undefined;
  #endUs: Microseconds = 0;

  private constructor(folder: string, index: number, lines: PieceLines) {
    this.#folder = folder;
    this.#index = index;
    this.#lines = lines;
  }

  /** @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  static async open(folder: string, index: number, lines: FrameLines): Promise<LinesOnlyPiece> {
    return new LinesOnlyPiece(folder, index, await PieceLines.open(folder, index, lines));
  }

  async write(sample: VideoSample): Promise<void> {
    await this.#lines.write(sample);
    const { index, ptsUs, durationUs } = sample.frame;
    this.#frames++;
    this.#nextFrameIndex = index + 1;
    this.#startUs ??= ptsUs;
    this.#endUs = ptsUs + durationUs;
  }

  async drain(): Promise<void> {}

  async commit(untilUs: Microseconds): Promise<LinesRecord> {
    const bytes = await this.#lines.commit();
    const record: LinesRecord = {
      version: 1,
      index: this.#index,
      frames: this.#frames,
      nextFrameIndex: this.#nextFrameIndex,
      untilUs,
      bytes,
      linesBytes: bytes,
      startUs: this.#startUs ?? untilUs,
      endUs: this.#endUs,
    };
    await writeAtomically(pieceRecordPath(this.#folder, this.#index), JSON.stringify(record));
    return record;
  }

  async close(): Promise<void> {
    await this.#lines.close();
  }
}
