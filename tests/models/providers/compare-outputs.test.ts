import { describe, expect, it } from 'vitest';
import { compareOutputs, uselessReference } from '../../../models/providers/compare-outputs.js';
import { fromHalf, toHalf } from '../../../models/providers/half.js';
import { type InlineTensor, inlineTensor } from '../../../models/tensor.js';

const floats = (...values: number[]): InlineTensor =>
  inlineTensor('float32', [values.length], Float32Array.from(values));
const halves = (...values: number[]): InlineTensor =>
  inlineTensor('float16', [values.length], Uint16Array.from(values, toHalf));
const bytes = (...values: number[]): InlineTensor => inlineTensor('uint8', [values.length], Uint8Array.from(values));

describe('comparing outputs with those of the CPU', () => {
  it('measures the largest difference against the largest magnitude', () => {
    expect(compareOutputs({ y: floats(-10, 5) }, { y: floats(-10, 5.05) })).toEqual({
      maxError: expect.closeTo(0.005, 5),
      problem: undefined,
    });
  });

  it('allows one percent, and no more', () => {
    expect(compareOutputs({ y: floats(100, 0) }, { y: floats(100, 0.9) }).problem).toBeUndefined();
    expect(compareOutputs({ y: floats(100, 0) }, { y: floats(100, 1.1) }).problem).toMatch(
      /"y" differs by up to 1.10, 1.00/,
    );
  });

  it('goes by the tolerance of the model', () => {
    const [expected, actual] = [{ y: floats(1, 2, 3, 4) }, { y: floats(1, 2, 3, 4.5) }];
    expect(compareOutputs(expected, actual, { absolute: 0.6 }).problem).toBeUndefined();
    expect(compareOutputs(expected, actual, { outliers: 0.25 }).problem).toBeUndefined();
    expect(compareOutputs(expected, actual, { outliers: 0.2 }).problem).toContain('1 of 4 values');
  });

  it.each([
    ['infinity', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
  ])('never allows %s, however few', (_, value) => {
    const { maxError, problem } = compareOutputs({ y: floats(1, 2) }, { y: floats(1, value) }, { outliers: 1 });
    expect(maxError).toBe(Number.POSITIVE_INFINITY);
    expect(problem).toContain('infinite or not a number (float16 overflow');
  });

  it('sees the overflow of float16', () => {
    expect(compareOutputs({ y: halves(60000) }, { y: halves(70000) }).problem).toContain('infinite');
  });

  it('leaves out what the CPU itself gives as infinite', () => {
    const masked = floats(1, Number.NEGATIVE_INFINITY);
    expect(compareOutputs({ y: masked }, { y: floats(1, -1e9) }).problem).toBeUndefined();
  });

  it('names all zeros as such', () => {
    expect(compareOutputs({ y: floats(3, 4) }, { y: floats(0, 0) }).problem).toBe('output "y" is all zeros');
  });

  it('allows bytes to be rounded the other way', () => {
    expect(compareOutputs({ y: bytes(7, 200) }, { y: bytes(8, 199) }).problem).toBeUndefined();
    expect(compareOutputs({ y: bytes(7, 200) }, { y: bytes(9, 200) }).problem).toContain('differs by up to 2.00');
  });

  it('wants the same outputs in the same shapes', () => {
    expect(compareOutputs({ y: floats(1) }, {}).problem).toBe('output "y" is missing');
    expect(compareOutputs({ y: floats(1) }, { y: floats(1, 2) }).problem).toBe(
      'output "y" is float32 [2], the CPU gives float32 [1]',
    );
  });

  it('knows results that prove nothing', () => {
    expect(uselessReference({ a: floats(0, 0), b: floats() })).toBe('every output is zero');
    expect(uselessReference({ a: floats() })).toBe('every output is empty');
    expect(uselessReference({ a: floats(0), b: floats(1) })).toBeUndefined();
  });
});

describe('halves', () => {
  it.each([0, 1, -2.5, 65504, 2 ** -24, 2 ** -14, 0.333251953125])('hold %d', (value) => {
    expect(fromHalf(toHalf(value))).toBe(value);
  });

  it('round to the nearest, and overflow to infinity', () => {
    expect(fromHalf(toHalf(2049.5))).toBe(2050);
    expect(fromHalf(toHalf(-65520))).toBe(Number.NEGATIVE_INFINITY);
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
    expect(fromHalf(toHalf(2 ** -15 * 1.5))).toBe(2 ** -15 * 1.5);
    expect(fromHalf(toHalf(1.9999))).toBe(2);
  });
});
