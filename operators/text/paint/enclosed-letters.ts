import { BEYOND, nestedLevels } from './nested-levels.js';

/** Strokes of enclosed letters, and of the line around them, are at most so wide, heights of the line; holes in letters are wider. */
const WIDEST_STROKE = 0.2;
/** Share of the columns with lines that must be close to enclosed letters: holes are in few letters of a text, and strokes in all. */
const ENCLOSED = 0.85;
/** How close, of the height of the line. */
const CLOSE = 0.06;

/** Letters that a line encloses. */
export interface EnclosedLetters {
  /** 1 where letters are, and 1 where letters or the line around them are. */
  readonly letters: Float32Array;
  readonly both: Float32Array;
  /** Width of the line, samples. */
  readonly steps: number;
}

/**
 * Looks for letters as what lines go round, which go round their holes as well.
 *
 * @param lines 1 where a line may be.
 * @param lineHeight Of the line of text, samples.
 */
export function enclosedLetters(
  lines: Uint8Array,
  width: number,
  height: number,
  lineHeight: number,
): EnclosedLetters | undefined {
  const levels = nestedLevels(lines, width, height);
  const letters = new Float32Array(levels.length);
  const both = new Float32Array(levels.length);
  let [covered, holes] = [0, 0];
  for (let at = 0; at < levels.length; at++) {
    const level = levels[at] as number;
    if (level >= 1 && level <= 3) both[at] = 1;
    if (level === 2) {
      letters[at] = 1;
      covered++;
    } else if (level > 3 && level < BEYOND) {
      holes++;
    }
  }
  // Holes of letters are smaller than letters; what two frames enclose is not.
  if (covered === 0 || holes > covered) return undefined;
  const strokes = strokeWidths(letters, width);
  const thick = strokeWidths(
    both.map((value, at) => value - (letters[at] as number)),
    width,
  );
  const [stroke = Number.POSITIVE_INFINITY, steps = 0] = [strokes[strokes.length >> 1], thick[thick.length >> 2]];
  if (Math.max(stroke, thick[thick.length >> 1] ?? 0) > WIDEST_STROKE * lineHeight) return undefined;
  if (shareNear(both, letters, width, Math.ceil(CLOSE * lineHeight)) < ENCLOSED) return undefined;
  return { letters, both, steps };
}

/** The width of strokes at each sample of a mask, ascending: how far it goes on across or down, whichever is less. */
function strokeWidths(mask: Float32Array, width: number): Float32Array {
  const runs = (step: number, line: number): Float32Array => {
    const lengths = new Float32Array(mask.length);
    const count = mask.length / line;
    for (let i = 0; i < count; i++) {
      const start = step === 1 ? i * line : i;
      for (let j = 0, from = 0; j <= line; j++) {
        if (j < line && (mask[start + j * step] as number) > 0) continue;
        for (let k = from; k < j; k++) lengths[start + k * step] = j - from;
        from = j + 1;
      }
    }
    return lengths;
  };
  const [across, down] = [runs(1, width), runs(width, mask.length / width)];
  return across
    .map((length, at) => Math.min(length, down[at] as number))
    .filter((_, at) => (mask[at] as number) > 0)
    .sort();
}

/** Share of a mask's columns that have something of another mask within `reach`. */
function shareNear(mask: Float32Array, other: Float32Array, width: number, reach: number): number {
  const has = (which: Float32Array): boolean[] => {
    const columns = new Array<boolean>(width).fill(false);
    for (let at = 0; at < which.length; at++) if ((which[at] as number) > 0) columns[at % width] = true;
    return columns;
  };
  const [all, near] = [has(mask), has(other)];
  let [count, found] = [0, 0];
  for (let x = 0; x < width; x++) {
    if (!all[x]) continue;
    count++;
    if (near.slice(Math.max(0, x - reach), x + reach + 1).includes(true)) found++;
  }
  return count === 0 ? 0 : found / count;
}
