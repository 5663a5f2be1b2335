import { describe, expect, it } from 'vitest';
import { withFreeSize } from '../../../models/onnx/free-size.js';
import { decodeModel, encodeModel, type ModelProto, type ValueInfoProto } from '../../../models/onnx/model-proto.js';

function value(name: string, ...sizes: readonly (number | string)[]): ValueInfoProto {
  const dim = sizes.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: 1, shape: { dim } } } };
}

function sizesOf(values: readonly ValueInfoProto[] | undefined): Record<string, (number | string)[]> {
  return Object.fromEntries(
    (values ?? []).map(({ name, type }) => [
      name ?? '',
      (type?.tensorType?.shape?.dim ?? []).map(({ dimValue, dimParam }) => dimParam || (dimValue ?? 0)),
    ]),
  );
}

const model: ModelProto = {
  irVersion: 3,
  producerName: 'test',
  metadataProps: [{ key: 'author', value: 'somebody' }],
  graph: {
    name: 'graph',
    node: [{ opType: 'Conv', input: ['image', 'weights'], output: ['result'] }],
    initializer: [{ name: 'weights', dims: [3, 3, 1, 1], dataType: 1, rawData: new Uint8Array(36).fill(7) }],
    // Old files list weights among the inputs.
    input: [value('image', 1, 3, 224, 224), value('weights', 3, 3, 1, 1), value('strength', 1)],
    output: [value('result', 1, 3, 224, 224)],
  },
};

describe('withFreeSize', () => {
  const names = ['image', 'result', 'strength'];

  it('makes symbols of height and width of the images, and leaves everything else as it is', () => {
    const free = decodeModel(withFreeSize(encodeModel(model), names, [2, 3]));
    expect(sizesOf(free.graph?.input)).toEqual({
      image: [1, 3, 'height', 'width'],
      weights: [3, 3, 1, 1],
      strength: [1],
    });
    expect(sizesOf(free.graph?.output)).toEqual({ result: [1, 3, 'heightOut', 'widthOut'] });
    const given = decodeModel(encodeModel(model));
    const rest = (proto: ModelProto) => ({ ...proto, graph: { ...proto.graph, input: [], output: [] } });
    expect(rest(free)).toEqual(rest(given));
  });

  it('takes the axes that it is given', () => {
    const free = decodeModel(withFreeSize(encodeModel(model), ['image'], [1, 2]));
    expect(sizesOf(free.graph?.input).image).toEqual([1, 'height', 'width', 224]);
    expect(sizesOf(free.graph?.output).result).toEqual([1, 3, 224, 224]);
  });

  it('keeps fields that it does not know, and drops the sizes of inner tensors', () => {
    const bytes = encodeModel(model);
    const unknown = Uint8Array.of((9 << 3) | 2, 3, 1, 2, 3);
    // Field 9 of the model and, inside the graph, field 13: an inner tensor.
    const valueInfo = Uint8Array.of((13 << 3) | 2, 3, 10, 1, 120);
    const graphOnly = encodeModel({ graph: { name: 'inner' } });
    const graph = Buffer.concat([graphOnly.subarray(2), valueInfo]);
    const file = Buffer.concat([unknown, Uint8Array.of((7 << 3) | 2, graph.length), graph]);
    expect(Buffer.from(withFreeSize(file, names, [2, 3]))).toEqual(
      Buffer.concat([unknown, Uint8Array.of((7 << 3) | 2, graph.length - valueInfo.length), graphOnly.subarray(2)]),
    );
    expect(Buffer.from(withFreeSize(bytes, [], [2, 3]))).toEqual(Buffer.from(bytes));
  });
});
