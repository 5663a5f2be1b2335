import type { VideoFrame } from '../../pipeline/index.js';
import { type ColorCoding, colorCoding } from './color-coding.js';

export const GRID_COLUMNS = 64;
export const GRID_ROWS = 36;
const POINTS = GRID_COLUMNS * GRID_ROWS;

/** A picture at the points of a coarse grid, row by row: enough to know shots and tints by, for microseconds a frame. */
export interface GridSample {
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

function samplePlane(frame: VideoFrame, index: 0 | 1 | 2, zero: number, scale: number): Float32Array {
  const { width, height } = frame.planes[index];
  const plane = frame.plane(index);
  const values = new Float32Array(POINTS);
  for (let row = 0, at = 0; row < GRID_ROWS; row++) {
    const start = gridPosition(row, GRID_ROWS, height) * width;
    for (let column = 0; column < GRID_COLUMNS; column++, at++) {
      const code = plane[start + gridPosition(column, GRID_COLUMNS, width)] as number;
      values[at] = (code - zero) * scale;
    }
  }
  return values;
}

/** Where the `index`-th of `count` evenly spread points lies on an axis of `length` pixels. */
export function gridPosition(index: number, count: number, length: number): number {
  return Math.floor(((index + 0.5) * length) / count);
}
