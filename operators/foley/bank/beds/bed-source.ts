import type { BedKind } from '../vocabulary.js';

/** The sound of a place: goes on for ever, in constant memory. */
export interface BedSource {
  readonly kind: BedKind;
  /**
   * The next `frames` samples: mono, 48 kHz, −1 to 1, mean loudness about −23 LUFS. The array is the caller's. How the frames are cut into calls makes no difference to
   * the samples. Two seeds of a kind are two places of it: left and right of a wide one.
   */
  render(frames: number): Float32Array;
}

/** Samples of a block, 10 ms: slow things change from block to block. */
export const BED_BLOCK = 480;
/** Blocks a second. */
export const BED_RATE = 100;

/** Adds the next block of a bed to `block`, which is all 0. */
export type BedFill = (block: Float32Array) => void;

/** First-order high-pass at about 20 Hz. */
const KEEP = 0.9974;
/** From here on the top is rounded off. */
const KNEE = 0.7;

/** A bed that is made block by block; takes out DC, and rounds peaks off so that none passes 1. */
export class BlockBed implements BedSource {
  readonly kind: BedKind;
  readonly #gain: number;
  readonly #fill: BedFill;
  readonly #block = new Float32Array(BED_BLOCK);
  #used = BED_BLOCK;
  #before = 0;
  #out = 0;

  constructor(kind: BedKind, gain: number, fill: BedFill) {
    this.kind = kind;
    this.#gain = gain;
    this.#fill = fill;
  }

  render(frames: number): Float32Array {
    const out = new Float32Array(frames);
    for (let done = 0; done < frames; ) {
      if (this.#used === BED_BLOCK) this.#next();
      const count = Math.min(frames - done, BED_BLOCK - this.#used);
      out.set(this.#block.subarray(this.#used, this.#used + count), done);
      this.#used += count;
      done += count;
    }
    return out;
  }

  #next(): void {
    const block = this.#block.fill(0);
    this.#fill(block);
    for (let i = 0; i < BED_BLOCK; i++) {
      const x = (block[i] as number) * this.#gain;
      this.#out = x - this.#before + KEEP * this.#out;
      this.#before = x;
      block[i] = rounded(this.#out);
    }
    this.#used = 0;
  }
}

function rounded(x: number): number {
  const size = Math.abs(x);
  if (size <= KNEE) return x;
  return Math.sign(x) * (KNEE + (1 - KNEE) * Math.tanh((size - KNEE) / (1 - KNEE)));
}
