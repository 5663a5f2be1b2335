import type { GraphStage } from '../../model-source.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';

/** Names of the tensors that {@link dbStage} gives. */
export const dbOutputs = ['runStarts', 'runEnds', 'rowSums'] as const;

/**
 * The graph after a DB text detector: takes its map of probabilities apart into what the search for boxes needs, so that no pixels are visited
 * in JavaScript.
 *
 * Input: the map, float32 `[1, 1, H, W]`. Outputs: `runStarts` and `runEnds`, int32 `[2, R]` (rows, columns; the first and the last pixel of each
 * run above the threshold, row by row), and `rowSums`, float32 `[H, W + 1]`: sums of probabilities along rows, from 0 at the left edge.
 *
 * @param map Name of the network's output.
 */
export function dbStage(
  map: string,
  { threshold, logits }: { readonly threshold: number; readonly logits: boolean },
): GraphStage {
  const graph = new GraphBuilder('db');
  const raw = graph.input(map, 'float32', [1, 1, 'H', 'W']);
  const probabilities = graph.node('Squeeze', [logits ? graph.node('Sigmoid', [raw]) : raw, graph.ints([2], [0, 1])]);
  const text = graph.cast(graph.node('Greater', [probabilities, graph.scalar(threshold)]), 'float32');
  graph.output('runStarts', edges(graph, text, [0, 1, 0, 0], [0, -1]), 'int32', [2, 'R']);
  graph.output('runEnds', edges(graph, text, [0, 0, 0, 1], [1, Number.MAX_SAFE_INTEGER]), 'int32', [2, 'R']);
  const sums = graph.node('CumSum', [probabilities, graph.ints([], [1])]);
  const padded = graph.node('Pad', [sums, graph.ints([4], [0, 1, 0, 0]), graph.scalar(0)], { mode: 'constant' });
  graph.output('rowSums', padded, 'float32', ['H', 'S']);
  return { id: 'db', model: graph.build() };
}

/** Where `text` is 1 and its neighbour on one side is not: int32 `[2, R]`. */
function edges(
  graph: GraphBuilder,
  text: Value,
  pads: readonly number[],
  [from, to]: readonly [number, number],
): Value {
  const padded = graph.node('Pad', [text, graph.ints([4], pads), graph.scalar(0)], { mode: 'constant' });
  const neighbour = graph.slice(padded, 1, from, to);
  return graph.cast(graph.node('NonZero', [graph.node('Greater', [text, neighbour])]), 'int32');
}
