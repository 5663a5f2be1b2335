import { formatChangedOptions } from './describe.js';
import { type GraphNode, type PortReference, SOURCE } from './document.js';
import type { Graph } from './graph.js';

/** A graph as a Mermaid flowchart (mermaid.js.org), from left to right; edges into joins carry the name of the port. */
export function graphToMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map((node, i) => [node.name, `n${i + 1}`]));
  const idOf = ({ node }: PortReference): string => (node === SOURCE.node ? 'source' : (ids.get(node) as string));
  const lines = ['flowchart LR', '  source([source])'];
  for (const node of graph.nodes) lines.push(`  ${ids.get(node.name)}["${label(node)}"]`);
  lines.push('  output([output])');
  for (const node of graph.nodes) {
    for (const { from, port } of node.inputs) {
      const name = edgeName(graph, from, node.inputs.length > 1 ? port : undefined);
      lines.push(`  ${idOf(from)} -->${name} ${ids.get(node.name)}`);
    }
  }
  lines.push(`  ${idOf(graph.output)} -->${edgeName(graph, graph.output, undefined)} output`);
  return `${lines.join('\n')}\n`;
}

function label(node: GraphNode): string {
  const operator = node.operator.name === node.name ? [] : [node.operator.name];
  const options = formatChangedOptions(node);
  return [node.name, ...operator, ...(options === '' ? [] : [options])].map(escapeLabel).join('<br/>');
}

/** Says which of several outputs an edge leaves by, and which of several inputs it enters by. */
function edgeName(graph: Graph, from: PortReference, to: string | undefined): string {
  if (graph.video === 'copy') return '|packets|';
  const node = graph.nodes.find((n) => n.name === from.node);
  const several = node !== undefined && Object.keys(node.operator.outputs).length > 1;
  const ends = [several ? from.port : undefined, to].filter((end) => end !== undefined);
  return ends.length === 0 ? '' : `|${ends.join(' to ')}|`;
}

function escapeLabel(text: string): string {
  return text.replace(/[&<>"#[\]{}|`]/g, (c) => `#${c.codePointAt(0)};`);
}
