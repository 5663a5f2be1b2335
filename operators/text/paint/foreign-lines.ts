import { around, chained, inverse, mapped, type PlaneMap } from '../plane-map.js';
import type { Point, TextQuad } from '../texts-meta.js';
import type { PatchGrid } from './line-patch.js';

/**
 * Where other lines of text lie in the surroundings of one: 1 for each luma sample under one of them, else 0. Lines that overlap the one itself by their
 * middle are left out: it would have nothing left.
 *
 * @param toFrame From the units of the line to pixels of the frame.
 */
export function foreignLines(grid: PatchGrid, toFrame: PlaneMap, others: readonly TextQuad[]): Float32Array {
  const fromFrame = chained(grid.toSamples(0), inverse(toFrame));
  return samplesUnder(
    grid,
    toFrame,
    others.filter(
      (quad) =>
        !coversMiddle(
          grid,
          quad.map((corner) => mapped(fromFrame, corner)),
        ),
    ),
  );
}

/** 1 for each luma sample around a line that lies under one of these quads of the frame, else 0. */
export function samplesUnder(grid: PatchGrid, toFrame: PlaneMap, quads: readonly TextQuad[]): Float32Array {
  const covered = new Float32Array(grid.columns * grid.rows);
  const fromFrame = chained(grid.toSamples(0), inverse(toFrame));
  for (const quad of quads) {
    const corners = quad.map((corner) => mapped(fromFrame, corner));
    if (!corners.every(([x, y]) => Number.isFinite(x + y))) continue;
    const [left, top, right, bottom] = around(corners);
    if (right < 0 || bottom < 0 || left > grid.columns || top > grid.rows) continue;
    const [firstX, lastX] = [Math.max(0, Math.floor(left)), Math.min(grid.columns, Math.ceil(right))];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(grid.rows, Math.ceil(bottom)); y++) {
      for (let x = firstX; x < lastX; x++) {
        if (isInside(corners, x + 0.5, y + 0.5)) covered[y * grid.columns + x] = 1;
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
