import { describe, expect, it } from 'vitest';
import { imageSelfTest } from '../../../../models/adapters/picture/image-self-test.js';

const input = (shape: readonly (number | string)[]) => ({ name: 'image', type: 'float32' as const, shape });

describe('imageSelfTest', () => {
  it('takes the sizes of the file, and those of the catalog where the file has none', () => {
    expect(imageSelfTest(input(['n', 3, 'h', 'w']), { size: [48, 320] }).inputs?.image?.shape).toEqual([1, 3, 48, 320]);
    expect(imageSelfTest(input([16, 3, 256, 128]), {}).inputs?.image?.shape).toEqual([16, 3, 256, 128]);
  });

  it('knows where channels lie, and how many there are', () => {
    const nhwc = imageSelfTest(input([1, 'h', 'w', 'c']), { layout: 'NHWC', channels: 'gray', size: [32, 64] });
    expect(nhwc.inputs?.image?.shape).toEqual([1, 32, 64, 1]);
  });

  it('makes sides up that the network can take', () => {
    const { inputs } = imageSelfTest(input([1, 3, 'h', 'w']), { multipleOf: 16, multiplePlus: 1 });
    expect(inputs?.image?.shape).toEqual([1, 3, 257, 257]);
  });

  it('draws values as the network sees them, after mean and standard deviation', () => {
    expect(imageSelfTest(input([1, 3, 8, 8]), {}).inputs?.image?.range).toEqual([0, 255]);
    const { inputs } = imageSelfTest(input([1, 3, 8, 8]), {
      range: [0, 1],
      mean: [0.5, 0.4, 0.6],
      std: [0.5, 0.2, 0.25],
    });
    expect(inputs?.image?.range?.[0]).toBeCloseTo(-2.4);
    expect(inputs?.image?.range?.[1]).toBeCloseTo(3);
  });
});
