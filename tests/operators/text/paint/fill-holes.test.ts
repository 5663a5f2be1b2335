import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoleFiller } from '../../../../operators/text/paint/fill-holes.js';

describe('HoleFiller', () => {
  it('keeps what is known bit for bit, and fills with values between those that are known', () => {
    const cell = fc.record({ value: fc.integer({ min: 16, max: 235 }), isKnown: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(cell, { minLength: 9, maxLength: 90 }), (width, cells) => {
        const height = Math.trunc(cells.length / width);
        const used = cells.slice(0, width * height);
        const known = used.filter(({ isKnown }) => isKnown).map(({ value }) => value);
        const values = Float32Array.from(used, ({ value }) => value);
        new HoleFiller(
          Float32Array.from(used, ({ isKnown }) => (isKnown ? 0 : 1)),
          width,
          height,
        ).fill(values);
        for (const [i, { value, isKnown }] of used.entries()) {
          if (isKnown || known.length === 0) expect(values[i]).toBe(value);
          else {
            expect(values[i]).toBeGreaterThanOrEqual(Math.min(...known) - 0.01);
            expect(values[i]).toBeLessThanOrEqual(Math.max(...known) + 0.01);
          }
        }
      }),
    );
  });

  it('carries a gradient across a hole without steps', () => {
    const values = Float32Array.from({ length: 32 * 16 }, (_, at) => 4 * (at % 32));
    const unknown = values.map((_, at) => (at % 32 > 9 && at % 32 < 22 ? 1 : 0));
    new HoleFiller(unknown, 32, 16).fill(values);
    for (let x = 1; x < 32; x++) {
      const step = (values[8 * 32 + x] as number) - (values[8 * 32 + x - 1] as number);
      expect(step).toBeGreaterThan(-2);
      expect(step).toBeLessThan(24);
    }
  });
});
