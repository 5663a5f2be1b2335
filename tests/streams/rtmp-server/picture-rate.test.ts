import { describe, expect, it } from 'vitest';
import { PictureRate } from '../../../streams/rtmp-server/picture-rate.js';

/** How many of so many pictures, each so many milliseconds after the one before, come before there are too many. */
function borne(
  pictures: number,
  everyMs: number,
  maxFrameRate: number,
  rate = new PictureRate(),
  from = 1_000,
): number {
  for (let i = 0; i < pictures; i += 1) if (!rate.admit(from + i * everyMs, maxFrameRate)) return i;
  return pictures;
}

describe('pictures a second', () => {
  it('may be as many as allowed for ever, and a little more', () => {
    expect(borne(100_000, 1000 / 60, 60)).toBe(100_000);
    expect(borne(100_000, 1000 / 61, 60)).toBe(100_000);
  });

  it('may not be more for long', () => {
    const twice = borne(100_000, 1000 / 120, 60);
    expect(twice).toBeGreaterThan(600);
    expect(twice).toBeLessThan(600 * 2.2);
  });

  it('may come at once for ten seconds at the start, which is what encoders keep', () => {
    const rate = new PictureRate();
    expect(borne(600, 0, 60, rate)).toBe(600);
    expect(borne(100_000, 1000 / 60, 60, rate, 1_020)).toBe(100_000);
    expect(borne(1_000, 0, 60)).toBe(600);
  });

  it('may come at once for five seconds after they were held up', () => {
    const rate = new PictureRate();
    expect(borne(6_000, 1000 / 60, 60, rate)).toBe(6_000);
    const later = 1_000 + 100_000 + 60_000;
    borne(600, 0, 60, rate, later);
    expect(borne(300, 0, 60, rate, later + 60_000)).toBe(300);
    expect(borne(300, 0, 60, rate, later + 60_000)).toBe(0);
  });

  it('do not count for the server itself', () => {
    expect(borne(10_000, 0, Number.POSITIVE_INFINITY)).toBe(10_000);
  });
});
