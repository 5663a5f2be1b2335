import type { PatchGrid, PatchPlane } from './line-patch.js';

/** Distance of the samples whose difference says what detail there is: beyond softness and below the size of things. */
const STEP = 4;
/** Half the width of what is judged together, heights of the line. */
const REACH = 0.75;
/** Explained share of the detail from which a remembered picture begins to count, and from which it counts fully. */
const EXPLAINED = [0.2, 0.6] as const;
/** Difference of luma as a whole, codes, from which it begins to count less, and from which it does not count. */
const OTHER_LUMA = [25, 50] as const;
/** Detail, codes, that does not matter. */
const NO_DETAIL = 2;
/** Grain may excuse no more of what is not explained than this, of the detail. */
const MOST_EXCUSED = 0.25;
/** Pairs of samples that say something. */
const FEWEST = 24;

/** How alike two pictures of the surroundings of a line are where neither the line nor another one lies: column by column, by their detail. */
export class RingFit {
  readonly #width: number;
  readonly #reach: number;
  /** First samples of pairs across, and down. */
  readonly #across: Int32Array;
  readonly #down: Int32Array;
  /** For each column and the sum of those before: pairs, detail of either, what is not explained, difference. */
  readonly #sums: readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

  /** @param unknown Of each luma sample, more than 0 where nothing can be compared. */
  constructor({ columns, rows, lineHeight, density }: PatchGrid, unknown: Float32Array) {
    this.#width = columns;
    this.#reach = Math.max(STEP, Math.round(REACH * lineHeight * density[0]));
    const pairs = (step: number, lastColumn: number, lastRow: number): Int32Array => {
      const found: number[] = [];
      for (let y = 0; y < lastRow; y++) {
        // Every other sample is enough.
        for (let x = y & 1; x < lastColumn; x += 2) {
          const at = y * columns + x;
          if ((unknown[at] as number) === 0 && (unknown[at + step] as number) === 0) found.push(at);
        }
      }
      return Int32Array.from(found);
    };
    this.#across = pairs(STEP, columns - STEP, rows);
    this.#down = pairs(STEP * columns, columns, rows - STEP);
    const sums = (): Float64Array => new Float64Array(columns + 1);
    this.#sums = [sums(), sums(), sums(), sums(), sums()];
  }

  /**
   * @param now Luma as it is.
   * @param then Luma as it was.
   * @param noise Standard deviation of the grain of either, codes.
   * @returns For each column 0–1: how much of what was there may be taken for what is there.
   */
  measure(now: PatchPlane, then: PatchPlane, noise: number): Float32Array {
    for (const sum of this.#sums) sum.fill(0);
    this.#add(now.values, then.values, this.#across, STEP);
    this.#add(now.values, then.values, this.#down, STEP * this.#width);
    for (const sum of this.#sums)
      for (let x = 1; x < sum.length; x++) sum[x] = (sum[x] as number) + (sum[x - 1] as number);
    return new Float32Array(this.#width).map((_, x) => this.#shareAt(x, noise));
  }

  #add(now: Float32Array, then: Float32Array, pairs: Int32Array, step: number): void {
    const [counts, details, otherDetails, misfits, differences] = this.#sums;
    for (let i = 0; i < pairs.length; i++) {
      const at = pairs[i] as number;
      const [a, b] = [now[at] as number, then[at] as number];
      const [detail, other] = [(now[at + step] as number) - a, (then[at + step] as number) - b];
      const column = (at % this.#width) + 1;
      counts[column] = (counts[column] as number) + 1;
      details[column] = (details[column] as number) + detail * detail;
      otherDetails[column] = (otherDetails[column] as number) + other * other;
      misfits[column] = (misfits[column] as number) + (detail - other) * (detail - other);
      differences[column] = (differences[column] as number) + a - b;
    }
  }

  #shareAt(x: number, noise: number): number {
    const [from, to] = [Math.max(0, x - this.#reach), Math.min(this.#width, x + this.#reach + 1)];
    const [count, detail, other, misfit, difference] = this.#sums.map(
      (sum) => (sum[to] as number) - (sum[from] as number),
    ) as [number, number, number, number, number];
    if (count < FEWEST) return 0;
    const most = Math.max(detail, other);
    const excused = Math.min(4 * count * noise * noise, MOST_EXCUSED * most);
    const explained = 1 - Math.max(0, misfit - excused) / (most + count * NO_DETAIL ** 2);
    return rising(explained, EXPLAINED) * (1 - rising(Math.abs(difference) / count, OTHER_LUMA));
  }
}

/** 0 up to the first limit, 1 from the second on. */
function rising(value: number, [from, to]: readonly [number, number]): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
