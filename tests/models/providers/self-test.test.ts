import { describe, expect, it } from 'vitest';
import { selfTestFeeds } from '../../../models/providers/self-test.js';
import type { TensorSpec } from '../../../models/tensor.js';

const spec = (name: string, type: TensorSpec['type'], ...shape: (number | string)[]): TensorSpec => ({
  name,
  type,
  shape,
});
const shapesOf = (inputs: TensorSpec[], sizes = {}): Record<string, readonly number[]> =>
  Object.fromEntries(Object.entries(selfTestFeeds(inputs, { sizes })).map(([name, { shape }]) => [name, shape]));

describe('the input of a self-test', () => {
  it('is the same each time, and another for each input', () => {
    const inputs = [spec('a', 'float32', 4), spec('b', 'float32', 4)];
    expect(selfTestFeeds(inputs)).toEqual(selfTestFeeds(inputs));
    const { a, b } = selfTestFeeds(inputs);
    expect(a?.data).not.toEqual(b?.data);
  });

  it('lies in the range of its type, unless told otherwise', () => {
    const { f, u, t } = selfTestFeeds(
      [spec('f', 'float32', 1000), spec('u', 'uint8', 1000), spec('t', 'int64', 1000)],
      { inputs: { t: { range: [5, 7] } } },
    );
    const range = (data: ArrayLike<number | bigint> = []) => {
      const values = Array.from(data, Number);
      return [Math.min(...values), Math.max(...values)];
    };
    const [low = 0, high = 0] = range(f?.data);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThan(1);
    expect(high).toBeGreaterThan(0.9);
    expect(range(u?.data)).toEqual([0, 255]);
    expect(range(t?.data)).toEqual([5, 7]);
  });

  it('guesses batches and pictures', () => {
    expect(shapesOf([spec('nchw', 'float32', 'batch', 3, 'h', 'w')]).nchw).toEqual([1, 3, 256, 256]);
    expect(shapesOf([spec('nhwc', 'float32', '?', 'h', 'w', 3)]).nhwc).toEqual([1, 256, 256, 3]);
    expect(shapesOf([spec('any', 'float32', '?', '?', '?', '?')]).any).toEqual([1, 3, 256, 256]);
    expect(shapesOf([spec('ids', 'int64', 'n', 'tokens')]).ids).toEqual([1, 64]);
  });

  it('takes sizes by symbol, the same wherever the symbol stands, and halves and doubles of them', () => {
    const inputs = [
      spec('a', 'float32', 1, 1, 'h', 'w'),
      spec('b', 'float32', 1, 2, 'h/2', '2*w'),
      spec('c', 'float32', 'q', 'q'),
    ];
    expect(shapesOf(inputs, { h: 96, w: 128, q: 3 })).toEqual({ a: [1, 1, 96, 128], b: [1, 2, 48, 256], c: [3, 3] });
  });

  it('takes values and shapes in full', () => {
    const feeds = selfTestFeeds([spec('box', 'int64', 4), spec('scale', 'float16')], {
      inputs: { box: { values: [0, 1, 2, 3] }, scale: { shape: [], values: [1] } },
    });
    expect(feeds.box?.data).toEqual(BigInt64Array.of(0n, 1n, 2n, 3n));
    expect(feeds.scale).toMatchObject({ shape: [], data: Uint16Array.of(0x3c00) });
  });

  it('refuses another number of values than the shape has', () => {
    expect(() => selfTestFeeds([spec('box', 'int64', 4)], { inputs: { box: { values: [1] } } })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('takes 4 values, got 1') }),
    );
  });
});
