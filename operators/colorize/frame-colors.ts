import type { SharedTensor } from '../../models/tensor.js';
import type { ThumbnailSize } from './thumbnail-size.js';

/**
 * What the models pass each other for one frame, in shared memory, so that it crosses no thread as a message. Counted:
 * the frame's own stages hold it once, and the next frame's while it looks back.
 */
export class FrameColors {
  readonly size: ThumbnailSize;
  /** float32 [1, 1, h, w]: luma inside the box, 0–1. */
  readonly thumb: SharedTensor;
  /** float32 [1, 2, h/2, w/2]: the network's Cb and Cr, offsets in 8-bit full-range BT.601 codes. */
  readonly predicted: SharedTensor;
  /** Like {@link predicted}, steadied over time. */
  readonly steady: SharedTensor;
  readonly #reuse: (memory: ColorBuffers) => void;
  readonly #memory: ColorBuffers;
  #holders = 1;

  constructor(size: ThumbnailSize, memory: ColorBuffers, reuse: (memory: ColorBuffers) => void) {
    const { buffer } = memory;
    const { width, height } = size;
    const half = [1, 2, height / 2, width / 2];
    const bytes = width * height * 4;
    this.size = size;
    this.#memory = memory;
    this.#reuse = reuse;
    this.thumb = { type: 'float32', shape: [1, 1, height, width], buffer, byteOffset: 0 };
    this.predicted = { type: 'float32', shape: half, buffer, byteOffset: bytes };
    this.steady = { type: 'float32', shape: half, buffer, byteOffset: bytes + bytes / 2 };
  }

  /** float32 [1, 1, side, side]: luma inside the box, 0–1, stretched to a square: what some networks see in place of {@link thumb}. */
  sight(side: number): SharedTensor {
    const memory = this.#memory;
    if (memory.sight?.shape[2] !== side) {
      const buffer = new SharedArrayBuffer(side * side * 4);
      memory.sight = { type: 'float32', shape: [1, 1, side, side], buffer, byteOffset: 0 };
    }
    return memory.sight as SharedTensor;
  }

  retain(): this {
    this.#holders++;
    return this;
  }

  /** The memory is used again when everyone has let go; what is never let go is garbage like any other. */
  release(): void {
    if (--this.#holders === 0) this.#reuse(this.#memory);
  }
}

/** Memory of one {@link FrameColors}. */
interface ColorBuffers {
  readonly buffer: SharedArrayBuffer;
  sight: SharedTensor | undefined;
}

/** Hands out memory for {@link FrameColors}, and keeps what comes back. */
export class ColorMemory {
  readonly #free: ColorBuffers[] = [];

  take(size: ThumbnailSize): FrameColors {
    const byteLength = size.width * size.height * 8;
    const kept = this.#free.pop();
    const fits = kept?.buffer.byteLength === byteLength;
    const memory = fits ? kept : { buffer: new SharedArrayBuffer(byteLength), sight: kept?.sight };
    return new FrameColors(size, memory, (unused) => this.#free.push(unused));
  }
}
