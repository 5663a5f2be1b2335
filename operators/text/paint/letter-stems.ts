/** Of a stem, in heights of the ink: how long it is at least, how wide at most, and how much more its sides may vary. */
const LEAST_LENGTH = 0.42;
const MOST_WIDTH = 0.35;
const MOST_VARIATION = 0.05;
/** Part of the ink, from above and from below, in which no stem is looked for. */
const ABOVE = 0.25;
const BELOW = 0.2;
/** Places along a stem at which it is measured. */
const ALONG = [0.3, 0.4, 0.5, 0.6, 0.7] as const;
/** Reach of an end, heights of the ink. */
const END = 0.1;
/** Limits of what counts of an end, heights of the ink: a foot that joins the next is no larger for it. */
const ENDS = [-0.05, 0.25] as const;
const FARTHEST = 0.6;
/** Coverage that is ink, and below which ink ends. */
const INK = 0.5;
const NO_INK = 0.25;

/** How far a stem's ends reach over its sides, heights of the ink. */
export interface StemEnds {
  /** Below: on the side where it is less. Serifs of stems reach over both. */
  readonly foot: number;
  /** Above: the same, and to the left. */
  readonly head: number;
  readonly headLeft: number;
}

/** What is covered of a picture, `columns × rows`, 0–1. */
export interface Covered {
  readonly values: Float32Array;
  readonly columns: number;
  readonly rows: number;
  /** First row with ink, and row after the last. */
  readonly top: number;
  readonly bottom: number;
}

interface Stem {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/** The upright strokes of letters, and what their ends are like. */
export function stemEnds(covered: Covered): readonly StemEnds[] {
  return stemsIn(covered).map((stem) => endsOf(covered, stem));
}

function stemsIn(covered: Covered): readonly Stem[] {
  const { columns, top, bottom } = covered;
  const height = bottom - top;
  const stems: Stem[] = [];
  for (let y = Math.round(top + ABOVE * height); y < bottom - BELOW * height; y += 2) {
    for (let x = 0; x < columns; x++) {
      const first = x;
      while (at(covered, x, y) >= INK) x++;
      if (x === first || x - first > MOST_WIDTH * height) continue;
      const stem = stemAt(covered, (first + x - 1) >> 1, y);
      const isNew = !stems.some(
        (other) => Math.abs(other.x - stem.x) <= 2 && other.from < stem.to && other.to > stem.from,
      );
      if (isNew && stem.to - stem.from + 1 >= LEAST_LENGTH * height && isStraight(covered, stem)) stems.push(stem);
    }
  }
  return stems;
}

function stemAt(covered: Covered, x: number, y: number): Stem {
  let [from, to] = [y, y];
  while (at(covered, x, from - 1) >= INK) from--;
  while (at(covered, x, to + 1) >= INK) to++;
  return { x, from, to };
}

/** One side is enough: bows join at the other. */
function isStraight(covered: Covered, stem: Stem): boolean {
  const most = MOST_VARIATION * (covered.bottom - covered.top) + 1;
  return ([-1, 1] as const).some((step) => {
    const sides = [0.3, 0.5, 0.7].map((place) => sideAt(covered, stem.x, rowAt(stem, place), step));
    return Math.max(...sides) - Math.min(...sides) <= most;
  });
}

function endsOf(covered: Covered, stem: Stem): StemEnds {
  const height = covered.bottom - covered.top;
  const reach = Math.max(1, Math.round(END * height));
  const over = (end: number, inwards: 1 | -1, step: 1 | -1): number => {
    const sides = ALONG.map((place) => sideAt(covered, stem.x, rowAt(stem, place), step)).sort((a, b) => a - b);
    const usual = sides[sides.length >> 1] as number;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i <= reach; i++) most = Math.max(most, sideAt(covered, stem.x, end + inwards * i, step) - usual);
    return Math.min(ENDS[1], Math.max(ENDS[0], most / height));
  };
  const headLeft = over(stem.from, 1, -1);
  return {
    foot: Math.min(over(stem.to, -1, -1), over(stem.to, -1, 1)),
    head: Math.min(headLeft, over(stem.from, 1, 1)),
    headLeft,
  };
}

function rowAt({ from, to }: Stem, place: number): number {
  return Math.round(from + place * (to - from));
}

/** Ink from a place on to one side, samples. */
function sideAt(covered: Covered, x: number, y: number, step: 1 | -1): number {
  const most = FARTHEST * (covered.bottom - covered.top);
  let sum = 0;
  for (let i = 1; i <= most; i++) {
    const value = at(covered, x + i * step, y);
    sum += value;
    if (value < NO_INK) break;
  }
  return sum;
}

function at({ values, columns, rows }: Covered, x: number, y: number): number {
  return x < 0 || y < 0 || x >= columns || y >= rows ? 0 : (values[y * columns + x] as number);
}
