import { describe, expect, it } from 'vitest';
import { SteadyQuad } from '../../../../operators/text/paint/steady-quad.js';
import type { Point, TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';

const random = mulberry32(3);
const shake = (deviation: number): number =>
  deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function quadAt(x: number, y: number, deviation = 0): TextQuad {
  const corner = (dx: number, dy: number): Point => [x + dx + shake(deviation), y + dy + shake(deviation)];
  return [corner(0, 0), corner(120, 0), corner(120, 30), corner(0, 30)];
}

const far = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const center = (quad: TextQuad): Point => [(quad[0][0] + quad[2][0]) / 2, (quad[0][1] + quad[2][1]) / 2];

describe('SteadyQuad', () => {
  it('keeps a line in its place within half a pixel while its corners shake by a pixel', () => {
    const steady = new SteadyQuad(360);
    const places: Point[] = [];
    for (let i = 0; i < 400; i++) places.push(center(steady.next(quadAt(100, 80, 1))));
    const settled = places.slice(25);
    for (const place of settled) expect(far(place, [160, 95])).toBeLessThan(0.5);
  });

  it('follows a pan that begins and ends at once with a drift of less than two pixels', () => {
    const steady = new SteadyQuad(360);
    let x = 100;
    for (let i = 0; i < 150; i++) {
      if (i >= 30 && i < 100) x += 5;
      const drift = far(center(steady.next(quadAt(x, 80, 0.2))), [x + 60, 95]);
      expect(drift).toBeLessThan(2);
    }
  });

  it('takes a line that begins or ends elsewhere as it is, since it holds other letters', () => {
    const longer = (quad: TextQuad, by: number): TextQuad => [
      quad[0],
      [quad[1][0] + by, quad[1][1]],
      [quad[2][0] + by, quad[2][1]],
      quad[3],
    ];
    const steady = new SteadyQuad(360);
    for (let i = 0; i < 20; i++) {
      const quad = quadAt(100 + i, 80);
      expect(steady.hasOtherLength(quad)).toBe(false);
      steady.next(quad);
    }
    const grown = longer(quadAt(120, 80), 12);
    expect(steady.hasOtherLength(grown)).toBe(true);
    expect(steady.next(grown)).toEqual(grown);
    expect(steady.hasOtherLength(longer(quadAt(121, 80), 13))).toBe(false);
  });

  it('takes the first place, and another place far away, as they are', () => {
    const steady = new SteadyQuad(360);
    expect(steady.next(quadAt(10, 10))).toEqual(quadAt(10, 10));
    for (let i = 0; i < 20; i++) steady.next(quadAt(10, 10));
    expect(steady.next(quadAt(200, 10))).toEqual(quadAt(200, 10));
  });
});
