import { open } from 'node:fs/promises';
import { type FinishedPiece, pieceLinesPath } from '../../streams/file/piece.js';
import type { MetadataHeader } from '../../streams/metadata/metadata-file.js';

/** The header of the file of a piece. */
export interface PieceHeader extends MetadataHeader {
  /** For each key whose things have ids, the highest one given before the piece. */
  readonly lastIds?: Readonly<Record<string, number>> | undefined;
}

/** The header in the first line of a piece. */
export async function pieceHeader(folder: string, piece: FinishedPiece): Promise<PieceHeader> {
  for await (const line of linesOf(folder, piece)) return JSON.parse(line) as PieceHeader;
  throw new Error(`piece ${piece.index} has no header`);
}

/** The lines of the frames of pieces, in order, one at a time. */
export async function* frameLines(folder: string, pieces: readonly FinishedPiece[]): AsyncGenerator<string> {
  for (const piece of pieces) {
    let isHeader = true;
    for await (const line of linesOf(folder, piece)) {
      if (!isHeader) yield line;
      isHeader = false;
    }
  }
}

async function* linesOf(folder: string, { index }: FinishedPiece): AsyncGenerator<string> {
  const file = await open(pieceLinesPath(folder, index));
  try {
    for await (const line of file.readLines({ encoding: 'utf8', autoClose: false })) yield line;
  } finally {
    await file.close();
  }
}
