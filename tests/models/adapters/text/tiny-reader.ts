import { writeFile } from 'node:fs/promises';
import { GraphBuilder } from '../../../../models/onnx/graph-builder.js';
import { decodeModel, encodeModel } from '../../../../models/onnx/model-proto.js';

/**
 * A model with the contract of PP-OCR's readers, `x` float32 `[batch, 3, 48, w]` → float32 `[batch, w / 8, 4]`: the class of eight columns is
 * three times the absolute value of their mean, so that padding with gray is blank.
 */
export async function writeTinyReader(path: string, characters?: readonly string[]): Promise<string> {
  const graph = new GraphBuilder('tiny-reader');
  const x = graph.input('x', 'float32', ['batch', 3, 48, 'w']);
  const rows = graph.node('ReduceMean', [x, graph.ints([2], [1, 2])], { keepdims: 0 });
  const steps = graph.node(
    'ReduceMean',
    [graph.node('Reshape', [rows, graph.ints([3], [0, -1, 8])]), graph.ints([1], [2])],
    {
      keepdims: 0,
    },
  );
  const classes = graph.node('Round', [graph.node('Mul', [graph.node('Abs', [steps]), graph.scalar(3)])]);
  const values = graph.floats([2], [0.01, 0.97]);
  const output = graph.node('OneHot', [graph.cast(classes, 'int64'), graph.ints([], [4]), values], { axis: 2 });
  graph.output('softmax', output, 'float32', ['batch', 't', 4]);
  const model = decodeModel(graph.build());
  if (characters !== undefined) model.metadataProps = [{ key: 'character', value: characters.join('\n') }];
  await writeFile(path, encodeModel(model));
  return path;
}
