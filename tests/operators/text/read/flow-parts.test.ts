import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bounds } from '../../../../operators/text/quad-math.js';
import { flowParts } from '../../../../operators/text/read/flow-parts.js';

const size = { width: 640, height: 360 };
const area = ([left, top, right, bottom]: Bounds): number => (right - left) * (bottom - top);

describe('flowParts', () => {
  it('looks around each box alone where boxes are far apart', () => {
    const parts = flowParts(
      [
        [40, 50, 140, 80],
        [500, 300, 560, 320],
      ],
      32,
      size,
    );
    expect(parts).toEqual([
      { bounds: [8, 16, 172, 112], groups: [0] },
      { bounds: [464, 264, 592, 352], groups: [1] },
    ]);
  });

  it('looks at boxes together that are close', () => {
    const parts = flowParts(
      [
        [40, 50, 140, 80],
        [500, 300, 560, 320],
        [40, 84, 150, 110],
      ],
      32,
      size,
    );
    expect(parts.map(({ groups }) => groups)).toEqual([[1], [0, 2]]);
  });

  it('keeps to the picture, and leaves nothing of a box beyond it', () => {
    expect(flowParts([[-90, -5, 30, 20]], 32, size)).toEqual([{ bounds: [0, 0, 62, 52], groups: [0] }]);
    const [part] = flowParts([[700, 10, 800, 40]], 32, size);
    expect(area(part?.bounds ?? [0, 0, 1, 1])).toBe(0);
  });

  it('holds every box with its room once, begins on the grid of the pyramid, and is no larger than boxes one by one', () => {
    const box = fc
      .tuple(fc.integer({ min: 0, max: 639 }), fc.integer({ min: 0, max: 359 }), fc.nat(200), fc.nat(80))
      .map(([x, y, width, height]): Bounds => [x, y, Math.min(640, x + width), Math.min(360, y + height)]);
    fc.assert(
      fc.property(fc.array(box, { maxLength: 9 }), fc.constantFrom(32, 64), (boxes, room) => {
        const parts = flowParts(boxes, room, size);
        expect(parts.flatMap(({ groups }) => groups).sort((a, b) => a - b)).toEqual(boxes.map((_, i) => i));
        for (const { bounds, groups } of parts) {
          expect([bounds[0] % 8, bounds[1] % 8]).toEqual([0, 0]);
          for (const group of groups) {
            const [left, top, right, bottom] = boxes[group] as Bounds;
            expect(bounds[0]).toBeLessThanOrEqual(Math.max(0, left - room));
            expect(bounds[1]).toBeLessThanOrEqual(Math.max(0, top - room));
            expect(bounds[2]).toBeGreaterThanOrEqual(Math.min(640, right + room));
            expect(bounds[3]).toBeGreaterThanOrEqual(Math.min(360, bottom + room));
          }
        }
        const alone = boxes.flatMap((one) => flowParts([one], room, size));
        const sum = (all: typeof parts): number => all.reduce((total, { bounds }) => total + area(bounds), 0);
        expect(sum(parts)).toBeLessThanOrEqual(sum(alone));
      }),
    );
  });
});
