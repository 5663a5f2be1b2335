import { yuvMatrices } from '../../../models/adapters/picture/yuv-matrices.js';
import { chromaShift, type PlaneData, type VideoFrame } from '../../../pipeline/index.js';
import { CoverageMask } from './coverage-mask.js';
import type { Shape } from './shape.js';

/** Non-linear red, green and blue, 0–255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

const BLACK: Rgb = [0, 0, 0];

/**
 * Paints shapes into the planes of frames, all formats of them: luma pixel by pixel, chroma by the mean coverage of the pixels that share it. Only pixels
 * that a shape may cover are read or written. One painter may paint frame after frame; its mask is kept as long as their size stays.
 */
export class FramePainter {
  #mask: CoverageMask | undefined;
  #frame: VideoFrame;

  /** @param frame Stays the caller's, and is written while shapes are painted. */
  constructor(frame: VideoFrame) {
    this.#frame = frame;
  }

  /** Paints another frame from here on. */
  turnTo(frame: VideoFrame): void {
    this.#frame = frame;
    this.#mask?.clear();
  }

  get frame(): VideoFrame {
    return this.#frame;
  }

  /** Adds a shape to what {@link paint} paints next. @param opacity 0–1. */
  add(shape: Shape, opacity: number): void {
    this.#fittingMask().add(shape, opacity);
  }

  /** Paints what was added, in one colour. */
  paint(color: Rgb): void {
    const mask = this.#fittingMask();
    if (mask.top < mask.bottom) {
      const [luma, cb, cr] = this.#codes(color);
      blendLuma(this.#frame, mask, luma);
      blendChroma(this.#frame, mask, cb, cr);
    }
    mask.clear();
  }

  /** Makes the whole picture black. */
  blacken(): void {
    for (const [i, code] of this.#codes(BLACK).entries()) this.#frame.plane(i as 0 | 1 | 2).fill(code);
  }

  #fittingMask(): CoverageMask {
    const { width, height } = this.#frame;
    if (this.#mask?.width !== width || this.#mask.height !== height) this.#mask = new CoverageMask(width, height);
    return this.#mask;
  }

  /** A colour in the codes of the frame: Y, Cb, Cr. */
  #codes([red, green, blue]: Rgb): readonly [number, number, number] {
    const m = yuvMatrices(this.#frame).fromRgb.data as Float32Array;
    const code = (row: number): number => {
      const [r = 0, g = 0, b = 0, constant = 0] = m.subarray(4 * row, 4 * row + 4);
      return Math.min(
        2 ** this.#frame.bitDepth - 1,
        Math.max(0, Math.round(r * red + g * green + b * blue + constant)),
      );
    };
    return [code(0), code(1), code(2)];
  }
}

function blendLuma(frame: VideoFrame, mask: CoverageMask, code: number): void {
  const plane = frame.plane(0);
  for (let row = mask.top; row < mask.bottom; row++) {
    const start = row * mask.width;
    const end = start + mask.to(row);
    for (let i = start + mask.from(row); i < end; i++) blend(plane, i, code, (mask.values[i] as number) / 255);
  }
}

function blendChroma(frame: VideoFrame, mask: CoverageMask, cb: number, cr: number): void {
  const shift = chromaShift(frame.pixelFormat);
  const [blues, reds] = [frame.plane(1), frame.plane(2)];
  const { width } = frame.planes[1];
  for (let row = mask.top >> shift.y; row <= (mask.bottom - 1) >> shift.y; row++) {
    const upper = row << shift.y;
    const lower = Math.min(mask.height - 1, upper + shift.y);
    const from = Math.min(mask.from(upper), mask.from(lower)) >> shift.x;
    const last = (Math.max(mask.to(upper), mask.to(lower)) - 1) >> shift.x;
    for (let column = from; column <= last; column++) {
      const opacity = meanCoverage(mask, column << shift.x, upper, lower, shift.x);
      if (opacity === 0) continue;
      blend(blues, row * width + column, cb, opacity);
      blend(reds, row * width + column, cr, opacity);
    }
  }
}

/** Mean over the pixels that share a chroma sample, 0–1; a last odd column counts twice. */
function meanCoverage(mask: CoverageMask, left: number, upper: number, lower: number, across: number): number {
  const right = Math.min(mask.width - 1, left + across);
  const { values, width } = mask;
  const sum =
    (values[upper * width + left] as number) +
    (values[upper * width + right] as number) +
    (values[lower * width + left] as number) +
    (values[lower * width + right] as number);
  return sum / (4 * 255);
}

function blend(plane: PlaneData, at: number, code: number, opacity: number): void {
  const before = plane[at] as number;
  plane[at] = Math.round(before + (code - before) * opacity);
}
