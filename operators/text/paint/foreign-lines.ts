import { chained, inverse, mapped, type PlaneMap } from '../plane-map.js';
import { boundsOf, mapQuad } from '../quad-math.js';
import type { Point, TextQuad } from '../texts-meta.js';
import type { PatchGrid } from './line-patch.js';

/**
 * Where other lines of text lie in the surroundings of one: 1 for each luma sample under one of them, else 0. Lines that overlap the one itself by their
 * middle are left out: it would have nothing left.
 *
 * @param toFrame From the units of the line to pixels of the frame.
 */
export function foreignLines(grid: PatchGrid, toFrame: PlaneMap, others: readonly TextQuad[]): Float32Array {
  return under(
    grid,
    inSamples(grid, toFrame, others).filter((corners) => !coversMiddle(grid, corners)),
  );
}

/** 1 for each luma sample around a line that lies under one of these quads of the frame, else 0. */
export function samplesUnder(grid: PatchGrid, toFrame: PlaneMap, quads: readonly TextQuad[]): Float32Array {
  return under(grid, inSamples(grid, toFrame, quads));
}

/** Corners in samples around the line. */
function inSamples(grid: PatchGrid, toFrame: PlaneMap, quads: readonly TextQuad[]): readonly TextQuad[] {
  const fromFrame = chained(grid.toSamples(0), inverse(toFrame));
  return quads.map((quad) => mapQuad(quad, (corner) => mapped(fromFrame, corner)));
}

function under({ columns, rows }: PatchGrid, quads: readonly TextQuad[]): Float32Array {
  const covered = new Float32Array(columns * rows);
  for (const corners of quads) {
    if (!corners.every(([x, y]) => Number.isFinite(x + y))) continue;
    const [left, top, right, bottom] = boundsOf(corners);
    if (right < 0 || bottom < 0 || left > columns || top > rows) continue;
    const [firstX, lastX] = [Math.max(0, Math.floor(left)), Math.min(columns, Math.ceil(right))];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(rows, Math.ceil(bottom)); y++) {
      for (let x = firstX; x < lastX; x++) {
        if (isInside(corners, x + 0.5, y + 0.5)) covered[y * columns + x] = 1;
      }
    }
  }
  return covered;
}

function coversMiddle(grid: PatchGrid, corners: readonly Point[]): boolean {
  return isInside(corners, grid.columns / 2, grid.rows / 2);
}

function isInside(corners: readonly Point[], x: number, y: number): boolean {
  return corners.every(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length] as Point;
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
  });
}
