import { chained, mapped, rectangleToQuad, scaledBy } from '../plane-map.js';
import { lineHeight, lineLength } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import { bilinear } from './bilinear.js';
import type { LumaPicture } from './luma-picture.js';

/** Rows that a line is made into, and the most columns. */
const ROWS = 12;
const MOST_COLUMNS = 160;
/** Samples along each side of a cell at most: large lines would alias otherwise. */
const MOST_SAMPLES = 3;
/** Share of a line that must lie in the picture for it to be told how it looks. */
const LEAST_INSIDE = 0.3;

/** Values to each side, in the same row, that say what a letter stands on: two thirds of the height of the line. */
const AROUND = 8;

/** How a line looks, made upright and small. */
export interface LineLook {
  readonly columns: number;
  /** `[12, columns]`. */
  readonly values: Float32Array;
  /** Likewise: 1 for each value that lies in the picture. */
  readonly isInside: Uint8Array;
}

/** @param columns Of a look that this one is compared with. Default: by the shape of the line. */
export function lineLook({ mat, scale }: LumaPicture, quad: TextQuad, columns = columnsOf(quad)): LineLook {
  const { data, cols, rows } = mat;
  const values = new Float32Array(ROWS * columns);
  const isInside = new Uint8Array(ROWS * columns).fill(1);
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.round((lineHeight(quad) * scale) / ROWS)));
  const place = chained(scaledBy(scale, scale, -0.5, -0.5), rectangleToQuad(columns, ROWS, quad));
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < samples * samples; i++) {
        const u = column + ((i % samples) + 0.5) / samples;
        const v = row + (Math.floor(i / samples) + 0.5) / samples;
        const [x, y] = mapped(place, [u, v]);
        if (x >= 0 && y >= 0 && x <= cols - 1 && y <= rows - 1) sum += bilinear(data, cols, rows, x, y);
        else isInside[row * columns + column] = 0;
      }
      values[row * columns + column] = sum / (samples * samples);
    }
  }
  return { columns, values, isInside };
}

/**
 * How alike two looks with the same columns are: the correlation of what both have in the picture, each less what is around it, so that letters count and not what they stand on, −1–1;
 * nothing where that is too little.
 */
export function likeness(a: LineLook, b: LineLook): number | undefined {
  const both = a.isInside.map((inside, i) => (inside === 1 ? (b.isInside[i] as number) : 0));
  const count = both.reduce((sum, inside) => sum + inside, 0);
  if (count < LEAST_INSIDE * both.length) return undefined;
  let [aa, ab, bb] = [0, 0, 0];
  for (let start = 0; start < both.length; start += a.columns) {
    const [lettersA, lettersB] = [lettersIn(a, start, both), lettersIn(b, start, both)];
    for (let i = 0; i < a.columns; i++) {
      const [u, v] = [lettersA[i] as number, lettersB[i] as number];
      aa += u * u;
      ab += u * v;
      bb += v * v;
    }
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

function columnsOf(quad: TextQuad): number {
  const shape = lineLength(quad) / Math.max(1, lineHeight(quad));
  return Math.max(ROWS, Math.min(MOST_COLUMNS, Math.round(ROWS * shape)));
}

/** A row less the mean of what is around each value; 0 where it does not count. */
function lettersIn({ values, columns }: LineLook, start: number, use: Uint8Array): Float32Array {
  const sums = new Float64Array(columns + 1);
  const counts = new Uint16Array(columns + 1);
  for (let i = 0; i < columns; i++) {
    const counted = use[start + i] === 1;
    sums[i + 1] = (sums[i] as number) + (counted ? (values[start + i] as number) : 0);
    counts[i + 1] = (counts[i] as number) + (counted ? 1 : 0);
  }
  return Float32Array.from({ length: columns }, (_, i) => {
    if (use[start + i] === 0) return 0;
    const [from, to] = [Math.max(0, i - AROUND), Math.min(columns, i + AROUND + 1)];
    const mean = ((sums[to] as number) - (sums[from] as number)) / ((counts[to] as number) - (counts[from] as number));
    return (values[start + i] as number) - mean;
  });
}
