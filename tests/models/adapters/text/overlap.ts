import type { Point, Quad } from '../../../../models/adapters/text/quad.js';

/** Intersection over union of two convex quadrangles with clockwise corners (Sutherland & Hodgman 1974). */
export function overlap(a: Quad, b: Quad): number {
  let inside: readonly Point[] = a;
  b.forEach((from, i) => {
    inside = clipped(inside, from, b[(i + 1) % 4] as Point);
  });
  const common = area(inside);
  return common / (area(a) + area(b) - common);
}

function clipped(polygon: readonly Point[], from: Point, to: Point): readonly Point[] {
  const side = ([x, y]: Point): number => (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
  return polygon.flatMap((point, i) => {
    const next = polygon[(i + 1) % polygon.length] as Point;
    const [here, there] = [side(point), side(next)];
    const share = here / (here - there);
    const crossing: Point = [point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])];
    return [...(here >= 0 ? [point] : []), ...(here * there < 0 ? [crossing] : [])];
  });
}

function area(polygon: readonly Point[]): number {
  return (
    polygon.reduce((sum, [x, y], i) => {
      const [nx, ny] = polygon[(i + 1) % polygon.length] as Point;
      return sum + x * ny - nx * y;
    }, 0) / 2
  );
}
