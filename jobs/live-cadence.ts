import type { Graph } from '../pipeline/graph/graph.js';
import { isRecord } from '../pipeline/graph/is-record.js';
import { checkOptions } from '../pipeline/graph/options.js';

/**
 * The graph as live streams run it: operators with a cadence (`every`) that nobody has chosen, and that can adapt it, look anew as often as the machine can,
 * and carry their result along in between.
 */
export function liveCadence(graph: Graph): Graph {
  return graph.nodes.reduce((changed, { name, operator, given, options }) => {
    if (!isRecord(options) || !('every' in options) || 'every' in given) return changed;
    const adapting = { ...given, every: 'auto' };
    return checkOptions(operator, adapting).problems === undefined ? changed.withOptions(name, adapting) : changed;
  }, graph);
}
