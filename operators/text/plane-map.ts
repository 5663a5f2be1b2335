import { type Bounds, lineHeight, lineLength } from './quad-math.js';
import type { Point, TextQuad } from './texts-meta.js';

/** A projective map of the plane: nine numbers, row by row, for (x, y, 1). */
export type PlaneMap = readonly [number, number, number, number, number, number, number, number, number];

/** Where a map leads a point. */
export function mapped(m: PlaneMap, [x, y]: Point): Point {
  const w = m[6] * x + m[7] * y + m[8];
  return [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w];
}

/** First `b`, then `a`. */
export function chained(a: PlaneMap, b: PlaneMap): PlaneMap {
  const at = (row: 0 | 3 | 6, column: 0 | 1 | 2): number =>
    a[row] * b[column] +
    (a[row + 1] as number) * (b[column + 3] as number) +
    (a[row + 2] as number) * (b[column + 6] as number);
  return [at(0, 0), at(0, 1), at(0, 2), at(3, 0), at(3, 1), at(3, 2), at(6, 0), at(6, 1), at(6, 2)];
}

/** The way back. Up to a factor, which maps do not know. */
export function inverse([a, b, c, d, e, f, g, h, i]: PlaneMap): PlaneMap {
  const sign = Math.sign(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) || 1;
  const adjugate = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ] as const;
  return adjugate.map((value) => value * sign) as unknown as PlaneMap;
}

/** The map that stretches and then shifts. */
export function scaledBy(x: number, y: number, shiftX = 0, shiftY = 0): PlaneMap {
  return [x, 0, shiftX, 0, y, shiftY, 0, 0, 1];
}

/**
 * From a rectangle (0, 0)–(width, height) to a quad, corner for corner.
 *
 * @see Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3
 */
export function rectangleToQuad(width: number, height: number, quad: TextQuad): PlaneMap {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  const [sumX, sumY] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const divisor = dx1 * dy2 - dx2 * dy1;
  const g = (sumX * dy2 - dx2 * sumY) / divisor;
  const h = (dx1 * sumY - sumX * dy1) / divisor;
  const square: PlaneMap = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
  return chained(square, scaledBy(1 / width, 1 / height));
}

/** Length along the reading direction, and across it: means of opposite sides, pixels. */
export function quadSize(quad: TextQuad): { readonly width: number; readonly height: number } {
  return { width: lineLength(quad), height: lineHeight(quad) };
}

/** True where a line of text can stand: corners are numbers, in clockwise order, none of them bent inwards, and no mirror writing. */
export function isReadable(quad: TextQuad): boolean {
  return quad.every((corner, i) => {
    const [before, after] = [quad[(i + 3) % 4] as Point, quad[(i + 1) % 4] as Point];
    const turn = (corner[0] - before[0]) * (after[1] - corner[1]) - (corner[1] - before[1]) * (after[0] - corner[0]);
    return Number.isFinite(turn) && turn > 0;
  });
}

/** The quad of a rectangle in the plane of another, which is in the map's own units. */
export function quadOf(map: PlaneMap, [left, top, right, bottom]: Bounds): TextQuad {
  return [
    mapped(map, [left, top]),
    mapped(map, [right, top]),
    mapped(map, [right, bottom]),
    mapped(map, [left, bottom]),
  ];
}
