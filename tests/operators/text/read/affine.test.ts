import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Affine, fitAffine } from '../../../../operators/text/read/affine.js';
import type { Point } from '../../../../operators/text/texts-meta.js';

function movedPoint([a, b, tx, c, d, ty]: Affine, [x, y]: Point): Point {
  return [a * x + b * y + tx, c * x + d * y + ty];
}

/** 24 points of a line, 200 by 20 pixels. */
const points: readonly Point[] = Array.from({ length: 24 }, (_, i) => [100 + ((i * 83) % 200), 50 + ((i * 7) % 20)]);

const motions = fc
  .record({
    angle: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
    scale: fc.double({ min: 0.95, max: 1.05, noNaN: true }),
    x: fc.double({ min: -40, max: 40, noNaN: true }),
    y: fc.double({ min: -40, max: 40, noNaN: true }),
  })
  .map(({ angle, scale, x, y }): Affine => {
    const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    return [a, -b, x + 200 * (1 - a) + 60 * b, b, a, y - 200 * b + 60 * (1 - a)];
  });

describe('fitAffine', () => {
  it('finds how points were turned, scaled and moved, though a quarter of them went elsewhere', () => {
    fc.assert(
      fc.property(motions, (motion) => {
        const moved = points.map((from, i) => ({
          from,
          to: i % 4 === 0 ? ([from[0] + 60, from[1] - 55 - i] as const) : movedPoint(motion, from),
        }));
        const fitted = fitAffine(moved);
        for (const corner of [
          [100, 50],
          [300, 50],
          [300, 70],
          [100, 70],
        ] as const) {
          const [x, y] = movedPoint(fitted?.motion ?? [0, 0, 0, 0, 0, 0], corner);
          const [wantedX, wantedY] = movedPoint(motion, corner);
          expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(0.6);
        }
        expect(fitted?.agreement).toBeCloseTo(0.75);
      }),
      { numRuns: 50 },
    );
  });

  it('says nothing of too few points, and of those that go in all directions', () => {
    expect(fitAffine(points.slice(0, 3).map((from) => ({ from, to: from })))).toBeUndefined();
    const scattered = points.map((from, i) => ({
      from,
      to: [from[0] + 37 * (i % 5), from[1] + 29 * (i % 7)] as const,
    }));
    expect(fitAffine(scattered)).toBeUndefined();
  });
});
