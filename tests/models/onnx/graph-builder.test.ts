import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { float, GraphBuilder, OPSET } from '../../../models/onnx/graph-builder.js';
import { decodeModel } from '../../../models/onnx/model-proto.js';

async function run(graph: GraphBuilder, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(graph.build());
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

describe('GraphBuilder', () => {
  it('builds a graph that the runtime runs', async () => {
    const graph = new GraphBuilder('affine');
    const x = graph.input('x', 'uint8', ['n']);
    const doubled = graph.node('Mul', [graph.cast(x, 'float32'), graph.scalar(2)]);
    graph.output('y', graph.node('Add', [doubled, graph.floats([1], [0.5])]), 'float32', ['n']);
    const { y } = await run(graph, { x: new Tensor('uint8', Uint8Array.of(1, 2, 200), [3]) });
    expect(y?.data).toEqual(Float32Array.of(2.5, 4.5, 400.5));
  });

  it('writes integers, floats, lists and text as attributes of their own types', async () => {
    const graph = new GraphBuilder('attributes');
    const x = graph.input('x', 'float32', [1, 2]);
    const leaky = graph.node('LeakyRelu', [x], { alpha: float(1) });
    const turned = graph.node('Transpose', [leaky], { perm: [1, 0] });
    const sizes = graph.ints([2], [4, 1]);
    const grown = graph.node('Resize', [turned, undefined, undefined, sizes], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
    graph.output('y', grown, 'float32', [4, 1]);
    const { y } = await run(graph, { x: new Tensor('float32', Float32Array.of(-1, 2), [1, 2]) });
    expect(y?.dims).toEqual([4, 1]);
    expect(y?.data).toEqual(Float32Array.of(-1, -1, 2, 2));
  });

  it('has nodes with several outputs, slices and new shapes', async () => {
    const graph = new GraphBuilder('parts');
    const x = graph.input('x', 'float32', [2, 3]);
    const [values, places] = graph.nodes('TopK', [x, graph.ints([1], [1])], 2, { axis: 1 });
    graph.output('largest', graph.reshape(values as never, [2]), 'float32', [2]);
    graph.output('place', places as never, 'int64', [2, 1]);
    graph.output('middle', graph.slice(x, 1, 1, 2), 'float32', [2, 1]);
    const result = await run(graph, { x: new Tensor('float32', Float32Array.of(1, 9, 3, 7, 5, 6), [2, 3]) });
    expect(result.largest?.data).toEqual(Float32Array.of(9, 7));
    expect(result.place?.data).toEqual(BigInt64Array.of(1n, 0n));
    expect(result.middle?.data).toEqual(Float32Array.of(9, 5));
  });

  it('says which operators it is written in', () => {
    const graph = new GraphBuilder('empty');
    graph.output('y', graph.scalar(1), 'float32', []);
    expect(decodeModel(graph.build())).toMatchObject({ opsetImport: [{ version: OPSET }], graph: { name: 'empty' } });
  });

  it('makes the same bytes every time', () => {
    const bytes = (): Uint8Array => {
      const graph = new GraphBuilder('same');
      graph.output('y', graph.node('Neg', [graph.input('x', 'float32', ['n'])]), 'float32', ['n']);
      return graph.build();
    };
    expect(bytes()).toEqual(bytes());
  });
});
