import { describe, expect, it } from 'vitest';
import { labFromRgb, type Rgb, rgbFromYcbcr } from '../../../bench/quality/color-spaces.js';
import { colorDifference, colorfulness, psnr } from '../../../bench/quality/picture-metrics.js';

const grey: readonly Rgb[] = [
  [0, 0, 0],
  [128, 128, 128],
  [255, 255, 255],
];

describe('labFromRgb', () => {
  it.each<[string, Rgb, readonly [number, number, number]]>([
    ['white', [255, 255, 255], [100, 0, 0]],
    ['black', [0, 0, 0], [0, 0, 0]],
    ['red', [255, 0, 0], [53.24, 80.09, 67.2]],
    ['green', [0, 255, 0], [87.73, -86.18, 83.18]],
    ['blue', [0, 0, 255], [32.3, 79.19, -107.86]],
  ])('knows %s', (_, rgb, lab) => {
    for (const [i, value] of labFromRgb(rgb).entries()) expect(value).toBeCloseTo(lab[i] as number, 1);
  });
});

describe('rgbFromYcbcr', () => {
  it.each<[readonly [number, number, number], Rgb]>([
    [
      [128, 128, 128],
      [128, 128, 128],
    ],
    [
      [76, 85, 255],
      [254, 0, 0],
    ],
    [
      [29, 255, 107],
      [0, 0, 254],
    ],
    [
      [255, 128, 255],
      [255, 164, 255],
    ],
  ])('turns %j into %j', ([y, cb, cr], rgb) => {
    expect(rgbFromYcbcr(y, cb, cr)).toEqual(rgb);
  });
});

describe('psnr', () => {
  it('is infinite for equal pictures', () => expect(psnr(grey, grey)).toBe(Number.POSITIVE_INFINITY));
  it('is 48.13 dB for an error of one code everywhere', () => {
    const off = grey.map(([r, g, b]): Rgb => [r + 1, g + 1, b + 1]);
    expect(psnr(grey, off)).toBeCloseTo(48.13, 2);
  });
});

describe('colorDifference', () => {
  it('is the mean over the pixels', () => {
    const other: readonly Rgb[] = [grey[0] as Rgb, grey[1] as Rgb, [0, 0, 0]];
    expect(colorDifference(grey, grey)).toBe(0);
    expect(colorDifference(grey, other)).toBeCloseTo(100 / 3, 4);
  });
});

describe('colorfulness', () => {
  it('is 0 for greys', () => expect(colorfulness(grey)).toBe(0));
  it('is 0.3 times the distance from grey for a single colour', () => {
    // r − g = 100, (r + g) / 2 − b = 50
    expect(
      colorfulness([
        [100, 0, 0],
        [100, 0, 0],
      ]),
    ).toBeCloseTo(0.3 * Math.hypot(100, 50), 6);
  });
  it('adds the spread of the two opponent colours', () => {
    // r − g = ±255 and (r + g) / 2 − b = 127.5 both times
    expect(
      colorfulness([
        [255, 0, 0],
        [0, 255, 0],
      ]),
    ).toBeCloseTo(255 + 0.3 * 127.5, 6);
  });
});
