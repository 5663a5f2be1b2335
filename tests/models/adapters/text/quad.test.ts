import { describe, expect, it } from 'vitest';
import {
  grownQuad,
  homographyOnto,
  lyingQuad,
  type Quad,
  quadSize,
  turnedQuad,
} from '../../../../models/adapters/text/quad.js';

const upright: Quad = [
  [10, 20],
  [50, 20],
  [50, 30],
  [10, 30],
];
const keystone: Quad = [
  [10, 20],
  [50, 24],
  [48, 40],
  [12, 30],
];

function mapped(h: readonly number[], x: number, y: number): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0, k = 0] = h;
  const w = g * x + i * y + k;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

describe('a quadrangle', () => {
  it.each([upright, keystone])('is what its homography takes the corners of a rectangle to', (...quad) => {
    const h = homographyOnto(quad as unknown as Quad, 96, 48);
    const corners = [mapped(h, 0, 0), mapped(h, 96, 0), mapped(h, 96, 48), mapped(h, 0, 48)];
    for (const [i, value] of corners.flat().entries()) expect(value).toBeCloseTo(quad.flat()[i] ?? NaN, 6);
  });

  it.each([
    ['without an area', [upright[0], upright[1], upright[1], upright[0]]],
    ['the wrong way round', [...upright].reverse()],
    ['with a corner inwards', [upright[0], upright[1], [20, 21], upright[3]]],
    ['of what is no number', [[NaN, 0], upright[1], upright[2], upright[3]]],
  ])('%s is refused', (_, quad) => {
    expect(() => homographyOnto(quad as unknown as Quad, 96, 48)).toThrow(
      expect.objectContaining({ code: 'INFERENCE_INPUT' }),
    );
  });

  it('has the sizes of its longer sides', () => {
    expect(quadSize(upright)).toEqual({ width: 40, height: 10 });
  });

  it('that is turned begins at the opposite corner', () => {
    expect(turnedQuad(upright)[0]).toEqual([50, 30]);
    expect(turnedQuad(turnedQuad(upright))).toEqual(upright);
  });

  it('that stands upright is laid down, so that its text runs upwards', () => {
    const standing: Quad = [
      [10, 20],
      [20, 20],
      [20, 60],
      [10, 60],
    ];
    // The text began at the lower end; its first corner is on the right in a picture turned clockwise.
    expect(lyingQuad(standing)[0]).toEqual([20, 20]);
    expect(quadSize(lyingQuad(standing))).toEqual({ width: 40, height: 10 });
    expect(lyingQuad(upright)).toBe(upright);
  });

  it('grows by its height on all sides', () => {
    const grown = [
      [9, 19],
      [51, 19],
      [51, 31],
      [9, 31],
    ];
    grownQuad(upright, 0.1).forEach((point, i) => {
      expect(point[0]).toBeCloseTo(grown[i]?.[0] ?? NaN, 6);
      expect(point[1]).toBeCloseTo(grown[i]?.[1] ?? NaN, 6);
    });
  });
});
