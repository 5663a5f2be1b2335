import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reorderDelay } from '../../../streams/file/piece-packets.js';

describe('reorderDelay', () => {
  it.each([
    ['no B-frames', [0, 1, 2, 3], 0],
    ['one B-frame between references', [0, 2, 1, 4, 3], 1],
    ['a pyramid of three', [0, 4, 2, 1, 3, 8, 6, 5, 7], 2],
    ['uneven times', [0, 9, 4, 5, 30], 1],
    ['one packet', [7], 0],
  ])('is the number of pictures a decoder holds back: %s', (_, pts, delay) => {
    expect(reorderDelay(pts)).toBe(delay);
  });

  it('is enough that no picture is shown before it is decoded', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 40 }), (pts) => {
        const sorted = [...pts].sort((a, b) => a - b);
        const delay = reorderDelay(pts);
        for (const [i, shown] of pts.entries()) {
          const decoded = i >= delay ? (sorted[i - delay] as number) : Number.NEGATIVE_INFINITY;
          expect(decoded).toBeLessThanOrEqual(shown);
        }
      }),
    );
  });
});
