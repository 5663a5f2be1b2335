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
  readonly #reuse: (colors: SharedArrayBuffer) => void;
  readonly #buffer: SharedArrayBuffer;
  #holders = 1;

  constructor(size: ThumbnailSize, buffer: SharedArrayBuffer, reuse: (buffer: SharedArrayBuffer) => void) {
    const { width, height } = size;
    const half = [1, 2, height / 2, width / 2];
    const bytes = width * height * 4;
    this.size = size;
    this.#buffer = buffer;
    this.#reuse = reuse;
    this.thumb = { type: 'float32', shape: [1, 1, height, width], buffer, byteOffset: 0 };
    this.predicted = { type: 'float32', shape: half, buffer, byteOffset: bytes };
    this.steady = { type: 'float32', shape: half, buffer, byteOffset: bytes + bytes / 2 };
  }

  retain(): this {
    this.#holders++;
    return this;
  }

  /** The memory is used again when everyone has let go; what is never let go is garbage like any other. */
  release(): void {
    if (--this.#holders === 0) this.#reuse(this.#buffer);
  }
}

/** Hands out memory for {@link FrameColors}, and keeps what comes back. */
export class ColorMemory {
  readonly #free: SharedArrayBuffer[] = [];

  take(size: ThumbnailSize): FrameColors {
    const byteLength = size.width * size.height * 8;
    const kept = this.#free.pop();
    const buffer = kept?.byteLength === byteLength ? kept : new SharedArrayBuffer(byteLength);
    return new FrameColors(size, buffer, (unused) => this.#free.push(unused));
  }
}
