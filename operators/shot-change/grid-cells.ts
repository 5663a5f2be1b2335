import { GRID_COLUMNS, GRID_ROWS } from './luma-grid.js';

/** Points of the grid along each side of a cell. */
const CELL = 4;
const CELLS_ACROSS = GRID_COLUMNS / CELL;
export const CELL_COUNT = CELLS_ACROSS * (GRID_ROWS / CELL);

export interface CellMoments {
  /** Points that were used. */
  readonly count: number;
  readonly mean: number;
  /** Unbiased; 0 for a single point. */
  readonly variance: number;
}

/** Means over the 16×9 cells of the grid, which take grain and compression noise out. */
export function cellMeans(values: Float32Array): Float32Array {
  const means = new Float32Array(CELL_COUNT);
  for (const [cell, { mean }] of cellMoments(values).entries()) means[cell] = mean;
  return means;
}

/** Mean and variance within each of the 16×9 cells, of the points with `use` other than 0. */
export function cellMoments(values: Float32Array, use?: Uint8Array): readonly CellMoments[] {
  const moments: CellMoments[] = [];
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    const first = Math.floor(cell / CELLS_ACROSS) * CELL * GRID_COLUMNS + (cell % CELLS_ACROSS) * CELL;
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let row = first; row < first + CELL * GRID_COLUMNS; row += GRID_COLUMNS) {
      for (let at = row; at < row + CELL; at++) {
        if (use !== undefined && use[at] === 0) continue;
        const value = values[at] as number;
        count++;
        sum += value;
        squares += value * value;
      }
    }
    const mean = count === 0 ? 0 : sum / count;
    moments.push({ count, mean, variance: count < 2 ? 0 : Math.max(0, squares - count * mean * mean) / (count - 1) });
  }
  return moments;
}
