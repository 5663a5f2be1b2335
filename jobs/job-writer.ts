import type { Observable } from 'rxjs';
import type { VideoSample } from '../pipeline/index.js';
import type { AddedSound } from '../streams/file/assemble.js';
import type { FinishedPiece } from '../streams/file/piece.js';
import type { WriteResult } from '../streams/file/write-file.js';

/** Where the frames of a film job go, in pieces that another run finds again. */
export interface JobWriter {
  /** False when nothing is decoded. */
  readonly encodes: boolean;
  /** Pieces that an earlier run has finished. */
  readonly done: readonly FinishedPiece[];
  /** All finished pieces. */
  readonly pieces: readonly FinishedPiece[];
  /** Where they are. */
  readonly folder: string;
  /** Frames in finished pieces. */
  readonly frames: number;
  /** Consumes the frames. */
  encode(video: Observable<VideoSample>): Promise<void>;
  /** Makes the output and removes the pieces. @param sound A track that was made for the film; it stays the caller's. */
  complete(sound?: AddedSound): Promise<WriteResult>;
  /** Makes what can be used of the pieces that are there, and keeps them. @returns the path of a film, if there is one. */
  completePartially(sound?: AddedSound): Promise<string | undefined>;
  /** Gives up: keeps finished pieces for another run, or removes everything. */
  abandon(options: { keepPieces: boolean }): Promise<void>;
}
