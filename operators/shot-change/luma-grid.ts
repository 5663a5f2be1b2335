import type { VideoFrame } from '../../pipeline/index.js';

export const GRID_COLUMNS = 64;
export const GRID_ROWS = 36;
export const GRID_POINTS = GRID_COLUMNS * GRID_ROWS;

/** Luma of a picture at the points of a coarse grid, row by row: enough to know shots by, for microseconds a frame. */
export interface LumaGrid {
  readonly luma: Float32Array;
}

/** Reads luma at 64×36 points of a frame, which stays the caller's: 0–1 over all codes. @throws VitascopeError `FRAME_CLOSED` */
export function lumaGrid(frame: VideoFrame): LumaGrid {
  return { luma: samplePlane(frame, 0, 0, 1 / (2 ** frame.bitDepth - 1)) };
}

/** A plane at the points of the grid: `(code − zero) × scale`. */
export function samplePlane(frame: VideoFrame, index: 0 | 1 | 2, zero: number, scale: number): Float32Array {
  const { width, height } = frame.planes[index];
  const plane = frame.plane(index);
  const values = new Float32Array(GRID_POINTS);
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
