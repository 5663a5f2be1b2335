import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, opposite, type Rgb, readableInk } from '../../../../operators/text/paint/contrast.js';

const color = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 }))) as unknown as fc.Arbitrary<Rgb>;

describe('contrast', () => {
  it.each([
    [[0, 0, 0], [255, 255, 255], 21],
    [[119, 119, 119], [255, 255, 255], 4.478],
    [[12, 34, 56], [12, 34, 56], 1],
  ] as const)('of %j on %j is %d', (a, b, ratio) => {
    expect(contrast(a, b)).toBeCloseTo(ratio, 2);
    expect(contrast(b, a)).toBeCloseTo(ratio, 2);
  });
});

describe('readableInk', () => {
  it('can always be told from the ground, and needs an outline only where white on it is all there is', () => {
    fc.assert(
      fc.property(color, color, (ink, ground) => {
        const ratio = contrast(readableInk(ink, ground), ground);
        expect(ratio).toBeGreaterThanOrEqual(2.2);
        expect(contrast(opposite(ground), ground)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('leaves what is readable as it is, and light letters light', () => {
    expect(readableInk([200, 200, 0], [0, 0, 80])).toEqual([200, 200, 0]);
    expect(readableInk([230, 240, 250], [0, 152, 208])).toEqual([255, 255, 255]);
  });
});
