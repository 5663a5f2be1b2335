import { describe, expect, it } from 'vitest';
import { drawStamp, readStamp } from '../../../bench/live/stamp.js';

const plane = (width = 1280, height = 720, stride = width) => ({
  data: new Uint8Array(stride * height).fill(120),
  stride,
  width,
  height,
});

describe('the stamp of a picture', () => {
  it.each([
    [0, 0],
    [1, 1],
    [3_599_999, 107_999],
    [2 ** 32 - 1, 2 ** 24 - 1],
  ])('says that it was taken at %d ms and is number %d', (takenMs, picture) => {
    const luma = plane();
    drawStamp(luma, { takenMs, picture });
    expect(readStamp(luma)).toEqual({ takenMs, picture });
  });

  it('may lie in rows with padding, which stays as it is', () => {
    const luma = plane(1280, 720, 1344);
    drawStamp(luma, { takenMs: 12_345, picture: 678 });
    expect(readStamp(luma)).toEqual({ takenMs: 12_345, picture: 678 });
    expect(new Set(luma.data.subarray(1280, 1344))).toEqual(new Set([120]));
  });

  it('leaves the picture below the strip alone', () => {
    const luma = plane();
    drawStamp(luma, { takenMs: 5, picture: 6 });
    expect(new Set(luma.data.subarray(32 * 1280))).toEqual(new Set([120]));
  });

  it('is not found where there is none', () => {
    expect(readStamp(plane())).toBeUndefined();
    expect(readStamp({ ...plane(), data: new Uint8Array(1280 * 720).fill(16) })).toBeUndefined();
    expect(readStamp({ ...plane(), data: new Uint8Array(1280 * 720).fill(235) })).toBeUndefined();
  });

  it('does not count when one block is damaged', () => {
    const luma = plane();
    drawStamp(luma, { takenMs: 99, picture: 3 });
    for (let y = 0; y < 32; y++) luma.data.fill(235, y * 1280, y * 1280 + 20);
    expect(readStamp(luma)).toBeUndefined();
  });

  it('needs blocks that survive encoding', () => {
    expect(() => drawStamp(plane(640, 360), { takenMs: 0, picture: 0 })).toThrow(RangeError);
  });
});
