import type { Observable } from 'rxjs';
import { createGraph } from '../../pipeline/graph/graph.js';
import { GraphMetrics } from '../../pipeline/metrics.js';
import type { FigureValue } from '../../pipeline/node-figures.js';
import type { OperatorDefinition } from '../../pipeline/operator.js';
import type { VideoSample } from '../../pipeline/sample.js';
import { collect } from './frames.js';

/** What an operator has counted in a graph in which it stands alone, after all frames. */
export async function reportedBy(
  definition: OperatorDefinition,
  options: object,
  frames: Observable<VideoSample>,
): Promise<readonly FigureValue[]> {
  // What it needs is attached before the graph.
  const operator = { ...definition, requires: [] };
  const graph = createGraph({ nodes: { node: { use: operator, with: options } } }, { operators: [] });
  const metrics = new GraphMetrics();
  await collect(graph.build(frames, metrics));
  return metrics.snapshot()[0]?.figures ?? [];
}
