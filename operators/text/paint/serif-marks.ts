import { type Covered, stemEnds } from './letter-stems.js';

/** Coverage from which a sample belongs to a stroke. */
const STROKE = 0.15;
/** Added to widths, samples: those of hair lines are not known well. */
const UNSURE = 0.3;
/** Stems that say something. */
const FEWEST_STEMS = 2;

/** By how much letters are like those with serifs, in what tells both apart. */
export interface SerifMarks {
  /** How far stems reach over their sides at their feet: the usual, and the mean; heights of the ink. */
  readonly usualFoot: number;
  readonly meanFoot: number;
  /** The same at their heads: to both sides, and to the left, where small letters have one. */
  readonly meanHead: number;
  readonly meanHeadLeft: number;
  /** Logarithm of how thick level strokes are, of what upright ones are wide. */
  readonly contrast: number;
  /** Logarithm of how wide narrow strokes are, of the usual ones. */
  readonly spread: number;
}

/**
 * What marks say, by logistic regression on 1,184 words in the faces of 74 families: `npm run weights:serif`. 0.3 of the bias is there so that sans, the usual face of signs, is rather kept.
 */
const weights: SerifMarks = {
  ...{ usualFoot: 6.6, meanFoot: 70.2, meanHead: 14.3, meanHeadLeft: -3.4 },
  ...{ contrast: -11.3, spread: 0.4 },
};
const BIAS = -6.2;

/**
 * Tells letters with serifs from those without, by their ink alone; nothing where it cannot be told. In lines of 20 px and more, weights that were found so
 * are right about 92–93 % of words with serifs and 95–97 % of those without on fonts that had no part in finding them: `npm run weights:serif`.
 */
export function haveSerifs(covered: Covered): boolean | undefined {
  const marks = serifMarks(covered);
  if (marks === undefined) return undefined;
  const names = Object.keys(weights) as (keyof SerifMarks)[];
  return names.reduce((sum, name) => sum + weights[name] * marks[name], BIAS) > 0;
}

/** Looks at upright strokes and their ends, and at how strokes differ in width; nothing where there are too few to tell. */
export function serifMarks(covered: Covered): SerifMarks | undefined {
  const ends = stemEnds(covered);
  const { values, columns, rows } = covered;
  const across = widths(values, rows, columns, columns, 1);
  const down = widths(values, columns, rows, 1, columns);
  if (ends.length < FEWEST_STEMS || across.length === 0 || down.length === 0) return undefined;
  const feet = ends.map(({ foot }) => foot).sort((a, b) => a - b);
  const usual = at(across, 0.5) + UNSURE;
  return {
    usualFoot: feet[feet.length >> 1] as number,
    meanFoot: mean(feet),
    meanHead: mean(ends.map(({ head }) => head)),
    meanHeadLeft: mean(ends.map(({ headLeft }) => headLeft)),
    contrast: Math.log((at(down, 0.25) + UNSURE) / usual),
    spread: Math.log((at(across, 0.15) + UNSURE) / usual),
  };
}

/** Widths of strokes along rows or columns, smallest first. */
function widths(values: Float32Array, lines: number, length: number, toLine: number, toNext: number): Float32Array {
  const found: number[] = [];
  for (let line = 0; line < lines; line++) {
    let width = 0;
    for (let i = 0; i <= length; i++) {
      const value = i < length ? (values[line * toLine + i * toNext] as number) : 0;
      if (value > STROKE) width += value;
      else if (width > 0) {
        found.push(width);
        width = 0;
      }
    }
  }
  return Float32Array.from(found).sort();
}

function at(sorted: Float32Array, share: number): number {
  return sorted[Math.floor(share * sorted.length)] as number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
