import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AV_NOPTS_VALUE } from 'node-av/constants';
import { FormatContext, type Packet } from 'node-av/lib';
import { type Microseconds, type Rational, VitascopeError } from '../../pipeline/index.js';
import { avCheck } from '../libav/av.js';
import { type EncodedStream, parametersOf } from '../libav/encoded-stream.js';

/** What is known of any finished piece; lies beside it as JSON, and its presence is what makes the piece count. */
export interface FinishedPiece {
  readonly version: 1;
  readonly index: number;
  readonly frames: number;
  /** Number of the source frame after the last one in this piece. */
  readonly nextFrameIndex: number;
  /** Where the next piece begins: every frame before this moment is done. */
  readonly untilUs: Microseconds;
  /** Of the file that the piece mainly is. */
  readonly bytes: number;
  /** Of the file with a line for each frame, where there is one. */
  readonly linesBytes?: number;
}

/** A finished piece of encoded pictures. */
export interface PieceRecord extends FinishedPiece {
  readonly timeBase: Rational;
  /** Presentation times in {@link timeBase}, in decoding order: one a packet. */
  readonly pts: readonly number[];
  /** How long the last picture stays, in {@link timeBase}. */
  readonly lastDuration: number;
  /** Size of the frames; that of {@link stream} differs when the encoder needed even sides. */
  readonly frameSize: { readonly width: number; readonly height: number };
  readonly stream: EncodedStream;
}

/** A finished piece of which only lines are kept. */
export interface LinesRecord extends FinishedPiece {
  /** When its first picture is shown, and its last one no more. */
  readonly startUs: Microseconds;
  readonly endUs: Microseconds;
}

/** A finished piece of a film. */
export type FilmPiece = PieceRecord | LinesRecord;

/** True for pieces that hold encoded pictures. */
export function holdsPictures(piece: FilmPiece): piece is PieceRecord {
  return 'stream' in piece;
}

const baseName = (index: number): string => `piece-${String(index).padStart(6, '0')}`;
export const pieceMediaPath = (folder: string, index: number): string => join(folder, `${baseName(index)}.nut`);
export const pieceLinesPath = (folder: string, index: number): string => join(folder, `${baseName(index)}.ndjson`);
export const pieceRecordPath = (folder: string, index: number): string => join(folder, `${baseName(index)}.json`);
export const pieceRecordPattern = /^piece-(\d{6})\.json$/;

/**
 * Writes the packets of one piece to a NUT file, which any FFmpeg player opens, and the exact times to its record.
 * The piece counts once {@link commit} has brought both to disk.
 */
export class PieceWriter {
  readonly #folder: string;
  readonly #index: number;
  readonly #timeBase: Rational;
  readonly #pts: number[] = [];
  #output: FormatContext | undefined;

  constructor(folder: string, index: number, timeBase: Rational) {
    this.#folder = folder;
    this.#index = index;
    this.#timeBase = timeBase;
  }

  get packets(): number {
    return this.#pts.length;
  }

  /** @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`. */
  write(packet: Packet, stream: () => EncodedStream): void {
    this.#output ??= this.#open(stream());
    const output = this.#output;
    const [track] = output.streams;
    this.#pts.push(Number(packet.pts));
    packet.streamIndex = 0;
    if (packet.dts === AV_NOPTS_VALUE) packet.dts = packet.pts;
    packet.rescaleTs(this.#timeBase, track?.timeBase as Rational);
    avCheck(output.interleavedWriteFrameSync(packet), 'OUTPUT_UNWRITABLE', `cannot write ${this.#path}`);
  }

  async commit(rest: Omit<PieceRecord, 'version' | 'index' | 'timeBase' | 'pts' | 'bytes'>): Promise<PieceRecord> {
    if (this.#output === undefined) {
      throw new VitascopeError('ENCODER_FAILED', `the encoder made no packets of ${rest.frames} frames`);
    }
    avCheck(this.#output.writeTrailerSync(), 'OUTPUT_UNWRITABLE', `cannot finish ${this.#path}`);
    this.close();
    await syncFile(this.#path);
    const { size: bytes } = await stat(this.#path);
    const record: PieceRecord = {
      version: 1,
      index: this.#index,
      timeBase: this.#timeBase,
      pts: this.#pts,
      bytes,
      ...rest,
    };
    await writeAtomically(pieceRecordPath(this.#folder, this.#index), JSON.stringify(record));
    return record;
  }

  /** Closes the file as it is. */
  close(): void {
    this.#output?.closeOutputSync();
    this.#output?.freeContext();
    this.#output = undefined;
  }

  get #path(): string {
    return pieceMediaPath(this.#folder, this.#index);
  }

  #open(stream: EncodedStream): FormatContext {
    const output = new FormatContext();
    const who = `cannot create ${this.#path}`;
    avCheck(output.allocOutputContext2(null, 'nut', this.#path), 'OUTPUT_UNWRITABLE', who);
    const track = output.newStream(null);
    const parameters = parametersOf(stream);
    track.codecpar = parameters;
    parameters.free();
    track.timeBase = this.#timeBase as never;
    avCheck(output.openOutputSync(), 'OUTPUT_UNWRITABLE', who);
    avCheck(output.writeHeaderSync(null), 'OUTPUT_UNWRITABLE', who);
    return output;
  }
}

/** The record of a piece of pictures, if it is there and its files are as it says. */
export async function readPieceRecord(folder: string, index: number): Promise<PieceRecord | undefined> {
  const record = await readFinishedPiece<PieceRecord>(folder, index);
  const bytes = record && (await sizeOf(pieceMediaPath(folder, index)));
  return bytes === record?.bytes ? record : undefined;
}

/** The record of any piece, if it is there and its file of lines is as it says. */
export async function readFinishedPiece<Finished extends FinishedPiece>(
  folder: string,
  index: number,
): Promise<Finished | undefined> {
  try {
    const record = JSON.parse(await readFile(pieceRecordPath(folder, index), 'utf8')) as Finished;
    const { version, linesBytes } = record;
    const isWhole = linesBytes === undefined || linesBytes === (await sizeOf(pieceLinesPath(folder, index)));
    return version === 1 && record.index === index && isWhole ? record : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

/** Brings a file's bytes to disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes a file so that it is either there whole or not at all. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
