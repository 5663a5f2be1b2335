import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSide } from '../../../../models/adapters/image/tiles.js';

describe('splitSide', () => {
  it('leaves a side alone that is no longer than a tile', () => {
    expect(splitSide(31, 32, 8)).toEqual([{ seen: { start: 0, end: 31 }, used: { start: 0, end: 31 } }]);
  });

  it('uses every pixel once, at least `overlap` away from every cut, from tiles that fit', () => {
    const sides = fc.record({
      length: fc.integer({ min: 1, max: 5000 }),
      half: fc.nat(40),
      more: fc.integer({ min: 3, max: 200 }),
    });
    fc.assert(
      fc.property(sides, ({ length, half, more }) => {
        const overlap = 2 * half;
        const tile = 2 * overlap + 2 * more;
        const tiles = splitSide(length, tile, overlap);
        let end = 0;
        for (const { seen, used } of tiles) {
          expect(used.start).toBe(end);
          end = used.end;
          expect(used.start % 2).toBe(0);
          expect(seen.start % 2).toBe(0);
          expect(seen.end - seen.start).toBeLessThanOrEqual(tile);
          expect(used.end).toBeGreaterThan(used.start);
          if (seen.start > 0) expect(used.start - seen.start).toBeGreaterThanOrEqual(overlap);
          if (seen.end < length) expect(seen.end - used.end).toBeGreaterThanOrEqual(overlap);
        }
        expect(end).toBe(length);
        expect(tiles.at(-1)?.seen.end).toBe(length);
      }),
      { numRuns: 50 },
    );
  });
});
