import type { GraphStage } from '../../model-source.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { InlineTensor } from '../../tensor.js';
import type { CtcSteps } from './ctc.js';

export interface CtcStageOptions {
  /** Steps come first, `[T, N, classes]`; else lines do, `[N, T, classes]`. */
  readonly stepsFirst: boolean;
  /** The network left the softmax out. */
  readonly logits: boolean;
}

/** Classes that a step keeps: what lies behind them has next to no probability. */
const KEPT = 16;

/**
 * The graph after a CTC network: keeps the likeliest classes of each step.
 *
 * Outputs: `scores`, float32 `[N, T, K]`, and `labels`, int32 `[N, T, K]`, the likeliest first.
 *
 * @param output Name of the network's output.
 */
export function ctcStage(output: string, { stepsFirst, logits }: CtcStageOptions): GraphStage {
  const graph = new GraphBuilder('ctc');
  const raw = graph.input(output, 'float32', stepsFirst ? ['T', 'N', 'C'] : ['N', 'T', 'C']);
  const ordered = stepsFirst ? graph.node('Transpose', [raw], { perm: [1, 0, 2] }) : raw;
  const probabilities = logits ? graph.node('Softmax', [ordered], { axis: 2 }) : ordered;
  const classes = graph.node('Shape', [raw], { start: 2, end: 3 });
  const count = graph.node('Min', [classes, graph.ints([1], [KEPT])]);
  const [scores, labels] = graph.nodes('TopK', [probabilities, count], 2, { axis: 2 });
  if (scores === undefined || labels === undefined) throw new TypeError('TopK has two outputs');
  graph.output('scores', scores, 'float32', ['N', 'T', 'K']);
  graph.output('labels', graph.cast(labels, 'int32'), 'int32', ['N', 'T', 'K']);
  return { id: 'ctc', model: graph.build() };
}

/** Line by line, what {@link ctcStage} gave. */
export function ctcSteps(outputs: Readonly<Record<string, InlineTensor>>): CtcSteps[] {
  const [scores, labels] = [outputs.scores as InlineTensor, outputs.labels as InlineTensor];
  const [lines = 0, steps = 0, width = 0] = scores.shape;
  const size = steps * width;
  return Array.from({ length: lines }, (_, i) => ({
    steps,
    width,
    labels: (labels.data as Int32Array).subarray(i * size, (i + 1) * size),
    scores: (scores.data as Float32Array).subarray(i * size, (i + 1) * size),
  }));
}
