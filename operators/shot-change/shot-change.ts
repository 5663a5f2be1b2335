import { CELL_COUNT, cellMeans } from './grid-cells.js';
import type { LumaGrid } from './luma-grid.js';

/** Correlation of successive pictures below which they count as two shots: within a shot it is 0.75 and more, at most cuts below 0.5. */
const LEAST_LIKENESS = 0.7;
/** Ratio of the contrasts of successive pictures above which they count as two shots. */
const MOST_CONTRAST_CHANGE = 2.5;
/** Standard deviation of luma below which a picture counts as flat, 0–1. */
const LEAST_CONTRAST = 0.01;

/** The layout of a picture's light and dark, whatever its exposure: mean 0, standard deviation 1 (0 where it is flat). */
interface Layout {
  readonly cells: Float32Array;
  readonly contrast: number;
}

/**
 * Finds hard cuts by how little the layout of light and dark of a frame resembles the one before. Made to be cheap, for what must be known before
 * any model runs; the model that carries colours along has a better measure of its own. What depends on it is only looked at anew, so
 * that a cut too many does no harm.
 */
export class ShotChange {
  #previous: Layout | undefined;

  /** True for the first frame, and for the first of another shot. */
  isFirst(sample: LumaGrid): boolean {
    const current = layoutOf(cellMeans(sample.luma));
    const previous = this.#previous;
    this.#previous = current;
    if (previous === undefined) return true;
    const [less, more] = [previous.contrast, current.contrast].sort((a, b) => a - b) as [number, number];
    if (more === LEAST_CONTRAST) return false;
    return more > less * MOST_CONTRAST_CHANGE || correlation(previous.cells, current.cells) < LEAST_LIKENESS;
  }
}

function layoutOf(cells: Float32Array): Layout {
  const mean = cells.reduce((sum, value) => sum + value, 0) / CELL_COUNT;
  const variance = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / CELL_COUNT;
  const contrast = Math.max(Math.sqrt(variance), LEAST_CONTRAST);
  return { cells: cells.map((value) => (value - mean) / contrast), contrast };
}

function correlation(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / CELL_COUNT;
}
