import { VitascopeError } from '../errors.js';
import type { FrameDemand } from '../operator.js';
import { type GraphNode, SOURCE } from './document.js';

/** How many slots a frame pool needs. */
export interface PoolSize {
  /** With fewer, the graph could stand still: every slot held by a node that waits for one frame more. */
  readonly minimum: number;
  /** With these, every node may hold as many frames as it can use while the source fills the next. */
  readonly recommended: number;
}

export interface PoolSizeOptions {
  /** Frames the sink may hold at once (its queue, the encoder's look-ahead if that keeps slots). Default 1. */
  readonly sinkHolds?: number;
  /** Of those, how many it must hold before it lets one go. Default 1. */
  readonly sinkNeeds?: number;
  /** Slots that the user asked for, to be checked against the minimum. */
  readonly requested?: number;
  /** Size the pool of this node, which makes frames of its own, instead of the source's. */
  readonly producer?: string;
}

/**
 * Sizes the pool of a producer of frames: the source, or a node that makes its own.
 *
 * Every node keeps order, so the pictures that are open at one time are a run of consecutive ones, and a picture is one
 * slot however many branches hold it. The run reaches from the oldest picture still held to the newest that was let in.
 * Nodes on one way from producer to sink follow each other, so their demands add up; ways beside each other hold *the
 * same* pictures, so of several ways the longest counts. That also covers joins: what arrives early on the short way waits
 * there for what is late on the long one, and is no more than the long way holds.
 *
 * - `minimum = 1 + max over ways of Σ (needs − 1)`: each node on the way may sit on `needs − 1` frames and wait for one
 *   more; one further frame is then enough to move the last of them.
 * - `recommended = 1 + max over ways of Σ holds`: all nodes and the sink are full, and the producer fills one frame more.
 *
 * Nodes that replace frames give slots back earlier than this assumes; the figures are then on the safe side. `needs` counts
 * the inputs a node must have *seen*, even if it gives their slots back at once: at a join, what ran beside it has kept them.
 *
 * @throws VitascopeError `GRAPH_POOL` when `requested` is below the minimum.
 */
export function poolSize(nodes: readonly GraphNode[], output: string, options: PoolSizeOptions = {}): PoolSize {
  const { producer = SOURCE.node, requested } = options;
  const sink = demandOf({ holds: options.sinkHolds ?? 1, needs: options.sinkNeeds ?? 1 });
  const waiting = longestWay(nodes, producer, output, (n) => demandOf(n.operator.demand(n.options)).needs - 1);
  const holding = longestWay(nodes, producer, output, (n) => demandOf(n.operator.demand(n.options)).holds);
  const minimum = 1 + waiting.length + (sink.needs - 1);
  if (requested !== undefined && requested < minimum) {
    const ways = waiting.names.length === 0 ? '' : ` along ${[producer, ...waiting.names].join(' → ')}`;
    throw new VitascopeError(
      'GRAPH_POOL',
      `graph: ${minimum} frames must be open at once${ways} for it to make progress, but the pool has ${requested} slots`,
      { context: { minimum, requested, way: waiting.names } },
    );
  }
  return { minimum, recommended: Math.max(minimum, 1 + holding.length + sink.holds) };
}

/** Frames of history after which a fresh graph gives the same result: the sum along the longest way. */
export function warmupFrames(nodes: readonly GraphNode[], output: string): number {
  return longestWay(nodes, SOURCE.node, output, (n) => n.operator.warmupFrames(n.options)).length;
}

interface Way {
  readonly length: number;
  readonly names: readonly string[];
}

/** The heaviest way between two nodes (the first not counted); `nodes` are in flow order. */
function longestWay(nodes: readonly GraphNode[], from: string, to: string, weigh: (node: GraphNode) => number): Way {
  const ways = new Map<string, Way>([[from, { length: 0, names: [] }]]);
  for (const node of nodes) {
    if (node.name === from) continue;
    const arriving = node.inputs.flatMap((input) => ways.get(input.from.node) ?? []);
    if (arriving.length === 0) continue;
    const longest = arriving.reduce((a, b) => (b.length > a.length ? b : a));
    ways.set(node.name, { length: longest.length + weigh(node), names: [...longest.names, node.name] });
  }
  return ways.get(to) ?? { length: 0, names: [] };
}

function demandOf({ holds, needs }: FrameDemand): FrameDemand {
  const atLeast = Math.max(1, needs);
  return { needs: atLeast, holds: Math.max(holds, atLeast) };
}
