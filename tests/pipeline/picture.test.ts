import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitDepth, chromaShift, pictureBytes, pixelFormats, planeLayouts } from '../../pipeline/picture.js';

describe('picture', () => {
  it.each([
    ['yuv420p', 8, 1, 1],
    ['yuv422p', 8, 1, 0],
    ['yuv444p', 8, 0, 0],
    ['yuv420p10', 10, 1, 1],
    ['yuv422p10', 10, 1, 0],
    ['yuv444p10', 10, 0, 0],
  ] as const)('knows depth and chroma subsampling of %s', (format, depth, x, y) => {
    expect(bitDepth(format)).toBe(depth);
    expect(chromaShift(format)).toEqual({ x, y });
  });

  it('rounds the chroma of odd sizes up, as FFmpeg does', () => {
    const [luma, cb, cr] = planeLayouts('yuv420p', 1919, 1079);
    expect([luma.width, luma.height]).toEqual([1919, 1079]);
    expect([cb.width, cb.height]).toEqual([960, 540]);
    expect([cr.width, cr.height]).toEqual([960, 540]);
  });

  const format = fc.constantFrom(...pixelFormats);
  const side = fc.integer({ min: 1, max: 5000 });

  it('places planes one after another without overlap, aligned to 64 bytes, at any size', () => {
    fc.assert(
      fc.property(format, side, side, (pixelFormat, width, height) => {
        const planes = planeLayouts(pixelFormat, width, height);
        let end = 0;
        for (const plane of planes) {
          expect(plane.byteOffset % 64).toBe(0);
          expect(plane.byteOffset).toBeGreaterThanOrEqual(end);
          expect(plane.byteLength).toBe(plane.width * plane.height * plane.bytesPerSample);
          end = plane.byteOffset + plane.byteLength;
        }
        expect(pictureBytes(pixelFormat, width, height)).toBe(end);
      }),
    );
  });

  it.each([
    [0, 1],
    [1, -1],
    [1.5, 2],
    [Number.NaN, 2],
  ])('refuses a picture of %s × %s', (width, height) => {
    expect(() => planeLayouts('yuv420p', width, height)).toThrow(expect.objectContaining({ code: 'FRAME_FORMAT' }));
  });
});
