import type { PortType } from '../operator.js';
import { formatReference, type PortReference, SOURCE } from './document.js';
import { type DraftGraph, type DraftInput, type DraftNode, title } from './link.js';
import type { ProblemList } from './problems.js';

/**
 * Checks the wiring of a graph: types, cycles, metadata, loose ends.
 *
 * @returns the nodes in an order in which each comes after all that feed it; of no use when there are problems.
 */
export function checkWiring(graph: DraftGraph, problems: ProblemList): readonly DraftNode[] {
  checkTypes(graph, problems);
  checkUse(graph, problems);
  const before = problems.length;
  const order = sortNodes(graph, problems);
  if (problems.length === before) checkMetadata(order, problems);
  return order;
}

function checkTypes(graph: DraftGraph, problems: ProblemList): void {
  const complain = (from: PortReference, wanted: PortType, path: DraftInput['path'], who: string): void => {
    const type = typeOf(graph, from);
    if (type === undefined || type === wanted) return;
    problems.add('GRAPH_TYPE', path, `${who} takes ${wanted}, but ${nameOf(graph, from)} gives ${type}`);
  };
  for (const { raw, operator, inputs } of graph.nodes.values()) {
    for (const input of inputs) {
      if (input.from === undefined || operator === undefined) continue;
      complain(input.from, input.type, input.path, `${title(raw, operator)}: input "${input.port}"`);
    }
  }
  if (graph.output !== undefined) complain(graph.output, 'video', ['output'], 'output');
}

function checkUse(graph: DraftGraph, problems: ProblemList): void {
  const { raw, nodes, used } = graph;
  if (raw.video === 'copy' && nodes.size > 0) {
    problems.add('GRAPH_INVALID', ['video'], 'video: copy decodes nothing, so a graph with nodes needs process');
  }
  const lastNode = raw.output === undefined ? raw.nodes.at(-1)?.name : undefined;
  for (const name of nodes.keys()) {
    if (used.has(name) || name === lastNode) continue;
    const { paths } = (nodes.get(name) as DraftNode).raw;
    problems.add('GRAPH_INVALID', paths.node, `node ${name}: its output goes nowhere; connect it or remove it`, 'key');
  }
  if (problems.length === 0 && !used.has(SOURCE.node)) {
    problems.add('GRAPH_INVALID', ['nodes'], 'graph: no node takes the film; connect one with from: source');
  }
}

/** Orders nodes by depth-first search from each towards the source; a node met again on the way there closes a cycle. */
function sortNodes(graph: DraftGraph, problems: ProblemList): readonly DraftNode[] {
  const order: DraftNode[] = [];
  const done = new Set<DraftNode>();
  const way: DraftNode[] = [];
  const visit = (node: DraftNode): void => {
    if (done.has(node)) return;
    const met = way.indexOf(node);
    if (met >= 0) {
      reportCycle(way.slice(met), problems);
      return;
    }
    way.push(node);
    for (const { from } of node.inputs) {
      const upstream = from && graph.nodes.get(from.node);
      if (upstream !== undefined) visit(upstream);
    }
    way.pop();
    done.add(node);
    order.push(node);
  };
  for (const node of graph.nodes.values()) visit(node);
  return order;
}

function reportCycle(towardsSource: readonly DraftNode[], problems: ProblemList): void {
  const names = towardsSource.map((n) => n.raw.name).reverse();
  const [first] = towardsSource;
  if (first === undefined) return;
  const round = [first.raw.name, ...names].join(' → ');
  problems.add('GRAPH_CYCLE', first.raw.paths.from, `graph: leads back into itself: ${round}`);
}

/** Metadata reaches a node along any of its inputs. */
function checkMetadata(order: readonly DraftNode[], problems: ProblemList): void {
  const attached = new Map<string, ReadonlySet<string>>([[SOURCE.node, new Set()]]);
  for (const { raw, operator, inputs } of order) {
    const arriving = new Set(inputs.flatMap(({ from }) => [...(attached.get(from?.node ?? '') ?? [])]));
    if (operator === undefined) continue;
    for (const key of operator.requires) {
      if (arriving.has(key)) continue;
      const message = `${title(raw, operator)}: needs the metadata "${key}", which no node before it attaches`;
      problems.add('GRAPH_TYPE', raw.paths.node, message, 'key');
    }
    attached.set(raw.name, new Set([...arriving, ...operator.provides]));
  }
}

function typeOf(graph: DraftGraph, { node, port }: PortReference): PortType | undefined {
  return node === SOURCE.node ? 'video' : graph.nodes.get(node)?.operator?.outputs[port];
}

function nameOf(graph: DraftGraph, reference: PortReference): string {
  const outputs = graph.nodes.get(reference.node)?.operator?.outputs ?? {};
  return formatReference(reference, Object.keys(outputs).length);
}
