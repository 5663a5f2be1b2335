import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convexHull, cornersOf, minAreaRectangle } from '../../../../models/adapters/text/min-area-rectangle.js';
import type { Point } from '../../../../models/adapters/text/quad.js';

describe('convexHull', () => {
  it('leaves out what lies inside and on edges', () => {
    const points: Point[] = [
      [0, 0],
      [2, 0],
      [4, 0],
      [4, 4],
      [2, 2],
      [0, 4],
    ];
    expect(convexHull(points)).toEqual([
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
    ]);
  });

  it('of one point is that point', () => {
    expect(convexHull([[3, 4]])).toEqual([[3, 4]]);
  });
});

describe('minAreaRectangle', () => {
  it('finds a tilted rectangle among the points in it', () => {
    const corners = cornersOf({ centre: [50, 40], width: 30, height: 10, angle: 0.3 });
    const found = minAreaRectangle([...corners, [50, 40], [51, 41]]);
    expect(found.centre[0]).toBeCloseTo(50, 6);
    expect(found.centre[1]).toBeCloseTo(40, 6);
    expect([found.width, found.height].sort((a, b) => a - b)).toEqual([expect.closeTo(10, 6), expect.closeTo(30, 6)]);
  });

  it('holds all points, and is no larger than the upright rectangle', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const { centre, width, height, angle } = minAreaRectangle(points);
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        for (const [x, y] of points) {
          const [dx, dy] = [x - centre[0], y - centre[1]];
          expect(Math.abs(dx * cos + dy * sin)).toBeLessThanOrEqual(width / 2 + 1e-6);
          expect(Math.abs(dy * cos - dx * sin)).toBeLessThanOrEqual(height / 2 + 1e-6);
        }
        const side = (axis: 0 | 1): number => {
          const values = points.map((p) => p[axis]);
          return Math.max(...values) - Math.min(...values);
        };
        expect(width * height).toBeLessThanOrEqual(side(0) * side(1) + 1e-6);
      }),
    );
  });
});
