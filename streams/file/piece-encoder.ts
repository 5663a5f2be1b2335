import type { FrameTiming, Microseconds, VideoSample } from '../../pipeline/index.js';
import type { EncoderInput, EncodingOptions } from '../encoding.js';
import type { FrameEncoder, MediaEngine } from '../engine.js';
import { type PieceRecord, PieceWriter } from './piece.js';
import { type FrameLines, PieceLines } from './piece-lines.js';
import type { OpenPiece } from './piece-sequence.js';

export interface PieceEncoderOptions {
  readonly engine: MediaEngine;
  readonly encoding: EncodingOptions & { readonly videoCodec: string };
  readonly folder: string;
  readonly index: number;
  readonly input: EncoderInput;
  /** What is written of each frame besides its picture. */
  readonly lines?: FrameLines | undefined;
}

/** Encodes the frames of one piece with an encoder of its own, so that a piece depends on nothing outside it. */
export class PieceEncoder implements OpenPiece<PieceRecord> {
  readonly #encoder: FrameEncoder;
  readonly #writer: PieceWriter;
  readonly #input: EncoderInput;
  readonly #lines: PieceLines | undefined;
  #frames = 0;
  #last: FrameTiming | undefined;

  private constructor(encoder: FrameEncoder, writer: PieceWriter, input: EncoderInput, lines: PieceLines | undefined) {
    this.#encoder = encoder;
    this.#writer = writer;
    this.#input = input;
    this.#lines = lines;
  }

  static async open(options: PieceEncoderOptions): Promise<PieceEncoder> {
    const { engine, encoding, folder, index, input } = options;
    const writer = new PieceWriter(folder, index, input.timeBase);
    const encoder: FrameEncoder = await engine.openEncoder(encoding, input, (packet) =>
      writer.write(packet, () => encoder.stream()),
    );
    try {
      const lines = options.lines && (await PieceLines.open(folder, index, options.lines));
      return new PieceEncoder(encoder, writer, input, lines);
    } catch (error) {
      await encoder.close();
      writer.close();
      throw error;
    }
  }

  get frames(): number {
    return this.#frames;
  }

  /** The frame is borrowed. */
  async write(sample: VideoSample): Promise<void> {
    const { frame } = sample;
    const { ptsUs, durationUs, index } = frame;
    await this.#lines?.write(sample);
    await this.#encoder.write(frame);
    this.#frames++;
    this.#last = { ptsUs, durationUs, index };
  }

  /** Encodes what the encoder holds back and frees it. */
  async drain(): Promise<void> {
    await this.#encoder.finish();
  }

  /**
   * Brings the drained piece to disk.
   *
   * @param untilUs Where the next piece begins.
   */
  async commit(untilUs: Microseconds): Promise<PieceRecord> {
    try {
      const { timeBase, picture } = this.#input;
      const last = this.#last as FrameTiming;
      // Before the record of the piece, which makes both count.
      const linesBytes = await this.#lines?.commit();
      return await this.#writer.commit({
        frames: this.#frames,
        nextFrameIndex: last.index + 1,
        untilUs,
        lastDuration: Math.round(((last.durationUs / 1e6) * timeBase.den) / timeBase.num),
        frameSize: { width: picture.width, height: picture.height },
        stream: this.#encoder.stream(),
        ...(linesBytes === undefined ? {} : { linesBytes }),
      });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#encoder.close();
    this.#writer.close();
    await this.#lines?.close();
  }
}
