import type { VideoFrame } from '../../../pipeline/index.js';
import { lineHeight } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import { bilinear } from './bilinear.js';

/** Samples along each side of a value at most: large letters would alias otherwise. */
const MOST_SAMPLES = 4;

/** A piece of a picture made upright: luma as codes of 8 bits with fractions, row by row. */
export interface LumaPatch {
  readonly columns: number;
  readonly rows: number;
  /** `[rows, columns]`. */
  readonly values: Float32Array;
}

/** Luma inside a quadrangle, of which the first side becomes the upper one. The frame stays the caller's. Outside of it its edge goes on. */
export function lumaPatch(frame: VideoFrame, quad: TextQuad, columns: number, rows: number): LumaPatch {
  const values = new Float32Array(rows * columns);
  const plane = frame.plane(0);
  const unit = frame.bitDepth === 8 ? 1 : 4;
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.round(lineHeight(quad) / rows)));
  const [a, b, c, d] = quad;
  const along = (u: number, v: number, axis: 0 | 1): number =>
    (1 - v) * ((1 - u) * a[axis] + u * b[axis]) + v * ((1 - u) * d[axis] + u * c[axis]);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < samples * samples; i++) {
        const u = (column + ((i % samples) + 0.5) / samples) / columns;
        const v = (row + (Math.floor(i / samples) + 0.5) / samples) / rows;
        const x = Math.min(frame.width - 1, Math.max(0, along(u, v, 0) - 0.5));
        const y = Math.min(frame.height - 1, Math.max(0, along(u, v, 1) - 0.5));
        sum += bilinear(plane, frame.width, frame.height, x, y);
      }
      values[row * columns + column] = sum / (samples * samples * unit);
    }
  }
  return { columns, rows, values };
}
