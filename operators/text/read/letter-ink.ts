import type { LumaPatch } from './luma-patch.js';

/** Rows of a patch: from, until. */
export type Rows = readonly [from: number, until: number];

/** Columns of the patch at each side that mostly show the ground. */
export const EDGE = 0.08;
/** Of the strongest ink (95th percentile), what counts as ink. */
const INK = 0.4;
/** Of that, what may be the edge of a letter. */
const UNCLEAR = 0.75;
/** Rows after which the ground is looked at again. */
const GROUND_STEP = 8;

/** Where there are letters: 1, 0 where there is ground, between both for what is not clear. */
export function inkOf(patch: LumaPatch, column: Rows): Float32Array {
  const { columns, rows, values } = patch;
  const ink = new Float32Array(values.length);
  let ground = 0;
  for (let row = 0; row < rows; row++) {
    if (row % GROUND_STEP === 0) ground = groundAround(patch, row, column);
    for (let at = row * columns; at < (row + 1) * columns; at++) ink[at] = Math.abs((values[at] as number) - ground);
  }
  const sorted = ink.slice(column[0] * columns, column[1] * columns).sort();
  const strongest = sorted[Math.floor(0.95 * sorted.length)] ?? 0;
  const least = Math.max(1, INK * strongest);
  return ink.map((value) => (value >= least ? 1 : value > UNCLEAR * least ? 0.5 : 0));
}

/** The value that the edges of the column have around a row; beyond the column, what they have at its end. */
function groundAround({ columns, values }: LumaPatch, row: number, [from, until]: Rows): number {
  const edge = Math.max(1, Math.round(EDGE * columns));
  const seen: number[] = [];
  const near = Math.min(until - 1, Math.max(from, row));
  for (let other = Math.max(from, near - columns); other < Math.min(until, near + columns); other += 2) {
    const end = (other + 1) * columns;
    seen.push(...values.subarray(end - columns, end - columns + edge), ...values.subarray(end - edge, end));
  }
  return Float32Array.from(seen).sort()[seen.length >> 1] ?? 0;
}

export function rowMeans(ink: Float32Array, { columns, rows }: LumaPatch): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let x = 0; x < columns; x++) sum += ink[row * columns + x] as number;
    return sum / columns;
  });
}

/** First and last place with more than so much. */
export function extentOf(profile: Float32Array, least: number): Rows {
  const from = profile.findIndex((value) => value > least);
  const until = profile.findLastIndex((value) => value > least) + 1;
  return from < 0 ? [0, 0] : [from, until];
}
