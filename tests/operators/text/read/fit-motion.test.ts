import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapped, type PlaneMap } from '../../../../operators/text/plane-map.js';
import { distance } from '../../../../operators/text/quad-math.js';
import type { MovedPoint } from '../../../../operators/text/read/affine.js';
import { fitMotion } from '../../../../operators/text/read/fit-motion.js';
import { isAffine, unmoved } from '../../../../operators/text/read/homography.js';
import type { Point, TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';

const quad: TextQuad = [
  [100, 50],
  [300, 50],
  [300, 74],
  [100, 74],
];
/** 24 points of the line. */
const points: readonly Point[] = Array.from({ length: 24 }, (_, i) => [104 + ((i * 83) % 192), 53 + ((i * 7) % 18)]);

/** Motion of a line around its middle: turned, grown, and nearer at one end. */
function turned(angle: number, scale: number, near: number, tilt: number, [x, y]: Point): PlaneMap {
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [g, h] = [near / 100, tilt / 100];
  const one = 1 - 200 * g - 62 * h;
  const [toX, toY] = [200 + x, 62 + y];
  return [
    a + toX * g,
    -b + toX * h,
    toX * one - 200 * a + 62 * b,
    b + toY * g,
    a + toY * h,
    toY * one - 200 * b - 62 * a,
    g,
    h,
    one,
  ]; // prettier-ignore
}

function moved(motion: PlaneMap, noise: number, seed = 1): readonly MovedPoint[] {
  const random = mulberry32(seed);
  const shake = (): number => noise * Math.sqrt(3) * (2 * random() - 1);
  return points.map((from) => {
    const [x, y] = mapped(motion, from);
    return { from, to: [x + shake(), y + shake()] };
  });
}

/** How far the worst corner is from where it belongs, pixels. */
function offBy(motion: PlaneMap | undefined, truth: PlaneMap): number {
  if (motion === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(...quad.map((corner) => distance(mapped(motion, corner), mapped(truth, corner))));
}

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const motions = fc
  .tuple(between(-0.05, 0.05), between(0.95, 1.05), between(-0.05, 0.05), between(-0.02, 0.02), between(-30, 30))
  .map(([angle, scale, near, tilt, shift]) => turned(angle, scale, near, tilt, [shift, shift / 2]));

describe('fitMotion', () => {
  it('finds homographies of a low line, though some of its points went elsewhere', () => {
    fc.assert(
      fc.property(motions, fc.integer(), (motion, seed) => {
        const seen = moved(motion, 0.05, seed).map(({ from, to }, i) => ({
          from,
          to: i % 8 === 0 ? ([to[0] + 20, to[1] - 15 - i] as const) : to,
        }));
        expect(offBy(fitMotion(seen, quad, unmoved)?.motion, motion)).toBeLessThan(0.75);
      }),
      { numRuns: 100 },
    );
  });

  it('takes what affine motion explains for that, whatever the noise', () => {
    for (let seed = 1; seed <= 50; seed++) {
      for (const noise of [0, 0.05, 0.3]) {
        const truth = turned(0.02, 1.03, 0, 0, [seed, 3]);
        const fitted = fitMotion(moved(truth, noise, seed), quad, unmoved);
        expect(fitted && isAffine(fitted.motion)).toBe(true);
      }
    }
  });

  it('is closer than affine motion where one end of the line comes nearer', () => {
    const truth = turned(0, 1, 0.08, 0, [4, 0]);
    const fitted = fitMotion(moved(truth, 0.1), quad, unmoved);
    expect(fitted && isAffine(fitted.motion)).toBe(false);
    expect(offBy(fitted?.motion, truth)).toBeLessThan(0.4);
  });

  it('keeps the perspective that is known when few points are left, and moves it along', () => {
    const before = turned(0, 1, 0.08, 0, [4, 0]);
    const after = turned(0, 1, 0.08, 0, [9, 2]);
    const few = moved(after, 0.05).slice(0, 7);
    expect(offBy(fitMotion(few, quad, before)?.motion, after)).toBeLessThan(0.5);
  });

  it('does not guess a perspective from points at one end of the line', () => {
    const bunched = moved(turned(0, 1, 0.02, 0, [3, 1]), 0.3).filter(({ from }) => from[0] < 170);
    const again = [...bunched, ...bunched.map(({ from, to }) => ({ from, to: [to[0] + 0.2, to[1] - 0.2] as const }))];
    expect(again.length).toBeGreaterThan(10);
    const fitted = fitMotion(again, quad, unmoved);
    expect(fitted && isAffine(fitted.motion)).toBe(true);
  });

  it('says nothing of too few points, and of those that go in all directions', () => {
    expect(fitMotion(moved(unmoved, 0).slice(0, 3), quad, unmoved)).toBeUndefined();
    const scattered = points.map((from, i) => ({
      from,
      to: [from[0] + 37 * (i % 5), from[1] + 29 * (i % 7)] as const,
    }));
    expect(fitMotion(scattered, quad, unmoved)).toBeUndefined();
  });
});
