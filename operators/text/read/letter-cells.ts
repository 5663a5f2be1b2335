import type { LumaPatch } from './luma-patch.js';

/** A letter in a column: what it covers of the patch. */
export interface LetterCell {
  readonly left: number;
  readonly right: number;
}

/** Rows of a patch: from, until. */
export type Rows = readonly [from: number, until: number];

/** A way to cut a column into letters that stand one below the other at even distances. */
export interface LetterCut {
  /** Row at which the first cell begins, and rows from one to the next; both with fractions. */
  readonly top: number;
  readonly pitch: number;
  /** Rows of a cell that hold ink of any letter. */
  readonly ink: Rows;
  /** From the upper one. Nothing for a cell without ink: a space. */
  readonly cells: readonly (LetterCell | undefined)[];
  /** How many of them lie above and below the column itself. */
  readonly beyond: number;
}

/** Least and most letters of a column. */
const [FEWEST, MOST] = [3, 24];
/** From one letter to the next, widths of the column. */
const [LEAST_PITCH, MOST_PITCH] = [0.75, 2.4];
/** Ways that are tried; with letters beyond the column each is one more. */
const MOST_CUTS = 2;
/** Columns of the patch at each side that mostly show the ground. */
const EDGE = 0.08;
/** Of the strongest ink (95th percentile), what counts as ink. */
const INK = 0.4;
/** Of that, what may be the edge of a letter. */
const UNCLEAR = 0.75;
/** Rows after which the ground is looked at again. */
const GROUND_STEP = 8;
/** Ink where letters are parted, of the mean, above which it cuts through letters. */
const THROUGH = 0.55;
/** Steps in which the beginning and the distance of letters are tried, of a distance. */
const STEP = 0.04;
/** Between the last ink of a letter and the first of the next, of their distance. */
const [LEAST_GAP, MOST_GAP] = [0.04, 0.5];
/** Half of the rows that count as between letters, of a distance; and how much it is worth, of ink, that letters stand on one line when they are beside each other. */
const VALLEY = 0.06;
const SHARP = 1;
/** Of a row or column of a cell, from which it is of the letter. */
const LEAST_INK = 0.06;
/** Ink of a letter above or below a column, of the mean of its letters; and the most that may be around it. */
const LETTER = [0.3, 2] as const;
/** Such letters on each side, at most. */
const MOST_BEYOND = 2;
const ALONE = 0.12;
/** A cell with less ink than this share of the mean is a space. */
const SPACE = 0.15;

/**
 * Ways in which a column may be made of letters, the finest of those that part it where it has least ink first. None where nothing looks like it. Letters that stand
 * alone above and below the column in the same distance are of it too: detectors miss some.
 *
 * @param patch Of the column, upright, and of what is above and below it.
 * @param column Rows of the column.
 */
export function letterCuts(patch: LumaPatch, column: Rows = [0, patch.rows]): readonly LetterCut[] {
  const ink = inkOf(patch, column);
  const profile = rowMeans(ink, patch);
  const inColumn = profile.slice(...column);
  const mean = inColumn.reduce((sum, value) => sum + value, 0) / inColumn.length;
  const [top, bottom] = extentOf(inColumn, SPACE * mean).map((row) => row + column[0]) as [number, number];
  if (bottom - top < FEWEST * LEAST_PITCH * patch.columns) return [];
  const found: { readonly count: number; readonly cost: number; readonly top: number; readonly pitch: number }[] = [];
  for (let count = FEWEST; count <= MOST; count++) {
    const best = bestRaster(profile, top, bottom, count);
    const pitch = best.pitch / patch.columns;
    if (pitch < LEAST_PITCH || pitch > MOST_PITCH) continue;
    found.push({ ...best, count, cost: best.cost / mean });
  }
  return found
    .filter(({ cost }) => cost < THROUGH)
    .sort((a, b) => a.cost - 0.02 * a.count - (b.cost - 0.02 * b.count))
    .slice(0, MOST_CUTS)
    .flatMap(({ count, top, pitch }) => {
      const inside = meanInk(profile, top, pitch * count);
      const isLetter = (cell: number): boolean => standsAlone(ink, patch, top + cell * pitch, pitch, inside);
      const above = [-1, -2].findIndex((cell) => !isLetter(cell));
      const below = [count, count + 1].findIndex((cell) => !isLetter(cell));
      const [before, after] = [above, below].map((beyond) => (beyond < 0 ? MOST_BEYOND : beyond)) as [number, number];
      const plain = { ...cutOf(ink, patch, count, top, pitch), beyond: 0 };
      if (before + after === 0) return [plain];
      const longer = cutOf(ink, patch, count + before + after, top - before * pitch, pitch);
      return [{ ...longer, beyond: before + after }, plain];
    });
}

/** Whether there is about as much ink in a cell as in others, and ground on all sides of it. @param inside Mean of letters. */
function standsAlone(ink: Float32Array, { columns, rows }: LumaPatch, top: number, pitch: number, inside: number) {
  const [from, until] = [Math.round(top), Math.round(top + pitch)];
  if (from < 0 || until > rows) return false;
  const share = (rowFrom: number, rowUntil: number, left: number, right: number): number => {
    let sum = 0;
    for (let row = rowFrom; row < rowUntil; row++) {
      for (let x = left; x < right; x++) sum += ink[row * columns + x] as number;
    }
    return sum / ((rowUntil - rowFrom) * (right - left));
  };
  const [side, end] = [Math.max(1, Math.round(EDGE * columns)), Math.max(1, Math.round(VALLEY * pitch))];
  const around = [
    share(from, from + end, 0, columns),
    share(until - end, until, 0, columns),
    share(from, until, 0, side),
    share(from, until, columns - side, columns),
  ];
  const own = share(from, until, 0, columns);
  return own >= LETTER[0] * inside && own <= LETTER[1] * inside && Math.max(...around) <= ALONE;
}

function meanInk(profile: Float32Array, top: number, length: number): number {
  const part = profile.slice(Math.max(0, Math.round(top)), Math.round(top + length));
  return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
}

/** Where there are letters: 1, 0 where there is ground, between both for what is not clear. */
function inkOf(patch: LumaPatch, column: Rows): Float32Array {
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

function rowMeans(ink: Float32Array, { columns, rows }: LumaPatch): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let x = 0; x < columns; x++) sum += ink[row * columns + x] as number;
    return sum / columns;
  });
}

/** First and last place with more than so much. */
function extentOf(profile: Float32Array, least: number): Rows {
  const from = profile.findIndex((value) => value > least);
  const until = profile.findLastIndex((value) => value > least) + 1;
  return from < 0 ? [0, 0] : [from, until];
}

/** Where `count` letters lie such that least ink is between them. */
function bestRaster(profile: Float32Array, from: number, until: number, count: number) {
  let best = { cost: Infinity, top: from, pitch: (until - from) / count, sharpness: 0 };
  for (let gap = LEAST_GAP; gap <= MOST_GAP; gap += STEP) {
    const pitch = (until - from) / (count - gap);
    const top = from - (gap * pitch) / 2;
    const fold = folded(profile, top, pitch, count);
    const phase = valleyOf(fold);
    const raster = { top: top + (phase > fold.length / 2 ? phase - fold.length : phase), pitch };
    let cost = 0;
    for (let i = 1; i < count; i++) cost += least(profile, raster.top + i * pitch, STEP * pitch);
    cost /= count - 1;
    const sharpness = fold.reduce((sum, value) => sum + value * value, 0) / fold.length;
    if (cost - SHARP * sharpness < best.cost - SHARP * best.sharpness) best = { cost, ...raster, sharpness };
  }
  return best;
}

/** What all cells have in common: means over them, row by row. */
function folded(profile: Float32Array, top: number, pitch: number, count: number): Float32Array {
  return Float32Array.from({ length: Math.round(pitch) }, (_, i) => {
    let sum = 0;
    for (let cell = 0; cell < count; cell++) sum += profile[Math.round(top + cell * pitch + i)] ?? 0;
    return sum / count;
  });
}

/** Middle of the place with least, in what goes round. */
function valleyOf(fold: Float32Array): number {
  const reach = Math.max(1, Math.round(VALLEY * fold.length));
  const around = fold.map((_, i) => {
    let sum = 0;
    for (let by = -reach; by <= reach; by++) sum += fold[(i + by + fold.length) % fold.length] as number;
    return sum;
  });
  const lowest = Math.min(...around);
  return around.indexOf(lowest);
}

/** The least around a place. */
function least(profile: Float32Array, at: number, within: number): number {
  let value = profile[Math.round(at - 0.5)] ?? 0;
  for (let row = Math.ceil(at - within - 0.5); row <= at + within - 0.5; row++) {
    value = Math.min(value, profile[row] ?? 0);
  }
  return value;
}

function cutOf(ink: Float32Array, { columns, rows }: LumaPatch, count: number, top: number, pitch: number) {
  const height = Math.ceil(pitch);
  /** Most ink that any cell has in a row: accents stand over few letters. */
  const highest = new Float32Array(height);
  const widths = new Float32Array(columns);
  const cells = Array.from({ length: count }, (_, cell) => {
    widths.fill(0);
    let sum = 0;
    for (let i = 0; i < height; i++) {
      const row = Math.round(top + cell * pitch) + i;
      if (row < 0 || row >= rows) continue;
      let inRow = 0;
      for (let x = 0; x < columns; x++) {
        const value = ink[row * columns + x] as number;
        widths[x] = (widths[x] as number) + value;
        inRow += value;
      }
      highest[i] = Math.max(highest[i] as number, inRow);
      sum += inRow;
    }
    const [left, right] = extentOf(widths, LEAST_INK * pitch);
    return { left, right, sum };
  });
  const mean = cells.reduce((sum, cell) => sum + cell.sum, 0) / count;
  return {
    top,
    pitch,
    ink: extentOf(highest, LEAST_INK * columns),
    cells: cells.map(({ left, right, sum }) => (sum < SPACE * mean || right <= left ? undefined : { left, right })),
  };
}
