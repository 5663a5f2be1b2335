import { EDGE, extentOf, inkOf, type Rows, rowMeans } from './letter-ink.js';
import { bestRaster, VALLEY } from './letter-raster.js';
import type { LumaPatch } from './luma-patch.js';

/** A letter in a column: what it covers of the patch. */
export interface LetterCell {
  readonly left: number;
  readonly right: number;
}

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
/** Ink where letters are parted, of the mean, above which it cuts through letters. */
const THROUGH = 0.55;
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
