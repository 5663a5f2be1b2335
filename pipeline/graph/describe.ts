import { type GraphNode, type PortReference, SOURCE } from './document.js';
import type { Graph } from './graph.js';
import { changedOptions } from './options.js';

/**
 * A graph as text: one line a node in the order of the flow, with the options that differ from the defaults; branches are
 * drawn as a tree, and a join appears in full where its last input arrives.
 *
 * @example
 * restore: Deinterlace when needed, then colour black-and-white pictures.
 *
 * source
 * → deinterlace  when: interlaced
 * → colour (colorize)  strength: 0.8
 * → output
 */
export function describeGraph(graph: Graph): string {
  const title = graph.description === '' ? graph.name : `${graph.name}: ${graph.description}`;
  if (graph.video === 'copy') return `${title}\n\nsource\n→ output  (packets are copied, nothing is decoded)\n`;
  return `${title}\n\n${new FlowText(graph).lines.join('\n')}\n`;
}

/** `strength: 0.8, when: always`, or nothing when all options are the defaults. */
export function formatChangedOptions(node: GraphNode): string {
  return Object.entries(changedOptions(node.operator, node.options))
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** What takes a port's samples: an input of a node, or the output of the graph. */
interface Consumer {
  readonly node: GraphNode | undefined;
  readonly port: string;
}

class FlowText {
  readonly lines: string[] = ['source'];
  readonly #graph: Graph;
  readonly #arrived = new Map<GraphNode, number>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#follow([SOURCE], '');
  }

  #follow(ports: readonly PortReference[], indent: string): void {
    const consumers = ports.flatMap((port) => this.#consumersOf(port));
    if (consumers.length === 1) {
      this.#show(consumers[0] as Consumer, `${indent}→ `, indent);
      return;
    }
    for (const [i, consumer] of consumers.entries()) {
      const last = i === consumers.length - 1;
      this.#show(consumer, `${indent}${last ? '└─' : '├─'}→ `, `${indent}${last ? '   ' : '│  '}`);
    }
  }

  #show({ node, port }: Consumer, lead: string, indent: string): void {
    if (node === undefined) {
      this.lines.push(`${lead}output`);
      return;
    }
    const arrived = (this.#arrived.get(node) ?? 0) + 1;
    this.#arrived.set(node, arrived);
    const name = node.inputs.length > 1 ? `${node.name}.${port}` : node.name;
    if (arrived < node.inputs.length) {
      this.lines.push(`${lead}${name}  (joined below)`);
      return;
    }
    const operator = node.operator.name === node.name ? '' : ` (${node.operator.name})`;
    const options = formatChangedOptions(node);
    this.lines.push(`${lead}${name}${operator}${options === '' ? '' : `  ${options}`}`);
    this.#follow(
      Object.keys(node.operator.outputs).map((output) => ({ node: node.name, port: output })),
      indent,
    );
  }

  #consumersOf(from: PortReference): readonly Consumer[] {
    const feeds = (to: PortReference): boolean => to.node === from.node && to.port === from.port;
    const consumers: Consumer[] = this.#graph.nodes.flatMap((node) =>
      node.inputs.filter((input) => feeds(input.from)).map(({ port }) => ({ node, port })),
    );
    return feeds(this.#graph.output) ? [...consumers, { node: undefined, port: '' }] : consumers;
  }
}
