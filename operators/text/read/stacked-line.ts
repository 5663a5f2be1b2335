import type { LetterCut } from './letter-cells.js';
import type { LumaPatch } from './luma-patch.js';

/** Room above and below letters that stand beside each other, and between them, heights of a letter. */
const [ABOVE, BESIDE, BETWEEN] = [0.16, 0.25, 0.14];
/** Width of a space, heights of a letter. */
const SPACE = 0.35;

/** The letters of a column beside each other. @returns a patch that holds one line. */
export function layBeside(patch: LumaPatch, { top, pitch, ink: [from, until], cells }: LetterCut): LumaPatch {
  const height = Math.max(1, until - from);
  const [above, beside, between] = [ABOVE, BESIDE, BETWEEN].map((share) => Math.round(share * height)) as [
    number,
    number,
    number,
  ];
  const rows = height + 2 * above;
  /** For each column of the line: of which cell, and which column of the patch. */
  const plan: (readonly [row: number, column: number])[] = [];
  const [highest, lowest] = [-from, Math.ceil(pitch) - 1 - from];
  cells.forEach((cell, i) => {
    const row = Math.round(top + i * pitch) + from;
    const { left, right } = cell ?? { left: 0, right: Math.round(SPACE * height) };
    const before = i === 0 ? beside : between - (between >> 1);
    const after = i === cells.length - 1 ? beside : between >> 1;
    for (let x = left - before; x < right + after; x++) plan.push([row, cell === undefined ? 0 : x]);
  });
  const values = new Float32Array(rows * plan.length);
  plan.forEach(([row, column], x) => {
    const from = Math.min(patch.columns - 1, Math.max(0, column));
    for (let y = 0; y < rows; y++) {
      // What is beyond the cell is of other letters.
      const inCell = Math.min(lowest, Math.max(highest, y - above));
      const at = Math.min(patch.rows - 1, Math.max(0, row + inCell));
      values[y * plan.length + x] = patch.values[at * patch.columns + from] as number;
    }
  });
  return { columns: plan.length, rows, values };
}
