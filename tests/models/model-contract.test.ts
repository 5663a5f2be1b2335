import { describe, expect, it } from 'vitest';
import { checkContract, type ModelContract } from '../../models/model-contract.js';
import type { TensorSpec } from '../../models/tensor.js';

type Shape = TensorSpec['shape'];
const contract = (input: Shape, output: Shape, type: TensorSpec['type'] = 'uint8'): ModelContract => ({
  inputs: [{ name: 'y', type, shape: input }],
  outputs: [{ name: 'cb', type, shape: output }],
});

describe('checkContract', () => {
  const model = contract([1, 1, 'height', 'width'], [1, 'n', 4]);

  it.each<[string, ModelContract]>([
    ['the same shapes under other symbols', contract([1, 1, 'h', 'w'], [1, 'n', 4])],
    ['a fixed size fed to a free one', contract([1, 1, 64, 64], [1, 'n', 4])],
    ['any size read from a fixed one', contract([1, 1, 'h', 'w'], ['b', 'n', 'c'])],
    ['no interest in an output', { ...contract([1, 1, 'h', 'w'], []), outputs: [] }],
  ])('accepts %s', (_, expected) => {
    expect(() => checkContract('load(m)', expected, model)).not.toThrow();
  });

  it.each<[string, ModelContract, string]>([
    [
      'any size fed to a fixed one',
      contract(['b', 1, 'h', 'w'], [1, 'n', 4]),
      'load(m): input "y" must be uint8 [b,1,h,w], the model has uint8 [1,1,height,width]',
    ],
    [
      'another size read',
      contract([1, 1, 'h', 'w'], [1, 'n', 5]),
      'load(m): output "cb" must be uint8 [1,n,5], the model has uint8 [1,n,4]',
    ],
    [
      'another type',
      contract([1, 1, 'h', 'w'], [1, 'n', 4], 'float32'),
      'load(m): input "y" must be float32 [1,1,h,w], the model has uint8 [1,1,height,width]',
    ],
    [
      'a missing output',
      { ...model, outputs: [{ name: 'cr', type: 'uint8', shape: [1] }] },
      'load(m): output "cr" must be uint8 [1], the model has only "cb"',
    ],
    [
      'an input that nobody would feed',
      { ...model, inputs: [] },
      'load(m): the contract has no input "y", the model needs one',
    ],
  ])('refuses %s', (_, expected, message) => {
    expect(() => checkContract('load(m)', expected, model)).toThrow(message);
  });
});
