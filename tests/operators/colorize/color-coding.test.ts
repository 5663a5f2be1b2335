import { describe, expect, it } from 'vitest';
import { colorCoding } from '../../../operators/colorize/color-coding.js';
import { type ColorTags, unspecifiedColor } from '../../../pipeline/picture.js';

const picture = (color: Partial<ColorTags>, height = 480, pixelFormat: 'yuv420p' | 'yuv420p10' = 'yuv420p') =>
  colorCoding({ pixelFormat, height, color: { ...unspecifiedColor, ...color } });

describe('colorCoding', () => {
  it('takes an untagged small picture for BT.601 in limited range', () => {
    expect(picture({})).toEqual({
      lumaScale: 1 / 219,
      lumaZero: 16,
      chromaGain: [224 / 255, 224 / 255],
      chromaZero: 128,
      chromaLimit: 112,
    });
  });

  it('takes an untagged picture of 720 rows or more for BT.709', () => {
    const { chromaGain } = picture({ range: 'pc' }, 720);
    expect(chromaGain[0]).toBeCloseTo(0.95495, 4);
    expect(chromaGain[1]).toBeCloseTo(0.89027, 4);
    expect(picture({ range: 'pc' }, 719).chromaGain).toEqual([1, 1]);
  });

  it('believes the tag whatever the size', () => {
    expect(picture({ matrix: 6, range: 'pc' }, 1080).chromaGain).toEqual([1, 1]);
    expect(picture({ matrix: 1, range: 'pc' }, 240).chromaGain[0]).toBeCloseTo(0.95495, 4);
    expect(picture({ matrix: 9, range: 'pc' }, 240).chromaGain[1]).toBeCloseTo(1.402 / 1.4746, 4);
  });

  it('knows full range', () => {
    expect(picture({ range: 'pc' })).toEqual({
      lumaScale: 1 / 255,
      lumaZero: 0,
      chromaGain: [1, 1],
      chromaZero: 128,
      chromaLimit: 127,
    });
  });

  it('knows ten bits', () => {
    expect(picture({ range: 'tv' }, 480, 'yuv420p10')).toEqual({
      lumaScale: 1 / 876,
      lumaZero: 64,
      chromaGain: [(4 * 224) / 255, (4 * 224) / 255],
      chromaZero: 512,
      chromaLimit: 448,
    });
    expect(picture({ range: 'pc' }, 480, 'yuv420p10')).toMatchObject({ lumaScale: 1 / 1023, chromaLimit: 508 });
  });
});
