import type { GraphStage } from '../../model-source.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';

/** Tokens that are looked at after each step, the likeliest ones. */
const KEPT = 32;

/**
 * The graph after a text decoder: the likeliest tokens after the last one of each row, so that the logits of a whole vocabulary stay with the
 * runtime.
 *
 * Input: logits, float32 `[batch, n, vocabulary]`. Outputs: `tokens`, int32 `[batch, K]`, and `logProbabilities`, float32 `[batch, K]`, the likeliest
 * first.
 *
 * @param logits Name of the decoder's output.
 */
export function nextTokenStage(logits: string): GraphStage {
  const graph = new GraphBuilder('next-token');
  const all = graph.input(logits, 'float32', ['batch', 'n', 'vocabulary']);
  const last = graph.node('Gather', [all, graph.ints([], [-1])], { axis: 1 });
  const scores = graph.node('LogSoftmax', [last], { axis: 1 });
  const count = graph.node('Min', [graph.node('Shape', [all], { start: 2, end: 3 }), graph.ints([1], [KEPT])]);
  const [values, indices] = graph.nodes('TopK', [scores, count], 2, { axis: 1 });
  if (values === undefined || indices === undefined) throw new TypeError('TopK has two outputs');
  graph.output('logProbabilities', values, 'float32', ['batch', 'K']);
  graph.output('tokens', graph.cast(indices, 'int32'), 'int32', ['batch', 'K']);
  return { id: 'next token', model: graph.build() };
}
