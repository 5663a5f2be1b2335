import { GRID_COLUMNS, GRID_ROWS } from './sample-grid.js';

/** Points of the grid along each side of a cell. */
const CELL = 4;
const CELLS_ACROSS = GRID_COLUMNS / CELL;
export const CELL_COUNT = CELLS_ACROSS * (GRID_ROWS / CELL);

/**
 * Means over the 16×9 cells of the grid, which take grain and compression noise out. Points with `use` 0 are left out; a cell in
 * which less than a quarter is left is NaN.
 */
export function cellMeans(values: Float32Array, use?: Uint8Array): Float32Array {
  const sums = new Float32Array(CELL_COUNT);
  const counts = new Uint8Array(CELL_COUNT);
  for (let row = 0, at = 0; row < GRID_ROWS; row++) {
    const first = Math.floor(row / CELL) * CELLS_ACROSS;
    for (let column = 0; column < GRID_COLUMNS; column++, at++) {
      if (use !== undefined && use[at] === 0) continue;
      const cell = first + Math.floor(column / CELL);
      sums[cell] = (sums[cell] as number) + (values[at] as number);
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return sums.map((sum, cell) =>
    (counts[cell] as number) >= (CELL * CELL) / 4 ? sum / (counts[cell] as number) : NaN,
  );
}
