import type { Observable } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { GraphMetrics } from '../metrics.js';
import type { OperatorDefinition } from '../operator.js';
import type { VideoSample } from '../sample.js';
import { buildGraph } from './build.js';
import { checkWiring } from './check.js';
import type { GraphDocument, GraphNode, Locate, PortReference, VideoHandling } from './document.js';
import { linkGraph, title } from './link.js';
import { checkOptions } from './options.js';
import { type PoolSize, type PoolSizeOptions, poolSize, warmupFrames } from './pool-size.js';
import { ProblemList } from './problems.js';
import { readDocument } from './read-document.js';

/** What is needed to check a document besides the document. */
export interface GraphOptions {
  /** Operators that a document may name. Default: none, so that nodes carry their definitions. */
  readonly operators?: readonly OperatorDefinition[];
  /** Finds places of the document in its file, for messages. */
  readonly locate?: Locate;
  /** Name for a document that has none. Default `graph`. */
  readonly name?: string;
}

interface GraphParts {
  readonly name: string;
  readonly description: string;
  readonly video: VideoHandling;
  readonly nodes: readonly GraphNode[];
  readonly output: PortReference;
}

/**
 * A checked plan of what happens to a film's video: nodes, what feeds each, and what leaves. It holds no frames and opens
 * nothing; each {@link build} makes an independent instance. Immutable.
 */
export class Graph {
  readonly name: string;
  readonly description: string;
  /** With `copy`, packets pass on and nothing is decoded; there are no nodes. */
  readonly video: VideoHandling;
  /** In flow order: each node after all that feed it. */
  readonly nodes: readonly GraphNode[];
  readonly output: PortReference;

  /** @internal Use {@link createGraph} or {@link parseGraph}. */
  constructor(parts: GraphParts) {
    this.name = parts.name;
    this.description = parts.description;
    this.video = parts.video;
    this.nodes = parts.nodes;
    this.output = parts.output;
  }

  /**
   * Connects a source to a new instance of every operator. The result owns what the source emits, is subscribed once, and
   * fails with errors that carry the name of the node they arose in (`context.node`).
   *
   * @param sinkHolds Frames that the receiver may hold at once; pools inside the graph are sized for it.
   *
   * @throws what an operator's `create` throws, `OPTION_INVALID` mostly.
   */
  build(source: Observable<VideoSample>, metrics?: GraphMetrics, sinkHolds = 1): Observable<VideoSample> {
    return buildGraph(this.nodes, this.output, source, metrics, sinkHolds);
  }

  /** Slots that a producer's frame pool needs for this graph; {@link poolSize} explains the figures. @throws VitascopeError `GRAPH_POOL`. */
  poolSize(options?: PoolSizeOptions): PoolSize {
    return poolSize(this.nodes, this.output.node, options);
  }

  /** Frames of history after which a fresh instance gives the same result as one that ran from the start. */
  warmupFrames(): number {
    return warmupFrames(this.nodes, this.output.node);
  }

  /** The same graph with other options for one node. @throws VitascopeError `OPTION_INVALID`, all problems in one. */
  withOptions(node: string, options: Readonly<Record<string, unknown>>): Graph {
    const old = this.nodes.find((n) => n.name === node);
    if (old === undefined) throw new VitascopeError('OPTION_INVALID', `graph ${this.name}: no node "${node}"`);
    const checked = checkOptions(old.operator, options);
    if (checked.problems !== undefined) {
      const problems = new ProblemList();
      for (const { path, message } of checked.problems) {
        problems.add('OPTION_INVALID', [node, ...path], `${title(old, old.operator)}: ${message}`);
      }
      problems.throwIfAny(this.name);
      return this;
    }
    const changed = { ...old, given: options, options: checked.options };
    return new Graph({ ...this, nodes: this.nodes.map((n) => (n === old ? changed : n)) });
  }
}

/**
 * Checks a graph written in code.
 *
 * @throws VitascopeError `GRAPH_INVALID`, `GRAPH_UNKNOWN_OPERATOR`, `GRAPH_TYPE`, `GRAPH_CYCLE` or `OPTION_INVALID`; with several
 * problems `GRAPH_INVALID`, all of them in the message and in `context.problems`.
 * @example
 * const graph = createGraph({ nodes: { colour: { use: colorizeDefinition, with: { strength: 0.8 } } } });
 */
export function createGraph(document: GraphDocument, options: GraphOptions = {}): Graph {
  return parseGraph(document, options);
}

/** Checks a graph that came from outside, from YAML or JSON for instance; as {@link createGraph}. */
export function parseGraph(document: unknown, options: GraphOptions = {}): Graph {
  const problems = new ProblemList();
  const raw = readDocument(document, options.name ?? 'graph', problems);
  const draft = linkGraph(raw, options.operators ?? [], problems);
  const order = checkWiring(draft, problems);
  problems.throwIfAny(raw.name, options.locate);
  const nodes = order.map(({ raw: { name }, operator, given, options, inputs }) => ({
    name,
    operator: operator as OperatorDefinition,
    given,
    options,
    inputs: inputs.map(({ port, type, from }) => ({ port, type, from: from as PortReference })),
  }));
  const { name, description, video } = raw;
  return new Graph({ name, description, video, nodes, output: draft.output as PortReference });
}
