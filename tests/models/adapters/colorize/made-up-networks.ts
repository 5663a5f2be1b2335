import { GraphBuilder, type Value } from '../../../../models/onnx/graph-builder.js';
import type { TensorType } from '../../../../models/tensor.js';

export interface MadeUpOptions {
  /** Side of the picture; a word leaves it free. */
  readonly side?: number | string;
  readonly type?: TensorType;
  /** Value of white. */
  readonly white?: number;
}

/** Networks whose answers can be computed by hand: those of `tests/referees/color_networks.py`. */
export const madeUpNetworks = {
  /** a = 80 R − 30, b = 40 − 90 G. */
  ddcolor: ({ side = 'S', type = 'float32' }: MadeUpOptions = {}) =>
    network('ddcolor', type, [[3, side]], (graph, [rgb]) =>
      conv(graph, rgb as Value, [
        [80, 0, 0, -30],
        [0, -90, 0, 40],
      ]),
    ),
  /** a = 0.5 L − 20, b = 25 − 0.4 L. */
  eccv16: ({ side = 40, type = 'float32' }: MadeUpOptions = {}) =>
    network('eccv16', type, [[1, side]], (graph, [light]) =>
      conv(graph, light as Value, [
        [0.5, -20],
        [-0.4, 25],
      ]),
    ),
  /** The same, plus hints. */
  siggraph17: ({ side = 'S', type = 'float32' }: MadeUpOptions = {}) =>
    network(
      'siggraph17',
      type,
      [
        [1, side],
        [2, side],
        [1, side],
      ],
      (graph, [light, hints, mask]) => {
        const plain = conv(graph, light as Value, [
          [0.5, -20],
          [-0.4, 25],
        ]);
        const hinted = graph.node('Add', [plain, hints]);
        return graph.node('Add', [hinted, graph.node('Mul', [mask, graph.scalar(100)])]);
      },
    ),
  /** R = 0.8 R + 0.2, G = 0.7 G, B = 1 − 0.9 B, of `white`. */
  deoldify: ({ side = 'S', type = 'float32', white = 1 }: MadeUpOptions = {}) =>
    network('deoldify', type, [[3, side]], (graph, [rgb]) =>
      conv(graph, rgb as Value, [
        [0.8, 0, 0, 0.2 * white],
        [0, 0.7, 0, 0],
        [0, 0, -0.9, white],
      ]),
    ),
};

function network(
  name: string,
  type: TensorType,
  inputs: readonly (readonly [channels: number, side: number | string])[],
  answer: (graph: GraphBuilder, inputs: readonly Value[]) => Value,
): Uint8Array {
  const graph = new GraphBuilder(name);
  const given = inputs.map(([channels, side], i) => graph.input(`in${i}`, type, [1, channels, side, side]));
  const result = answer(
    graph,
    given.map((value) => graph.cast(value, 'float32')),
  );
  const side = inputs[0]?.[1] ?? 'S';
  graph.output('answer', graph.cast(result, type), type, [1, name === 'deoldify' ? 3 : 2, side, side]);
  return graph.build();
}

/** A 1×1 convolution; the last number of a row is added. */
function conv(graph: GraphBuilder, image: Value, rows: readonly (readonly number[])[]): Value {
  const channels = (rows[0]?.length ?? 1) - 1;
  const weights = graph.floats(
    [rows.length, channels, 1, 1],
    rows.flatMap((row) => row.slice(0, -1)),
  );
  return graph.node('Conv', [
    image,
    weights,
    graph.floats(
      [rows.length],
      rows.map((row) => row.at(-1) ?? 0),
    ),
  ]);
}
