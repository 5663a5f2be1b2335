import { GRID_POINTS, type LumaGrid } from './luma-grid.js';
import { ShotChange } from './shot-change.js';

/** Shades of grey that the histogram tells apart. */
const SHADES = 16;
/** Share of the points that must have taken another shade. Across cuts between shots of one street it was 0.17 and more. */
const LEAST_REPAINTED = 0.12;

/**
 * Finds hard cuts for what loses by a cut too many: identities of people, for instance. Somebody who crosses a plain picture changes its layout as
 * a cut does (see {@link ShotChange}), but hardly how much of it is bright and dark; here both must change.
 */
export class HardCut {
  readonly #shots = new ShotChange();
  #previous: Float32Array | undefined;

  /** True for the first frame, and for the first of another shot. Frames must come in order. */
  isFirst(sample: LumaGrid): boolean {
    const previous = this.#previous;
    const current = histogramOf(sample);
    this.#previous = current;
    const otherLayout = this.#shots.isFirst(sample);
    return previous === undefined || (otherLayout && repainted(previous, current) > LEAST_REPAINTED);
  }
}

/** Share of the points by shade. */
function histogramOf({ luma }: LumaGrid): Float32Array {
  const histogram = new Float32Array(SHADES);
  for (const value of luma) {
    const shade = Math.min(SHADES - 1, Math.max(0, Math.floor(value * SHADES)));
    histogram[shade] = (histogram[shade] as number) + 1 / GRID_POINTS;
  }
  return histogram;
}

function repainted(before: Float32Array, after: Float32Array): number {
  return after.reduce((sum, share, shade) => sum + Math.max(0, share - (before[shade] as number)), 0);
}
