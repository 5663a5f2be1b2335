import type { PictureSize } from '../../../pipeline/index.js';
import { GRID_COLUMNS, GRID_ROWS, gridPosition, type LumaGrid } from '../../shot-change/luma-grid.js';
import { areaOf, boundsOf } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';

/** Codes around the ground's that count as it: film is uneven and grainy. */
const EVEN = 0.1;
/** Share of the picture beside the text that must be ground. */
const LEAST_GROUND = 0.8;
/** Share of the picture that its text covers at least: less is a caption on a dark scene. */
const LEAST_TEXT = 0.02;
/** Room around lines that may still be letters, heights of a line. */
const MARGIN = 0.5;

/** True for a card of text, such as an intertitle: beside its lines there is an even ground and nothing else. */
export function isTitleCard({ luma }: LumaGrid, quads: readonly TextQuad[], size: PictureSize): boolean {
  const area = quads.reduce((sum, quad) => sum + areaOf(quad), 0);
  if (area < LEAST_TEXT * size.width * size.height) return false;
  const boxes = quads.map((quad) => {
    const [left, top, right, bottom] = boundsOf(quad);
    const margin = MARGIN * Math.min(bottom - top, right - left);
    return [left - margin, top - margin, right + margin, bottom + margin] as const;
  });
  const ground: number[] = [];
  for (let row = 0; row < GRID_ROWS; row++) {
    const y = gridPosition(row, GRID_ROWS, size.height);
    for (let column = 0; column < GRID_COLUMNS; column++) {
      const x = gridPosition(column, GRID_COLUMNS, size.width);
      if (boxes.some(([left, top, right, bottom]) => x >= left && x < right && y >= top && y < bottom)) continue;
      ground.push(luma[row * GRID_COLUMNS + column] as number);
    }
  }
  if (ground.length === 0) return true;
  const middle = [...ground].sort((a, b) => a - b)[ground.length >> 1] as number;
  return ground.filter((value) => Math.abs(value - middle) <= EVEN).length >= LEAST_GROUND * ground.length;
}
