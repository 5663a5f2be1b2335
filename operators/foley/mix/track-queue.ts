import { type AudioFrame, VitascopeError } from '../../../pipeline/index.js';
import { SAMPLE_RATE } from '../sample-rate.js';
import { type Stereo, silence } from './stereo.js';
import { type SampleIndex, sampleAt, samplesIn } from './timeline.js';

interface Piece {
  /** Of its first sample. */
  from: SampleIndex;
  left: Float32Array;
  right: Float32Array;
}

/** Times of containers are rounded, to milliseconds at worst: what lies so near to the end of the piece before follows it. */
const ROUNDING = samplesIn(5);
/** Waiting sound, samples. */
const MOST_WAITING = 60 * SAMPLE_RATE;

/**
 * A track's sound, waiting for its place on the timeline. Pieces that follow one another stay together although their times are rounded; holes are silent, what
 * overlaps is left out.
 */
export class TrackQueue {
  readonly #pieces: Piece[] = [];
  /** After the last sample that has come, and that has been read. */
  #end = Number.NEGATIVE_INFINITY;
  #position: SampleIndex;
  #waiting = 0;

  constructor(start: SampleIndex) {
    this.#position = start;
  }

  /** After the last sample that has come. */
  get end(): SampleIndex {
    return this.#end;
  }

  /**
   * Takes a frame: mono or stereo, 48 kHz. Its samples are not copied; the frame may be closed.
   *
   * @throws VitascopeError `FRAME_FORMAT` for another format, `OPERATOR_FAILED` when more than a minute waits to be read
   */
  push({ channels, sampleRate, ptsUs }: AudioFrame): void {
    const [left, right = left] = channels;
    if (sampleRate !== SAMPLE_RATE || channels.length > 2 || left === undefined || right === undefined) {
      throw new VitascopeError(
        'FRAME_FORMAT',
        `foley: existing sound must be mono or stereo at ${SAMPLE_RATE} Hz, got ${channels.length} channels at ${sampleRate} Hz`,
        { context: { channels: channels.length, sampleRate } },
      );
    }
    const said = sampleAt(ptsUs);
    const from = Math.abs(said - this.#end) <= ROUNDING ? this.#end : said;
    const skipped = Math.max(0, Math.max(this.#end, this.#position) - from);
    if (skipped >= left.length) return;
    const piece = { from: from + skipped, left: left.subarray(skipped), right: right.subarray(skipped) };
    this.#waiting += piece.left.length;
    if (this.#waiting > MOST_WAITING) {
      throw new VitascopeError('OPERATOR_FAILED', 'foley: existing sound runs ahead of the picture by over a minute');
    }
    this.#pieces.push(piece);
    this.#end = piece.from + piece.left.length;
  }

  /** Writes the next samples of the timeline into a block, as many as it has; what has not come is silent. False where nothing had come. */
  read(block: Stereo): boolean {
    silence(block);
    const start = this.#position;
    const end = start + block.left.length;
    let hasAny = false;
    for (let [piece] = this.#pieces; piece !== undefined && piece.from < end; [piece] = this.#pieces) {
      const from = Math.max(start, piece.from);
      const count = Math.min(piece.from + piece.left.length, end) - from;
      const offset = from - piece.from;
      block.left.set(piece.left.subarray(offset, offset + count), from - start);
      block.right.set(piece.right.subarray(offset, offset + count), from - start);
      hasAny = true;
      if (offset + count < piece.left.length) break;
      this.#pieces.shift();
      this.#waiting -= piece.left.length;
    }
    this.#position = end;
    return hasAny;
  }
}
