import { chromaShift, type PlaneData, type VideoFrame } from '../../../pipeline/index.js';
import type { Box } from '../pose-meta.js';

/** Blocks across the shorter side of a region, at least; up to twice as many, since their sizes are powers of two. */
const BLOCKS = 3;
const LEAST_BLOCK = 4;

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Replaces a region by a mosaic of its means. Blocks lie on a grid of the picture, so that they stand still while the region moves, and cover the region
 * wholly. The frame must be writable and stays the caller's.
 */
export function pixelate(frame: VideoFrame, region: Box): void {
  const [x1, y1, x2, y2] = region;
  const shorter = Math.min(x2 - x1, y2 - y1);
  if (!Number.isFinite(shorter)) return;
  const block = Math.max(LEAST_BLOCK, 2 ** Math.floor(Math.log2(Math.max(1, shorter / BLOCKS))));
  const area: Rectangle = {
    left: Math.max(0, Math.floor(x1 / block) * block),
    top: Math.max(0, Math.floor(y1 / block) * block),
    right: Math.min(frame.width, Math.ceil(x2 / block) * block),
    bottom: Math.min(frame.height, Math.ceil(y2 / block) * block),
  };
  if (area.left >= area.right || area.top >= area.bottom) return;
  const shift = chromaShift(frame.pixelFormat);
  for (const index of [0, 1, 2] as const) {
    const { x, y } = index === 0 ? { x: 0, y: 0 } : shift;
    const { width } = frame.planes[index];
    // Blocks are multiples of four, so only the edge of an odd picture needs rounding.
    const cells: Rectangle = {
      left: area.left >> x,
      top: area.top >> y,
      right: (area.right + x) >> x,
      bottom: (area.bottom + y) >> y,
    };
    mosaic(frame.plane(index), width, cells, block >> x, block >> y);
  }
}

function mosaic(plane: PlaneData, width: number, area: Rectangle, across: number, down: number): void {
  for (let top = area.top; top < area.bottom; top += down) {
    for (let left = area.left; left < area.right; left += across) {
      const right = Math.min(area.right, left + across);
      const bottom = Math.min(area.bottom, top + down);
      flatten(plane, width, { left, top, right, bottom });
    }
  }
}

function flatten(plane: PlaneData, width: number, { left, top, right, bottom }: Rectangle): void {
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let i = row * width + left; i < row * width + right; i++) sum += plane[i] as number;
  }
  const mean = Math.round(sum / ((right - left) * (bottom - top)));
  for (let row = top; row < bottom; row++) plane.fill(mean, row * width + left, row * width + right);
}
