import type { Canvas } from '@napi-rs/canvas';
import { inverse, mapped, type PlaneMap } from '../../../operators/text/plane-map.js';
import { boundsOf } from '../../../operators/text/quad-math.js';
import type { Point } from '../../../operators/text/texts-meta.js';

/**
 * Lays a canvas over another in perspective, between its samples; what is transparent lets the other through.
 *
 * @param map From pixels of `source` to pixels of `target`.
 */
export function warpOnto(target: Canvas, source: Canvas, map: PlaneMap): void {
  const corners: readonly Point[] = [
    [0, 0],
    [source.width, 0],
    [source.width, source.height],
    [0, source.height],
  ];
  const reach = boundsOf(corners.map((corner) => mapped(map, corner)));
  const [left, top] = [Math.max(0, Math.floor(reach[0])), Math.max(0, Math.floor(reach[1]))];
  const [right, bottom] = [Math.min(target.width, Math.ceil(reach[2])), Math.min(target.height, Math.ceil(reach[3]))];
  if (right <= left || bottom <= top) return;
  const context = target.getContext('2d');
  const image = context.getImageData(left, top, right - left, bottom - top);
  const from = source.getContext('2d').getImageData(0, 0, source.width, source.height).data;
  const back = inverse(map);
  for (let y = top, at = 0; y < bottom; y++) {
    for (let x = left; x < right; x++, at += 4) {
      const [u, v] = mapped(back, [x + 0.5, y + 0.5]);
      blend(image.data, at, from, source, u - 0.5, v - 0.5);
    }
  }
  context.putImageData(image, left, top);
}

/** Lays the sample at (u, v) over a pixel. */
function blend(
  to: Uint8ClampedArray,
  at: number,
  from: Uint8ClampedArray,
  { width, height }: Canvas,
  u: number,
  v: number,
): void {
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const [shareX, shareY] = [u - column, v - row];
  let alpha = 0;
  const sum: [number, number, number] = [0, 0, 0];
  for (const [dx, dy] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const [x, y] = [column + dx, row + dy];
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const first = 4 * (y * width + x);
    const weight = (dx === 1 ? shareX : 1 - shareX) * (dy === 1 ? shareY : 1 - shareY);
    const part = (weight * (from[first + 3] as number)) / 255;
    alpha += part;
    for (const i of [0, 1, 2] as const) sum[i] += part * (from[first + i] as number);
  }
  for (const i of [0, 1, 2] as const) to[at + i] = (to[at + i] as number) * (1 - alpha) + sum[i];
}
