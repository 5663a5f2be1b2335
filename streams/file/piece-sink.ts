import { type Microseconds, type Rational, rationalValue, type VideoFrame } from '../../pipeline/index.js';
import type { EncodingOptions } from '../encoding.js';
import type { MediaEngine } from '../engine.js';
import type { VideoInfo } from '../film.js';
import type { PieceRecord } from './piece.js';
import { PieceEncoder } from './piece-encoder.js';
import type { FrameLines } from './piece-lines.js';
import { PieceSequence } from './piece-sequence.js';

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
  /** What is written of each frame besides its picture. */
  readonly lines?: FrameLines | undefined;
  readonly onFrame?: ((frame: VideoFrame) => void) | undefined;
  readonly onPiece?: ((piece: PieceRecord) => void) | undefined;
}

/**
 * Encodes a stream of frames as pieces. There is one encoder at a time: two, of which one is flushed while the other fills, would take twice the memory, and
 * allocate so that freed pieces of it are never given back.
 */
export class PieceSink extends PieceSequence<PieceRecord> {
  constructor(options: PieceSinkOptions) {
    const { pieceUs, originUs, done, onFrame, onPiece } = options;
    const open = (first: VideoFrame, index: number) => openPiece(options, first, index);
    super({ open, pieceUs, originUs, done, onFrame, onPiece });
  }
}

function openPiece(options: PieceSinkOptions, first: VideoFrame, index: number): Promise<PieceEncoder> {
  const { engine, encoding, folder, source, globalHeader, lines } = options;
  const { pixelFormat, width, height, sampleAspectRatio, color, fieldOrder } = first;
  const input = {
    picture: { pixelFormat, width, height, sampleAspectRatio, color },
    timeBase: encoderTimeBase(encoding.videoCodec, source),
    frameRate: source.frameRate,
    fieldOrder,
    globalHeader,
  };
  return PieceEncoder.open({ engine, encoding, folder, index, input, lines });
}

/**
 * The source's time base, so that timestamps come out as they went in; one tick a frame for the old MPEG encoders, which know nothing finer.
 */
function encoderTimeBase(encoder: string, { timeBase, frameRate }: VideoInfo): Rational {
  const coarse = /^(mpeg1video|mpeg2video|mpeg4|libxvid|h263|msmpeg4)/.test(encoder);
  return coarse && rationalValue(frameRate) > 0 ? { num: frameRate.den, den: frameRate.num } : timeBase;
}
