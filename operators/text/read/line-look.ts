import { chained, rectangleToQuad, scaledBy } from '../plane-map.js';
import { lineHeight, lineLength } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
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
  const m = chained(scaledBy(scale, scale, -0.5, -0.5), rectangleToQuad(columns, ROWS, quad));
  // Without a call or an object for each sample: all lines are looked at in all pictures.
  for (let row = 0; row < ROWS * samples; row++) {
    const v = (row + 0.5) / samples;
    const first = Math.floor(row / samples) * columns;
    for (let column = 0; column < columns * samples; column++) {
      const u = (column + 0.5) / samples;
      const nearness = 1 / (m[6] * u + m[7] * v + m[8]);
      const x = (m[0] * u + m[1] * v + m[2]) * nearness;
      const y = (m[3] * u + m[4] * v + m[5]) * nearness;
      const at = first + ((column / samples) | 0);
      if (x >= 0 && y >= 0 && x <= cols - 1 && y <= rows - 1) {
        const [left, top] = [x | 0, y | 0];
        const corner = top * cols + left;
        const right = left < cols - 1 ? 1 : 0;
        const below = top < rows - 1 ? cols : 0;
        const a = data[corner] as number;
        const c = data[corner + below] as number;
        const upper = a + ((data[corner + right] as number) - a) * (x - left);
        const lower = c + ((data[corner + below + right] as number) - c) * (x - left);
        values[at] = (values[at] as number) + upper + (lower - upper) * (y - top);
      } else isInside[at] = 0;
    }
  }
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / (samples * samples);
  return { columns, values, isInside };
}

/**
 * How alike two looks with the same columns are: the correlation of what both have in the picture, each less what is around it, so that letters count and not what they stand on, −1–1;
 * nothing where that is too little.
 */
export function likeness(a: LineLook, b: LineLook): number | undefined {
  const both = a.isInside.map((inside, i) => inside & (b.isInside[i] as number));
  const count = both.reduce((sum, inside) => sum + inside, 0);
  if (count < LEAST_INSIDE * both.length) return undefined;
  const [lettersA, lettersB] = [lettersIn(a, both), lettersIn(b, both)];
  let [aa, ab, bb] = [0, 0, 0];
  for (let i = 0; i < both.length; i++) {
    const [u, v] = [lettersA[i] as number, lettersB[i] as number];
    aa += u * u;
    ab += u * v;
    bb += v * v;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

function columnsOf(quad: TextQuad): number {
  const shape = lineLength(quad) / Math.max(1, lineHeight(quad));
  return Math.max(ROWS, Math.min(MOST_COLUMNS, Math.round(ROWS * shape)));
}

/** Each value less the mean of what is around it in its row; 0 where it does not count. */
function lettersIn({ values, columns }: LineLook, use: Uint8Array): Float32Array {
  const letters = new Float32Array(values.length);
  const sums = new Float64Array(columns + 1);
  const counts = new Uint16Array(columns + 1);
  for (let start = 0; start < values.length; start += columns) {
    for (let i = 0; i < columns; i++) {
      const counted = use[start + i] as number;
      sums[i + 1] = (sums[i] as number) + counted * (values[start + i] as number);
      counts[i + 1] = (counts[i] as number) + counted;
    }
    for (let i = 0; i < columns; i++) {
      if (use[start + i] === 0) continue;
      const from = i < AROUND ? 0 : i - AROUND;
      const to = i + AROUND < columns ? i + AROUND + 1 : columns;
      const count = (counts[to] as number) - (counts[from] as number);
      letters[start + i] = (values[start + i] as number) - ((sums[to] as number) - (sums[from] as number)) / count;
    }
  }
  return letters;
}
