import { describe, expect, it } from 'vitest';
import { inlineTensor, type Tensor, type TensorSpec } from '../../models/tensor.js';
import { checkFeeds, checkTargets } from '../../models/tensor-check.js';
import { VitascopeError } from '../../pipeline/errors.js';

const luma: TensorSpec = { name: 'y', type: 'uint8', shape: [1, 1, 'h', 'w'] };
const mask: TensorSpec = { name: 'mask', type: 'float32', shape: ['h', 'w'] };
const u8 = (...shape: number[]): Tensor => inlineTensor('uint8', shape, new Uint8Array(shape.reduce((a, b) => a * b)));
const f32 = (...shape: number[]): Tensor =>
  inlineTensor('float32', shape, new Float32Array(shape.reduce((a, b) => a * b)));
const shared = (bytes: number, byteOffset: number, shape: number[]): Tensor => ({
  type: 'uint8',
  shape,
  buffer: new SharedArrayBuffer(bytes),
  byteOffset,
});

function complaint(specs: TensorSpec[], feeds: Record<string, Tensor>): string {
  try {
    checkFeeds('run(m)', specs, feeds);
  } catch (error) {
    expect(error).toBeInstanceOf(VitascopeError);
    expect((error as VitascopeError).code).toBe('INFERENCE_INPUT');
    return (error as VitascopeError).message;
  }
  return 'fine';
}

describe('checkFeeds', () => {
  it.each<[string, TensorSpec[], Record<string, Tensor>, string]>([
    ['any size for a symbol', [luma], { y: u8(1, 1, 4, 6) }, 'fine'],
    ['shared memory', [luma], { y: shared(40, 16, [1, 1, 4, 6]) }, 'fine'],
    ['any shape where the file tells none', [{ ...luma, shape: [] }], { y: u8(3, 3) }, 'fine'],
    ['equal sizes for one symbol', [luma, mask], { y: u8(1, 1, 4, 6), mask: f32(4, 6) }, 'fine'],
    ['different sizes for ?', [{ ...mask, shape: ['?', '?'] }], { mask: f32(4, 6) }, 'fine'],
    [
      'a wrong type',
      [luma],
      { y: f32(1, 1, 4, 6) },
      'run(m): input "y" expects uint8 [1,1,h,w], got float32 [1,1,4,6]',
    ],
    ['a wrong size', [luma], { y: u8(1, 3, 4, 6) }, 'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [1,3,4,6]'],
    ['a wrong rank', [luma], { y: u8(4, 6) }, 'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [4,6]'],
    ['a missing input', [luma], {}, 'run(m): input "y" expects uint8 [1,1,h,w], got nothing'],
    ['an unknown input', [luma, mask], { luma: u8(1) }, 'run(m): input names are "y", "mask", got "luma"'],
    [
      'a size that is no integer',
      [luma],
      { y: inlineTensor('uint8', [1, 1, 0.5, 2], new Uint8Array(1)) },
      'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [1,1,0.5,2]',
    ],
    [
      'different sizes for one symbol',
      [luma, mask],
      { y: u8(1, 1, 4, 6), mask: f32(4, 5) },
      'run(m): input "mask" expects float32 [h,w], got float32 [4,5] while "y" has w = 6',
    ],
    [
      'too few elements',
      [luma],
      { y: inlineTensor('uint8', [1, 1, 2, 2], new Uint8Array(3)) },
      'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [1,1,2,2] with 3 elements',
    ],
    [
      'an array of another kind than the type says',
      [luma],
      { y: { type: 'uint8', shape: [1, 1, 1, 2], data: new Float32Array(2) } as unknown as Tensor },
      'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [1,1,1,2] in a Float32Array',
    ],
    [
      'a piece that sticks out of the shared buffer',
      [luma],
      { y: shared(32, 16, [1, 1, 4, 6]) },
      'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [1,1,4,6] in bytes 16 to 40 of a buffer of 32',
    ],
    [
      'an ordinary buffer given as shared',
      [luma],
      { y: { type: 'uint8', shape: [1, 1, 1, 1], buffer: new ArrayBuffer(1), byteOffset: 0 } as unknown as Tensor },
      'run(m): input "y" expects uint8 [1,1,h,w], got uint8 [1,1,1,1] in a buffer that is not shared',
    ],
  ])('meets %s', (_, specs, feeds, expected) => {
    expect(complaint(specs, feeds)).toBe(expected);
  });
});

describe('checkTargets', () => {
  it('takes some of the outputs, inline or shared', () => {
    expect(() => checkTargets('run(m)', [luma, mask], { mask: 'inline' })).not.toThrow();
    expect(() =>
      checkTargets('run(m)', [luma], {
        y: { type: 'uint8', shape: [1, 1, 2, 2], buffer: new SharedArrayBuffer(4), byteOffset: 0 },
      }),
    ).not.toThrow();
  });

  it('refuses an unknown name, a wrong type and an empty choice', () => {
    expect(() => checkTargets('run(m)', [luma], { z: 'inline' })).toThrow('run(m): output names are "y", got "z"');
    expect(() =>
      checkTargets('run(m)', [luma], {
        y: { type: 'float32', shape: [1, 1, 2, 2], buffer: new SharedArrayBuffer(16), byteOffset: 0 },
      }),
    ).toThrow('run(m): output "y" expects uint8 [1,1,h,w], got float32 [1,1,2,2]');
    expect(() => checkTargets('run(m)', [luma], {})).toThrow('outputs must name at least one output, got none');
  });
});
