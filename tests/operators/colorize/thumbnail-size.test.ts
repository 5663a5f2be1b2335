import { describe, expect, it } from 'vitest';
import { thumbnailSize } from '../../../operators/colorize/thumbnail-size.js';

const square = { num: 1, den: 1 };
const sizeOf = (width: number, height: number, detail = 112, aspect = square) =>
  thumbnailSize({ top: 0, left: 0, bottom: height, right: width }, aspect, detail);

describe('thumbnailSize', () => {
  it.each([
    [1280, 720, 112, { width: 192, height: 112 }],
    [640, 480, 112, { width: 144, height: 112 }],
    [480, 640, 112, { width: 112, height: 144 }],
    [8, 4, 64, { width: 128, height: 64 }],
    [1, 1, 64, { width: 64, height: 64 }],
    [1, 5000, 64, { width: 64, height: 256 }],
  ])('of %i×%i pixels at %i is %j', (width, height, detail, size) => {
    expect(sizeOf(width, height, detail)).toEqual(size);
  });

  it('is always of multiples of 16', () => {
    for (let detail = 64; detail <= 256; detail++) {
      const { width, height } = sizeOf(1277, 719, detail);
      expect([width % 16, height % 16]).toEqual([0, 0]);
    }
  });

  it('has square pixels where the picture has not', () => {
    expect(sizeOf(720, 576, 112, { num: 64, den: 45 })).toEqual({ width: 192, height: 112 });
    expect(sizeOf(640, 480, 112, { num: 0, den: 1 })).toEqual({ width: 144, height: 112 });
  });
});
