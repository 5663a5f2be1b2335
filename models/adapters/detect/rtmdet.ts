import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { outputAt } from '../picture/model-tensors.js';
import { type DetectorFamily, networkOutput } from './candidates.js';

/** Exports of MMDeploy have done non-maximum suppression inside; the second output, if there is one, holds the classes. */
export const rtmdet: DetectorFamily = {
  units: 'pixels',
  choice: 'top',
  classes: ({ adapter }) => (adapter.labels === 'coco-80' ? 80 : 1),
  decode(graph, context) {
    const dets = networkOutput(graph, outputAt(context.who, context.tensors, 0, '[1, N, 5]'));
    const scores = graph.slice(dets, 1, 4, 5);
    const classes = this.classes(context);
    return {
      boxes: graph.slice(dets, 1, 0, 4),
      scores: classes === 1 ? scores : inColumns(graph, scores, labels(graph, context.tensors.outputs[1]), classes),
    };
  },
};

function labels(graph: GraphBuilder, spec: Parameters<typeof networkOutput>[1] | undefined): Value | undefined {
  return spec === undefined ? undefined : networkOutput(graph, spec);
}

/** Puts each score into the column of its class, `[N, classes]`; zeros elsewhere. */
function inColumns(graph: GraphBuilder, scores: Value, label: Value | undefined, classes: number): Value {
  if (label === undefined) return scores;
  const column = graph.node('Unsqueeze', [label, graph.ints([1], [1])]);
  const all = graph.floats(
    [1, classes],
    Array.from({ length: classes }, (_, i) => i),
  );
  return graph.node('Mul', [graph.cast(graph.node('Equal', [column, all]), 'float32'), scores]);
}
