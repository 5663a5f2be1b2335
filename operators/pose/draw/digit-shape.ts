import type { Shape } from './shape.js';

/** Cells of a digit, across and down. */
export const DIGIT_CELLS = { width: 5, height: 7 } as const;

const glyphs: readonly (readonly string[])[] = [
  ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  ['..#..', '.##..', '#.#..', '..#..', '..#..', '..#..', '#####'],
  ['.###.', '#...#', '....#', '...#.', '..#..', '.#...', '#####'],
  ['.###.', '#...#', '....#', '..##.', '....#', '#...#', '.###.'],
  ['...#.', '..##.', '.#.#.', '#..#.', '#####', '...#.', '...#.'],
  ['#####', '#....', '####.', '....#', '....#', '#...#', '.###.'],
  ['.###.', '#....', '#....', '####.', '#...#', '#...#', '.###.'],
  ['#####', '....#', '...#.', '...#.', '..#..', '..#..', '..#..'],
  ['.###.', '#...#', '#...#', '.###.', '#...#', '#...#', '.###.'],
  ['.###.', '#...#', '#...#', '.####', '....#', '....#', '.###.'],
];

/** How full a place must be to be inside; below a half, since strokes are one cell wide and would else be thin where they slant. */
const INSIDE = 0.3;
/** Cells by which strokes reach over the edge of the outermost ones. */
const OVERHANG = 0.5;

/** A digit of a font of 5×7 cells, whose steps are smoothed: cells are interpolated, and what is full enough is inside. */
export class DigitShape implements Shape {
  readonly top: number;
  readonly bottom: number;
  readonly #x: number;
  readonly #y: number;
  readonly #cell: number;
  readonly #rows: readonly string[];

  /** @param cell Pixels of a cell. @param x Left edge. @param y Upper edge. */
  constructor(digit: number, x: number, y: number, cell: number) {
    this.#rows = glyphs[digit] ?? [];
    this.#x = x;
    this.#cell = cell;
    this.#y = y;
    this.top = y - OVERHANG * cell;
    this.bottom = y + (DIGIT_CELLS.height + OVERHANG) * cell;
  }

  left(): number {
    return this.#x - OVERHANG * this.#cell;
  }

  right(): number {
    return this.#x + (DIGIT_CELLS.width + OVERHANG) * this.#cell;
  }

  coverage(x: number, y: number): number {
    const u = (x - this.#x) / this.#cell - 0.5;
    const v = (y - this.#y) / this.#cell - 0.5;
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const upper = mix(this.#at(column, row), this.#at(column + 1, row), u - column);
    const lower = mix(this.#at(column, row + 1), this.#at(column + 1, row + 1), u - column);
    // An edge is as soft as a pixel, however large the cell.
    const sharpness = Math.max(1, this.#cell);
    return Math.min(1, Math.max(0, (mix(upper, lower, v - row) - INSIDE) * sharpness + 0.5));
  }

  #at(column: number, row: number): number {
    return this.#rows[row]?.[column] === '#' ? 1 : 0;
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
