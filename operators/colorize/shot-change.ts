import { CELL_COUNT, cellMeans } from './grid-cells.js';
import type { GridSample } from './sample-grid.js';

/** Correlation of successive pictures below which they count as two shots. */
const LEAST_LIKENESS = 0.6;
/** Standard deviation of luma that contrast must exceed to be compared, 0–1. */
const LEAST_CONTRAST = 0.01;

/**
 * Finds hard cuts by how little the layout of light and dark of a frame resembles the one before, whatever their exposure. Made to be cheap,
 * for what must be known before any model runs; the model that carries colours along has a better measure of its own.
 */
export class ShotChange {
  #previous: Float32Array | undefined;

  /** True for the first frame, and for the first of another shot. */
  isFirst(sample: GridSample): boolean {
    const current = standardised(cellMeans(sample.luma));
    const previous = this.#previous;
    this.#previous = current;
    return previous === undefined || likeness(previous, current) < LEAST_LIKENESS;
  }
}

/** The same layout with mean 0 and standard deviation 1; flat pictures stay flat. */
function standardised(cells: Float32Array): Float32Array {
  const mean = cells.reduce((sum, value) => sum + value, 0) / CELL_COUNT;
  const variance = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / CELL_COUNT;
  const deviation = Math.max(Math.sqrt(variance), LEAST_CONTRAST);
  return cells.map((value) => (value - mean) / deviation);
}

/** Correlation; 1 where both are flat. */
function likeness(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squares = 0;
  for (let i = 0; i < CELL_COUNT; i++) {
    product += (a[i] as number) * (b[i] as number);
    squares += (a[i] as number) ** 2 + (b[i] as number) ** 2;
  }
  return squares < CELL_COUNT * 0.1 ? 1 : (2 * product) / squares;
}
