import { describe, expect, it } from 'vitest';
import { type AddedModelFlags, describeAddedModel } from '../../cli/models/added-model.js';
import { findCatalogEntry } from '../../models/catalog/load-catalog.js';
import type { ModelContract } from '../../models/model-contract.js';
import type { TensorSpec } from '../../models/tensor.js';

const tensor = (name: string, shape: TensorSpec['shape'], type: TensorSpec['type'] = 'float32'): TensorSpec => ({
  name,
  type,
  shape,
});
const network = (input: TensorSpec, output = tensor('y', [1, 3, 'h', 'w'])): ModelContract => ({
  inputs: [input],
  outputs: [output],
});
const describe1 = (flags: AddedModelFlags, graph: ModelContract) =>
  describeAddedModel(flags, new Map([['model.onnx', graph]]));

const stylize = { task: 'stylize', input: 'image:rgb:0-255', output: 'image:rgb:0-255' };

describe('a model that a person describes', () => {
  it('gets its family from its task, its contract from its file, and its pixels from the description', () => {
    expect(describe1(stylize, network(tensor('x', [1, 3, 224, 320])))).toEqual({
      task: 'stylize',
      family: 'image-to-image',
      contract: {
        'model.onnx': {
          inputs: [{ name: 'x', type: 'float32', shape: [1, 3, 224, 320] }],
          outputs: [{ name: 'y', type: 'float32', shape: [1, 3, 'h', 'w'] }],
        },
      },
      adapter: {
        ...{ layout: 'NCHW', channels: 'RGB', range: [0, 255], size: [224, 320], dtype: 'float32', scale: 1 },
        output: { layout: 'NCHW', channels: 'RGB', range: [0, 255], dtype: 'float32' },
      },
    });
  });

  it('feeds the element type of the file', () => {
    const half = network(tensor('x', [1, 3, 'h', 'w'], 'float16'));
    expect(describe1(stylize, half).adapter.dtype).toBe('float16');
    expect(() => describe1({ ...stylize, input: 'image:rgb:0-1:uint8' }, half)).toThrow(
      /--input says uint8, "x" of the file is float16 \[1,3,h,w\]/,
    );
  });

  it('knows how much an upscaler enlarges when the sizes are fixed, and asks when they are not', () => {
    const flags = { ...stylize, task: 'upscale' };
    const fixed = network(tensor('x', [1, 3, 64, 64]), tensor('y', [1, 3, 256, 256]));
    expect(describe1(flags, fixed).adapter.scale).toBe(4);
    const free = network(tensor('x', [1, 3, 'h', 'w']));
    expect(() => describe1(flags, free)).toThrow(/say how much larger the picture becomes/);
    expect(describe1({ ...flags, output: 'image:rgb:0-1:scale=2' }, free).adapter.scale).toBe(2);
  });

  it.each<[string, AddedModelFlags, ModelContract, RegExp]>([
    [
      'no task',
      { ...stylize, task: undefined as never },
      network(tensor('x', [])),
      /--task must be one of colorize, pose/,
    ],
    ['an unknown task', { ...stylize, task: 'sing' }, network(tensor('x', [])), /got "sing"/],
    [
      'no family where there are several',
      { ...stylize, task: 'detect' },
      network(tensor('x', [])),
      /--family must be one of yolox, fastestdet/,
    ],
    [
      'the family of another task',
      { ...stylize, family: 'yolox' },
      network(tensor('x', [])),
      /for the task stylize, got "yolox"/,
    ],
    ['no description', { task: 'stylize' }, network(tensor('x', [])), /say how the model wants its image/],
    [
      'no description of its output',
      { task: 'stylize', input: 'image:rgb:0-1' },
      network(tensor('x', [])),
      /gives an image: say how/,
    ],
    [
      'channels at the other end',
      stylize,
      network(tensor('x', [1, 64, 64, 3])),
      /NCHW with 3 channels, "x" of the file is float32 \[1,64,64,3\]; did you mean nhwc\?/,
    ],
    ['another number of channels', stylize, network(tensor('x', [1, 1, 64, 64])), /with 3 channels, .*\[1,1,64,64\]$/],
    ['no image', stylize, network(tensor('x', [1, 77], 'int64')), /images may be float32, float16/],
    ['three axes', stylize, network(tensor('x', [3, 64, 64])), /an image has four axes/],
    [
      'another size',
      { ...stylize, input: 'image:rgb:0-1:size=32x32' },
      network(tensor('x', [1, 3, 64, 64])),
      /says size=32x32, "x" of the file is \[1,3,64,64\]/,
    ],
    [
      'an output of another form',
      stylize,
      network(tensor('x', [1, 3, 64, 64]), tensor('y', [1, 1, 64, 64])),
      /--output says NCHW with 3 channels/,
    ],
  ])('is refused with %s', (_, flags, graph, message) => {
    expect(() => describe1(flags, graph)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }),
    );
  });
});

describe('a model like one of the catalog', () => {
  const yolox = network(tensor('images', [1, 3, 416, 416]), tensor('output', [1, 3549, 85]));

  it('takes over family, contract and parameters', () => {
    const { task, family, contract, adapter } = findCatalogEntry('yolox-nano');
    expect(describe1({ like: 'yolox-nano' }, yolox)).toEqual({ task, family, contract, adapter });
  });

  it('may want its pixels otherwise', () => {
    const { adapter } = describe1({ like: 'yolox-nano', input: 'image:rgb:0-1' }, yolox);
    expect(adapter).toMatchObject({ channels: 'RGB', range: [0, 1], strides: [8, 16, 32], pad: 114 });
  });

  it('must have its tensors and its task', () => {
    expect(() => describe1({ like: 'rfb-320' }, yolox)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining('input "input" must be') }),
    );
    expect(() => describe1({ like: 'yolox-nano', task: 'pose' }, yolox)).toThrow(
      /has the task detect, got --task pose/,
    );
    expect(() => describe1({ like: 'yolox-nanno' }, yolox)).toThrow(/did you mean "yolox-nano"/);
    expect(() => describe1({ like: 'opus-mt-en-fr' }, yolox)).toThrow(
      /has encoder.onnx, decoder.onnx; encoder.onnx was not given/,
    );
  });
});
