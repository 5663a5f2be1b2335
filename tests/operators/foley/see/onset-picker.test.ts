import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnsetPicker, thresholdFor } from '../../../../operators/foley/see/onset-picker.js';

/** Steps of onsets. */
function picked(values: readonly number[], threshold = 0.5): number[] {
  const picker = new OnsetPicker(threshold);
  return [...values, 0].flatMap((value, step) => (picker.push(value) ? [step - 1] : []));
}

describe('picking onsets', () => {
  it.each([
    ['nothing below the threshold', [0, 0.5, 0.4, 0], []],
    ['the highest of a hill', [0, 0.6, 0.9, 0.7, 0], [2]],
    ['the first of a plain', [0, 0.9, 0.9, 0.9, 0], [1]],
    ['one of two peaks that are too near to each other', [0, 0.9, 0.2, 0.8, 0, 0, 0], [1]],
    ['both of two that are not', [0, 0.9, 0.2, 0, 0.8, 0], [1, 4]],
    ['fast playing', [0, 0.6, 0.5, 0.4, 0.7, 0.6, 0.5, 0.8, 0], [1, 4, 7]],
    ['the very first', [0.9, 0.2, 0], [0]],
    ['the very last', [0, 0.2, 0.9], [2]],
    ['nothing that is no number', [0, Number.NaN, 0.9, Number.NaN], []],
  ])('finds %s', (_, values, steps) => {
    expect(picked(values)).toEqual(steps);
  });

  it('finds peaks only, at least three steps apart', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }), (values) => {
        const steps = picked(values);
        for (const [i, step] of steps.entries()) {
          const around = values.slice(Math.max(0, step - 1), step + 2);
          expect(values[step]).toBe(Math.max(...around));
          expect(values[step]).toBeGreaterThan(0.5);
          expect(step - (steps[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(2);
        }
      }),
    );
  });

  it('has the threshold of the model in the middle of sensitivity', () => {
    expect(thresholdFor(0.3, 0.5)).toBeCloseTo(0.3);
    expect(thresholdFor(0.3, 1)).toBeLessThan(0.03);
    expect(thresholdFor(0.3, 0)).toBeGreaterThan(0.85);
  });
});
