import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { type InlineTensor, inlineTensor } from '../../tensor.js';
import type { Candidates, DetectorFamily } from './candidates.js';

/** Names of what the last stage of a detector gives: boxes float32 `[M, 4]`, scores float32 `[M]`, classes int64 `[M]`. */
export const chosen = { boxes: 'detected.boxes', scores: 'detected.scores', classes: 'detected.classes' } as const;

/** How many and how good. */
export interface Choice {
  /** 0–1, exclusive. */
  readonly minScore: number;
  readonly maxIou: number;
  /** Of each class with `nms`, altogether with `top`. */
  readonly maxBoxes: number;
}

/** Feeds for the inputs that {@link chooseDetections} declares. */
export function choiceFeeds(choice: Choice, how: DetectorFamily['choice']): Readonly<Record<string, InlineTensor>> {
  const number = (value: number): InlineTensor => inlineTensor('float32', [1], Float32Array.of(value));
  return {
    'choice.maxBoxes': inlineTensor('int64', [1], BigInt64Array.of(BigInt(choice.maxBoxes))),
    ...(how === 'nms' ? { 'choice.minScore': number(choice.minScore), 'choice.maxIou': number(choice.maxIou) } : {}),
  };
}

/** Chooses among candidates and makes the outcome the graph's outputs, {@link chosen}. With `top`, low scores are the caller's to drop. Gives the indices of box and class of the chosen. */
export function chooseDetections(graph: GraphBuilder, candidates: Candidates, how: DetectorFamily['choice']): Pairs {
  const { box, klass } = how === 'nms' ? suppress(graph, candidates) : best(graph, candidates);
  const axis = graph.ints([1], [1]);
  const pair = graph.node('Concat', [graph.node('Unsqueeze', [box, axis]), graph.node('Unsqueeze', [klass, axis])], {
    axis: 1,
  });
  graph.output(chosen.boxes, graph.node('Gather', [candidates.boxes, box], { axis: 0 }), 'float32', ['M', 4]);
  graph.output(chosen.scores, graph.node('GatherND', [candidates.scores, pair]), 'float32', ['M']);
  graph.output(chosen.classes, klass, 'int64', ['M']);
  return { box, klass };
}

interface Pairs {
  /** int64 `[M]` */
  readonly box: Value;
  readonly klass: Value;
}

function suppress(graph: GraphBuilder, { boxes, scores }: Candidates): Pairs {
  const first = graph.ints([1], [0]);
  const peak = graph.node('ReduceMax', [scores, graph.ints([1], [1])], { keepdims: 1 });
  const bestOnly = graph.node('Where', [graph.node('Equal', [scores, peak]), scores, graph.scalar(0)]);
  const byClass = graph.node('Transpose', [bestOnly], { perm: [1, 0] });
  const chosenOnes = graph.node('NonMaxSuppression', [
    graph.node('Unsqueeze', [boxes, first]),
    graph.node('Unsqueeze', [byClass, first]),
    graph.input('choice.maxBoxes', 'int64', [1]),
    graph.input('choice.maxIou', 'float32', [1]),
    graph.input('choice.minScore', 'float32', [1]),
  ]);
  const column = (at: number): Value => graph.reshape(graph.slice(chosenOnes, 1, at, at + 1), [-1]);
  return { box: column(2), klass: column(1) };
}

function best(graph: GraphBuilder, { scores }: Candidates): Pairs {
  const flat = graph.reshape(scores, [-1]);
  const wanted = graph.input('choice.maxBoxes', 'int64', [1]);
  const count = graph.node('Min', [wanted, graph.node('Shape', [flat])]);
  const [, index] = graph.nodes('TopK', [flat, count], 2, { axis: 0 });
  const classes = graph.node('Shape', [scores], { start: 1, end: 2 });
  return { box: graph.node('Div', [index, classes]), klass: graph.node('Mod', [index, classes]) };
}
