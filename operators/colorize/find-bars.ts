import type { PlaneData, VideoFrame } from '../../pipeline/index.js';
import { gridPosition } from '../shot-change/luma-grid.js';
import type { ColorCoding } from './color-coding.js';
import type { Span } from './picture-box.js';

/** Luma above black up to which a bar may be, 0–1: scans have bars of dark grey, and compression adds noise. */
const BAR_LUMA = 0.04;
/** Points read in every row and every column. */
const POINTS = 48;
/** Points of a row of a bar that may be brighter: scratches, dirt. */
const STRAY_POINTS = 1;
/** Bars are at most this share of a side each. */
const WIDEST = 0.4;
/** How much the bars of two opposite sides may differ, share of the side. */
const ASYMMETRY = 0.03;
/** Share of the first rows inside a bar that must be lit for it to count as an edge: night skies and titles have none. */
const LIT_EDGE = 0.4;
/** Rows next to a bar that belong to neither: resampling and compression smear the edge. */
const SOFT_EDGE = 1;
/** Share of lit points in both bars, or in one, that shows them to be part of the picture. Subtitles stay below. */
const FILLED_BOTH = 0.05;
const FILLED_ONE = 0.4;
/** Places across a bar at which {@link BarFinder.filled} looks. */
const PROBES = [0.2, 0.5, 0.8];

export type Axis = 'vertical' | 'horizontal';

/** Looks for letter-box and pillar-box bars in one frame, which it borrows, by reading some points of its luma. */
export class BarFinder {
  readonly #plane: PlaneData;
  readonly #width: number;
  readonly #height: number;
  readonly #threshold: number;

  constructor(frame: VideoFrame, { lumaZero, lumaScale }: ColorCoding) {
    this.#plane = frame.plane(0);
    this.#width = frame.width;
    this.#height = frame.height;
    this.#threshold = lumaZero + BAR_LUMA / lumaScale;
  }

  /**
   * The picture between two bars: black, at opposite sides, about equally wide, at most 40 % of the side each, with a lit picture right
   * beside them.
   *
   * @returns the whole side where there are no bars, nothing where that cannot be told.
   */
  find(axis: Axis): Span | undefined {
    const length = this.#length(axis);
    const before = this.#firstLit(axis, (i) => i);
    const after = this.#firstLit(axis, (i) => length - 1 - i);
    if (before === undefined || after === undefined) return undefined;
    if (before === 0 || after === 0 || Math.abs(before - after) > Math.max(2, length * ASYMMETRY)) {
      return { start: 0, end: length };
    }
    const start = before + SOFT_EDGE;
    const end = length - after - SOFT_EDGE;
    const sharp = Math.min(this.#lit(axis, start + 1), this.#lit(axis, end - 2)) >= LIT_EDGE;
    return sharp ? { start, end } : undefined;
  }

  /** True when something is to be seen where bars were: on both sides, or all over one. */
  filled(axis: Axis, { start, end }: Span): boolean {
    const length = this.#length(axis);
    const before = this.#litIn(axis, 0, start);
    const after = this.#litIn(axis, end, length);
    return Math.min(before, after) > FILLED_BOTH || Math.max(before, after) > FILLED_ONE;
  }

  /** Distance of the first row that is no bar from its side; nothing when it is too far. */
  #firstLit(axis: Axis, indexAt: (distance: number) => number): number | undefined {
    const most = Math.floor(this.#length(axis) * WIDEST);
    for (let i = 0; i <= most; i++) if (this.#lit(axis, indexAt(i)) * POINTS > STRAY_POINTS) return i;
    return undefined;
  }

  #litIn(axis: Axis, start: number, end: number): number {
    if (end <= start) return 0;
    const shares = PROBES.map((at) => this.#lit(axis, Math.floor(start + (end - start) * at)));
    return shares.reduce((sum, share) => sum + share, 0) / PROBES.length;
  }

  /** Share of the points of a row (`vertical`) or a column (`horizontal`) that are brighter than a bar. */
  #lit(axis: Axis, index: number): number {
    const rows = axis === 'vertical';
    const start = rows ? index * this.#width : index;
    const stride = rows ? 1 : this.#width;
    const length = rows ? this.#width : this.#height;
    let count = 0;
    for (let i = 0; i < POINTS; i++) {
      const at = start + gridPosition(i, POINTS, length) * stride;
      if ((this.#plane[at] as number) > this.#threshold) count++;
    }
    return count / POINTS;
  }

  #length(axis: Axis): number {
    return axis === 'vertical' ? this.#height : this.#width;
  }
}
