/** A place in a picture: right, down. */
export type Place = readonly [x: number, y: number];

/** Whether a polygon contains a place; where it crosses itself, by the even-odd rule. */
export function isInside(polygon: readonly Place[], [x, y]: Place): boolean {
  let inside = false;
  for (const [[x1, y1], [x2, y2]] of edges(polygon))
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  return inside;
}

/** From a place to the nearest one of the border of a polygon. */
export function distanceToBorder(polygon: readonly Place[], place: Place): number {
  return Math.min(...edges(polygon).map(([a, b]) => distanceToSegment(a, b, place)));
}

/** Area of a polygon that does not cross itself. */
export function areaOf(polygon: readonly Place[]): number {
  return Math.abs(edges(polygon).reduce((sum, [[x1, y1], [x2, y2]]) => sum + x1 * y2 - x2 * y1, 0)) / 2;
}

/** The place on the way from one to another; 0 is the first, 1 the second. */
export function between([x1, y1]: Place, [x2, y2]: Place, share: number): Place {
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
}

function distanceToSegment(a: Place, b: Place, [x, y]: Place): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const share = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1);
  const [nearX, nearY] = between(a, b, Math.min(1, Math.max(0, share)));
  return Math.hypot(x - nearX, y - nearY);
}

function edges(polygon: readonly Place[]): readonly (readonly [Place, Place])[] {
  return polygon.map((from, i) => [from, polygon[(i + 1) % polygon.length] ?? from]);
}
