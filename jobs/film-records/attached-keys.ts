import { listGraphs, loadGraph } from '../../config/load-graph.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { VitascopeError } from '../../pipeline/index.js';
import { type Exported, exportable } from './export-format.js';
import type { RecordFile } from './record-plan.js';

/** Keys of metadata that the frames which leave a graph may have. */
export function attachedKeys(graph: Graph): ReadonlySet<string> {
  const keys = new Set<string>();
  const upstream = new Set([graph.output.node]);
  for (const { name, operator, inputs } of [...graph.nodes].reverse()) {
    if (!upstream.has(name)) continue;
    for (const key of operator.provides) keys.add(key);
    for (const { from } of inputs) upstream.add(from.node);
  }
  return keys;
}

/** @throws VitascopeError `GRAPH_TYPE`, naming graphs that would do, when a graph attaches nothing that a file could hold. */
export async function checkAttaches(graph: Graph, files: readonly RecordFile[]): Promise<void> {
  const keys = attachedKeys(graph);
  for (const { form, path } of files) {
    const suits = (attached: ReadonlySet<string>): boolean =>
      form === 'metadata' ? attached.size > 0 : exportable(form).some((key) => attached.has(key));
    if (suits(keys)) continue;
    const others = await namesOfGraphs(suits);
    const lack = form === 'metadata' ? 'attaches no metadata' : lackOf(exportable(form));
    const advice = others.length === 0 ? '' : `; graphs that do: ${others.join(', ')}`;
    throw new VitascopeError('GRAPH_TYPE', `graph ${graph.name} ${lack}, so there is nothing for ${path}${advice}`, {
      context: { graph: graph.name, path, graphs: others },
    });
  }
}

function lackOf(keys: readonly Exported[]): string {
  const things = keys.map((key) => (key === 'poses' ? 'people' : 'text'));
  return `looks for no ${things.join(' or ')} (it attaches no ${keys.map((key) => `"${key}"`).join(' or ')})`;
}

/** Of the named graphs. */
async function namesOfGraphs(suits: (keys: ReadonlySet<string>) => boolean): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name } of await listGraphs()) {
    const graph = await loadGraph(name).catch(() => undefined);
    if (graph !== undefined && suits(attachedKeys(graph))) names.push(name);
  }
  return names;
}
