import { describe, expect, it } from 'vitest';
import { chromaFlicker, type FlickerFrame } from '../../../bench/quality/chroma-flicker.js';

/** 16×8 pixels: two blocks, each of one luma. */
function frame(left: number, right: number, cb: number, cr: number): FlickerFrame {
  const luma = Uint8Array.from({ length: 128 }, (_, i) => (i % 16 < 8 ? left : right));
  return { luma, width: 16, height: 8, cb: new Uint8Array(32).fill(cb), cr: new Uint8Array(32).fill(cr) };
}

const mean = (before: FlickerFrame, after: FlickerFrame): number => {
  const { change, count } = chromaFlicker(before, after);
  return change / count;
};

describe('chromaFlicker', () => {
  it('is 0 where chroma stays', () => expect(mean(frame(50, 90, 120, 130), frame(50, 90, 120, 130))).toBe(0));

  it('is the mean absolute change of Cb and Cr', () => {
    expect(mean(frame(50, 90, 120, 130), frame(50, 90, 123, 129))).toBe(2);
  });

  it('looks only where luma is static', () => {
    const { count } = chromaFlicker(frame(50, 90, 120, 130), frame(50, 99, 120, 130));
    expect(count).toBe(32);
    expect(chromaFlicker(frame(50, 90, 120, 130), frame(60, 99, 99, 99))).toEqual({ change: 0, count: 0 });
  });
});
