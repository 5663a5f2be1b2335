import type { Point } from './quad.js';

/** A rectangle at any angle. */
export interface TiltedRectangle {
  readonly centre: Point;
  /** Sides along {@link angle} and across it. */
  readonly width: number;
  readonly height: number;
  /** Direction of `width`, radians, from the x axis towards the y axis. */
  readonly angle: number;
}

/** The corners of the convex hull, clockwise where y points down, without those on straight edges (Andrew 1979). */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (along: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of along) {
      while (chain.length > 1 && turn(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.reverse())];
  return hull.length === 0 ? points.slice(0, 1) : hull;
}

/**
 * The rectangle of the smallest area around points: one of its sides lies on an edge of their convex hull (Freeman & Shapira 1975).
 *
 * @param points At least one.
 */
export function minAreaRectangle(points: readonly Point[]): TiltedRectangle {
  const hull = convexHull(points);
  const candidates = hull.map((point, i) => {
    const next = hull[(i + 1) % hull.length] as Point;
    return rectangleAlong(hull, Math.atan2(next[1] - point[1], next[0] - point[0]));
  });
  return candidates.reduce((best, rectangle) => (area(rectangle) < area(best) ? rectangle : best));
}

/** The corners: from the end of both axes that is least, round in the direction from the first axis to the second. */
export function cornersOf({ centre: [x, y], width, height, angle }: TiltedRectangle): [Point, Point, Point, Point] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (along: number, across: number): Point => {
    const [u, v] = [(along * width) / 2, (across * height) / 2];
    return [x + u * cos - v * sin, y + u * sin + v * cos];
  };
  return [at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)];
}

function rectangleAlong(points: readonly Point[], angle: number): TiltedRectangle {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = points.map(([x, y]) => x * cos + y * sin);
  const across = points.map(([x, y]) => y * cos - x * sin);
  const [left, right] = [Math.min(...along), Math.max(...along)];
  const [top, bottom] = [Math.min(...across), Math.max(...across)];
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  return {
    centre: [u * cos - v * sin, u * sin + v * cos],
    width: right - left,
    height: bottom - top,
    angle,
  };
}

function area({ width, height }: TiltedRectangle): number {
  return width * height;
}

function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
