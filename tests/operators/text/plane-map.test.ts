import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverse, isReadable, mapped, quadSize, rectangleToQuad } from '../../../operators/text/plane-map.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';

const level: TextQuad = [
  [10, 20],
  [110, 20],
  [110, 50],
  [10, 50],
];
const shifted = fc
  .array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 8, maxLength: 8 })
  .map(
    (d) => level.map(([x, y], i) => [x + (d[2 * i] as number), y + (d[2 * i + 1] as number)]) as unknown as TextQuad,
  );

describe('rectangleToQuad', () => {
  it('leads the corners of the rectangle to those of the quad, and its inverse leads back', () => {
    fc.assert(
      fc.property(shifted, (quad) => {
        const map = rectangleToQuad(80, 24, quad);
        for (const [i, corner] of (
          [
            [0, 0],
            [80, 0],
            [80, 24],
            [0, 24],
          ] as const
        ).entries()) {
          const [x, y] = mapped(map, corner);
          expect(x).toBeCloseTo(quad[i]?.[0] as number, 6);
          expect(y).toBeCloseTo(quad[i]?.[1] as number, 6);
          const [u, v] = mapped(inverse(map), [x, y]);
          expect(u).toBeCloseTo(corner[0], 6);
          expect(v).toBeCloseTo(corner[1], 6);
        }
      }),
    );
  });
});

describe('isReadable', () => {
  const [a, b, c, d] = level;

  it('takes upright, turned and slanted quads', () => {
    for (const quad of [level, [c, d, a, b], [b, c, d, a], [[12, 22], b, c, d]] as TextQuad[])
      expect(isReadable(quad)).toBe(true);
  });

  it('refuses mirror writing, bent quads, quads without area, and what is no number', () => {
    const wrong = [
      [b, a, d, c],
      [a, c, b, d],
      [a, b, [60, 30], d],
      [a, a, a, a],
      [[Number.NaN, 0], b, c, d],
    ] as TextQuad[];
    for (const quad of wrong) expect(isReadable(quad)).toBe(false);
  });
});

it('measures a quad along and across its text', () => {
  expect(quadSize(level)).toEqual({ width: 100, height: 30 });
  const [a, b, c, d] = level;
  expect(quadSize([b, c, d, a])).toEqual({ width: 30, height: 100 });
});
