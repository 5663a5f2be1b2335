import type { VideoFrame } from '../../pipeline/index.js';
import { type LumaGrid, samplePlane } from '../shot-change/luma-grid.js';
import { type ColorCoding, colorCoding } from './color-coding.js';

/** A picture at the points of a coarse grid, row by row: enough to know shots and tints by, for microseconds a frame. */
export interface GridSample extends LumaGrid {
  /** Luma, 0–1. */
  readonly luma: Float32Array;
  /** Chroma, offsets from neutral in 8-bit codes of the picture's own range and matrix. */
  readonly cb: Float32Array;
  readonly cr: Float32Array;
}

/** Reads 64×36 points of a frame, which stays the caller's. @throws VitascopeError `FRAME_CLOSED` */
export function sampleGrid(frame: VideoFrame, coding: ColorCoding = colorCoding(frame)): GridSample {
  const { lumaScale, lumaZero, chromaZero } = coding;
  const chromaUnit = 128 / chromaZero;
  return {
    luma: samplePlane(frame, 0, lumaZero, lumaScale),
    cb: samplePlane(frame, 1, chromaZero, chromaUnit),
    cr: samplePlane(frame, 2, chromaZero, chromaUnit),
  };
}
