import { describe, expect, it } from 'vitest';
import { letterCuts } from '../../../../operators/text/read/letter-cells.js';
import type { LumaPatch } from '../../../../operators/text/read/luma-patch.js';
import { layBeside } from '../../../../operators/text/read/stacked-line.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';

const COLUMNS = 40;
const [INK, GROUND] = [230, 60];

interface Drawn {
  /** Width of each letter, columns; 0 for a space. */
  readonly letters: readonly number[];
  readonly height: number;
  readonly gap: number;
  readonly grain?: number;
}

/** Frames of letters, one below the other in the middle, each open in its middle. */
function column({ letters, height, gap, grain = 4 }: Drawn): LumaPatch {
  const pitch = height + gap;
  const rows = letters.length * pitch - gap + 8;
  const random = mulberry32(3);
  const values = Float32Array.from({ length: rows * COLUMNS }, () => GROUND + grain * (2 * random() - 1));
  letters.forEach((width, i) => {
    const [top, left] = [4 + i * pitch, (COLUMNS - width) >> 1];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const isStroke = x < 6 || x >= width - 6 || y < 6 || y >= height - 6;
        if (isStroke) values[(top + y) * COLUMNS + left + x] = INK;
      }
    }
  });
  return { columns: COLUMNS, rows, values };
}

describe('cutting a column into letters', () => {
  it.each<readonly [string, Drawn]>([
    ['with wide gaps', { letters: [30, 28, 30, 30, 28], height: 40, gap: 18 }],
    ['close together', { letters: [30, 28, 30, 30, 28], height: 40, gap: 5 }],
    ['of different widths', { letters: [32, 12, 30, 34], height: 42, gap: 12 }],
    ['with grain', { letters: [30, 28, 30], height: 40, gap: 10, grain: 30 }],
    ['many', { letters: Array.from({ length: 12 }, (_, i) => 28 + (i % 3)), height: 38, gap: 9 }],
  ])('finds as many as there are: %s', (_, drawn) => {
    const [cut] = letterCuts(column(drawn));
    expect(cut?.cells).toHaveLength(drawn.letters.length);
    expect(cut?.pitch).toBeCloseTo(drawn.height + drawn.gap, -0.5);
    cut?.cells.forEach((cell, i) => {
      const width = drawn.letters[i] as number;
      expect(Math.abs((cell?.right ?? 0) - (cell?.left ?? 0) - width)).toBeLessThanOrEqual(2);
    });
  });

  it('knows a space between words', () => {
    const [cut] = letterCuts(column({ letters: [30, 28, 0, 30, 28], height: 40, gap: 12 }));
    expect(cut?.cells.map((cell) => cell !== undefined)).toEqual([true, true, false, true, true]);
  });

  it('takes letters of the same distance in that stand alone above and below what was found', () => {
    const patch = column({ letters: [0, 30, 28, 30, 28, 30, 29, 0], height: 40, gap: 14 });
    const found = [4 + 2 * 54, 4 + 6 * 54 - 14] as const;
    const [longer, plain] = letterCuts(patch, found);
    expect([longer?.cells.length, longer?.beyond]).toEqual([6, 2]);
    expect([plain?.cells.length, plain?.beyond]).toEqual([4, 0]);
    // Where the board ends, what is behind it is not ground.
    const board = { ...patch, values: patch.values.map((value, i) => (i < 78 * COLUMNS ? 255 - value : value)) };
    expect(letterCuts(board, found)[0]?.beyond).toBe(1);
  });

  it('gives few ways, and none for what has no gaps or less than three letters', () => {
    expect(letterCuts(column({ letters: [30, 28, 30, 30], height: 40, gap: 12 })).length).toBeLessThanOrEqual(3);
    expect(letterCuts(column({ letters: [30], height: 300, gap: 0 }))).toEqual([]);
    expect(letterCuts(column({ letters: [30, 30], height: 20, gap: 6 }))).toEqual([]);
    expect(letterCuts({ columns: COLUMNS, rows: 200, values: new Float32Array(200 * COLUMNS).fill(90) })).toEqual([]);
  });

  it('lays letters beside each other on one line, with room around them', () => {
    const patch = column({ letters: [30, 12, 30], height: 40, gap: 12 });
    const line = layBeside(patch, letterCuts(patch)[0] as NonNullable<ReturnType<typeof letterCuts>[0]>);
    expect(line.columns).toBeGreaterThan(line.rows);
    const isInk = (x: number): boolean =>
      Array.from({ length: line.rows }, (_, y) => line.values[y * line.columns + x] as number).some((v) => v > 150);
    const starts = Array.from({ length: line.columns }, (_, x) => x).filter(
      (x) => isInk(x) && (x === 0 || !isInk(x - 1)),
    );
    expect(starts).toHaveLength(3);
    expect(starts[0]).toBeGreaterThan(4);
    const firstRow = line.values.subarray(0, line.columns);
    expect(Math.max(...firstRow)).toBeLessThan(100);
  });
});
