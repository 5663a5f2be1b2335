import type { Point, TextQuad } from './texts-meta.js';

/** `[left, top, right, bottom]`, pixels. */
export type Bounds = readonly [left: number, top: number, right: number, bottom: number];

/** The upright box around points, such as the corners of a quadrangle. */
export function boundsOf(points: readonly Point[]): Bounds {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Mean of the corners. */
export function centreOf(quad: TextQuad): Point {
  return [quad.reduce((sum, [x]) => sum + x, 0) / 4, quad.reduce((sum, [, y]) => sum + y, 0) / 4];
}

/** Height of the line, pixels: mean of both ends. */
export function lineHeight([a, b, c, d]: TextQuad): number {
  return (distance(a, d) + distance(b, c)) / 2;
}

/** Length of the line, pixels: mean of both edges. */
export function lineLength([a, b, c, d]: TextQuad): number {
  return (distance(a, b) + distance(d, c)) / 2;
}

/** By which factor the edge that changed most is longer, or shorter, than it was; at least 1. */
export function mostStretch(before: TextQuad, after: TextQuad): number {
  const factors = before.map((corner, i) => {
    const next = (i + 1) % 4;
    return distance(after[i] as Point, after[next] as Point) / distance(corner, before[next] as Point);
  });
  return Math.max(...factors.map((factor) => Math.max(factor, 1 / factor)));
}

/** How far the edge that changed most is from what it was, as a share of its length: longer, shorter or turned. */
export function mostChange(before: TextQuad, after: TextQuad): number {
  const shares = before.map((corner, i) => {
    const [to, from, next] = [before[(i + 1) % 4] as Point, after[i] as Point, after[(i + 1) % 4] as Point];
    const off = Math.hypot(next[0] - from[0] - (to[0] - corner[0]), next[1] - from[1] - (to[1] - corner[1]));
    return off / distance(corner, to);
  });
  return Math.max(...shares);
}

/** The same corners, each put through `move`. */
export function mapQuad([a, b, c, d]: TextQuad, move: (point: Point) => Point): TextQuad {
  return [move(a), move(b), move(c), move(d)];
}

/** Area in square pixels; positive where corners run clockwise. */
export function areaOf(polygon: readonly Point[]): number {
  return (
    polygon.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = polygon[(i + 1) % polygon.length] as Point;
      return sum + x * nextY - nextX * y;
    }, 0) / 2
  );
}

/** True for four corners in clockwise order without a dent. */
export function isConvex(quad: TextQuad): boolean {
  return quad.every((point, i) => side(point, quad[(i + 1) % 4] as Point, quad[(i + 2) % 4] as Point) > 0);
}

/** Area that two convex quadrangles share, square pixels (Sutherland & Hodgman 1974). */
export function sharedArea(a: TextQuad, b: TextQuad): number {
  let polygon: readonly Point[] = a;
  for (let i = 0; i < 4 && polygon.length > 0; i++) {
    polygon = clipped(polygon, b[i] as Point, b[(i + 1) % 4] as Point);
  }
  return Math.max(0, areaOf(polygon));
}

/** Intersection over union, 0–1. */
export function quadOverlap(a: TextQuad, b: TextQuad): number {
  const shared = sharedArea(a, b);
  const union = areaOf(a) + areaOf(b) - shared;
  return union <= 0 ? 0 : shared / union;
}

/** The same corners, begun at the one that puts them nearest to those of another quadrangle. */
export function alignedQuad(quad: TextQuad, like: TextQuad): TextQuad {
  const [a, b, c, d] = quad;
  const turns: readonly TextQuad[] = [quad, [b, c, d, a], [c, d, a, b], [d, a, b, c]];
  const off = (turn: TextQuad): number => turn.reduce((sum, point, i) => sum + distance(point, like[i] as Point), 0);
  return turns.reduce((best, turn) => (off(turn) < off(best) ? turn : best));
}

/** How far a quadrangle begins before another, and ends after it, along that one; negative where it does not. */
export function reachBeyond(quad: TextQuad, other: TextQuad): readonly [before: number, after: number] {
  const along = alongOf(other);
  const [start, end] = endsOf(quad).map(along) as [number, number];
  const [otherStart, otherEnd] = endsOf(other).map(along) as [number, number];
  return [otherStart - start, end - otherEnd];
}

/** Place of a point along a line of text, from its beginning. */
function alongOf(line: TextQuad): (point: Point) => number {
  const [start, end] = endsOf(line);
  const length = Math.max(1e-9, distance(start, end));
  return ([x, y]) => ((x - start[0]) * (end[0] - start[0]) + (y - start[1]) * (end[1] - start[1])) / length;
}

/** Middles of the edges at which a line begins and ends. */
function endsOf([a, b, c, d]: TextQuad): readonly [start: Point, end: Point] {
  return [
    [(a[0] + d[0]) / 2, (a[1] + d[1]) / 2],
    [(b[0] + c[0]) / 2, (b[1] + c[1]) / 2],
  ];
}

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}

/** What lies to the right of the way from `from` to `to`, which is inside where corners run clockwise. */
function clipped(polygon: readonly Point[], from: Point, to: Point): readonly Point[] {
  return polygon.flatMap((point, i) => {
    const next = polygon[(i + 1) % polygon.length] as Point;
    const [here, there] = [side(from, to, point), side(from, to, next)];
    const kept = here >= 0 ? [point] : [];
    if (here >= 0 === there >= 0) return kept;
    const share = here / (here - there);
    return [...kept, [point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])] as const];
  });
}

/** Positive where `point` lies clockwise of the way from `from` to `to`. */
function side([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}
