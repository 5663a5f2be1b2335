import { describe, expect, it } from 'vitest';
import { bindContract } from '../../../models/catalog/bind-contract.js';
import type { CatalogContract, CatalogTensor } from '../../../models/catalog/catalog-entry.js';
import type { ModelContract } from '../../../models/model-contract.js';

const tensor = (
  name: string,
  shape: CatalogTensor['shape'],
  type: CatalogTensor['type'] = 'float32',
): CatalogTensor => ({
  name,
  type,
  shape,
});
const contract = (inputs: CatalogTensor[], outputs: CatalogTensor[] = []): CatalogContract => ({ inputs, outputs });
const file: ModelContract = {
  inputs: [
    { name: 'mask', type: 'bool', shape: [1] },
    { name: 'image', type: 'float32', shape: ['n', 3, 64, 64] },
  ],
  outputs: [{ name: 'y', type: 'float32', shape: [] }],
};

describe('bindContract', () => {
  it('finds tensors by name, in the order of the entry, with the sizes of the file', () => {
    const expected = contract([tensor('image', [1, 3, 'h', 'w']), tensor('mask', [1], 'bool')]);
    expect(bindContract('x', expected, file).inputs).toEqual([file.inputs[1], file.inputs[0]]);
  });

  it('goes by position where a name is not known, and takes any type where that is not known', () => {
    const expected = contract([tensor('?', [1], '?'), tensor('?', [1, 3, 'h', 'w'])], [tensor('?', [1, 2])]);
    expect(bindContract('x', expected, file)).toEqual(file);
  });

  it('lets a file have more inputs only if the entry says so', () => {
    const expected = contract([tensor('image', [1, 3, 64, 64])]);
    expect(() => bindContract('x', expected, file)).toThrow(/must have 1 inputs, it has "mask", "image"/);
    expect(bindContract('x', { ...expected, moreInputs: true }, file).inputs).toEqual([file.inputs[1]]);
  });

  it.each([
    [
      'another name',
      tensor('picture', [1, 3, 64, 64]),
      /x: input "picture" must be .*, the model has only "mask", "image"/,
    ],
    ['another type', tensor('image', [1, 3, 64, 64], 'uint8'), /the model has "image" float32 \[n,3,64,64\]/],
    ['another size', tensor('image', [1, 3, 32, 64]), /must be float32 \[1,3,32,64\]/],
    ['another number of axes', tensor('image', [3, 64, 64]), /must be float32 \[3,64,64\]/],
  ])('refuses %s', (_, image, message) => {
    expect(() => bindContract('x', contract([image, tensor('mask', [1], 'bool')]), file)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
