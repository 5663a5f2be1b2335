import { VitascopeError } from '../../../pipeline/errors.js';

/** A point, pixels of the picture; pixel centres are at half coordinates. */
export type Point = readonly [x: number, y: number];

/**
 * A line of text as a quadrangle: its corners clockwise, from the left upper one of the text as it is read, pixels of the picture.
 */
export type Quad = readonly [topLeft: Point, topRight: Point, bottomRight: Point, bottomLeft: Point];

/** How many times higher than wide a quadrangle is from which its text counts as turned by a quarter; what PP-OCR does as well. */
const TURNED = 1.5;

/** Lengths of the sides of a quadrangle, pixels: along the text the longer of both sides, across it likewise. */
export function quadSize([a, b, c, d]: Quad): { readonly width: number; readonly height: number } {
  return { width: Math.max(distance(a, b), distance(d, c)), height: Math.max(distance(a, d), distance(b, c)) };
}

/** The same quadrangle for text that stands on its head. */
export function turnedQuad([a, b, c, d]: Quad): Quad {
  return [c, d, a, b];
}

/** The quadrangle such that its text runs along its first side: narrow and high ones count as text that runs down, from their right upper corner. */
export function lyingQuad(quad: Quad): Quad {
  const { width, height } = quadSize(quad);
  const [a, b, c, d] = quad;
  return height >= width * TURNED ? [b, c, d, a] : quad;
}

/** The quadrangle grown on all sides by `margin` times its height. */
export function grownQuad(quad: Quad, margin: number): Quad {
  if (margin === 0) return quad;
  const { width, height } = quadSize(quad);
  const along = (margin * height) / width;
  const at = (u: number, v: number): Point => {
    const mix = (i: 0 | 1): number =>
      (1 - v) * ((1 - u) * quad[0][i] + u * quad[1][i]) + v * ((1 - u) * quad[3][i] + u * quad[2][i]);
    return [mix(0), mix(1)];
  };
  const [left, right, top, bottom] = [-along, 1 + along, -margin, 1 + margin];
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
}

/**
 * The homography that takes the rectangle `[0, width] × [0, height]` to a quadrangle, row by row.
 *
 * @throws VitascopeError `INFERENCE_INPUT` when the quadrangle has no area, is not convex, or holds something that is no number.
 */
export function homographyOnto(quad: Quad, width: number, height: number): readonly number[] {
  if (!isConvex(quad)) {
    throw new VitascopeError(
      'INFERENCE_INPUT',
      `homographyOnto: the corners of a quadrangle must be convex and in clockwise order, got ${JSON.stringify(quad)}`,
      { context: { corners: quad.flat() } },
    );
  }
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  // From the unit square (Heckbert 1989, "Fundamentals of Texture Mapping and Image Warping", 2.2.3).
  const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  const u = [x1 - x0 + g * x1, y1 - y0 + g * y1, g];
  const v = [x3 - x0 + h * x3, y3 - y0 + h * y3, h];
  const origin = [x0, y0, 1];
  return [0, 1, 2].flatMap((i) => [(u[i] ?? 0) / width, (v[i] ?? 0) / height, origin[i] ?? 0]);
}

function isConvex(quad: Quad): boolean {
  return quad.every((point, i) => {
    const [[ax, ay], [bx, by]] = [quad[(i + 1) % 4] as Point, quad[(i + 2) % 4] as Point];
    return (ax - point[0]) * (by - ay) - (ay - point[1]) * (bx - ax) > 0;
  });
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
