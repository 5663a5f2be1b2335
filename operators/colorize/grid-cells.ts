import { GRID_COLUMNS, GRID_ROWS } from './sample-grid.js';

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
  return Float32Array.from(cellMoments(values), ({ mean }) => mean);
}

/** Mean and variance within each of the 16×9 cells, of the points with `use` other than 0. */
export function cellMoments(values: Float32Array, use?: Uint8Array): readonly CellMoments[] {
  const counts = new Float64Array(CELL_COUNT);
  const sums = new Float64Array(CELL_COUNT);
  const squares = new Float64Array(CELL_COUNT);
  for (let row = 0, at = 0; row < GRID_ROWS; row++) {
    const first = Math.floor(row / CELL) * CELLS_ACROSS;
    for (let column = 0; column < GRID_COLUMNS; column++, at++) {
      if (use !== undefined && use[at] === 0) continue;
      const cell = first + Math.floor(column / CELL);
      const value = values[at] as number;
      counts[cell] = (counts[cell] as number) + 1;
      sums[cell] = (sums[cell] as number) + value;
      squares[cell] = (squares[cell] as number) + value * value;
    }
  }
  return Array.from(counts, (count, cell) => {
    const mean = count === 0 ? 0 : (sums[cell] as number) / count;
    const variance = count < 2 ? 0 : Math.max(0, (squares[cell] as number) - count * mean * mean) / (count - 1);
    return { count, mean, variance };
  });
}
