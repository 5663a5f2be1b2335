/** A piece of a stream as a player gets it. */
export interface Piece {
  /** `video` and `audio` come with times; headers are what decoders must know first. */
  readonly kind: 'video' | 'audio' | 'video-header' | 'audio-header';
  readonly data: Buffer;
  readonly ptsUs: number;
  /** By {@link sharedNowMs}. */
  readonly arrivedMs: number;
}

export type TakePiece = (piece: Piece) => void;
