import { Observable } from 'rxjs';
import { VitascopeError } from '../errors.js';
import { branchFrames } from '../frames/branch-frames.js';
import { emitFrame, subscribeFrames } from '../frames/frame-subscriber.js';
import { GraphMetrics, type NodeMeter } from '../metrics.js';
import type { PortStream } from '../operator.js';
import type { AudioSample, VideoSample } from '../sample.js';
import { type GraphNode, type PortReference, SOURCE } from './document.js';
import { poolSize } from './pool-size.js';

/** Any port's stream, seen without its type; the graph was checked to connect like with like. */
type Flow = Observable<VideoSample | AudioSample>;

/**
 * Connects the nodes: branches where an output feeds several inputs, closes what leaves by an output that feeds none,
 * counts what enters and leaves each node, and adds the node's name to errors that arise in it.
 *
 * @param nodes in flow order.
 * @param sinkHolds Frames that the receiver of the output may hold at once.
 */
export function buildGraph(
  nodes: readonly GraphNode[],
  output: PortReference,
  source: Observable<VideoSample>,
  metrics: GraphMetrics = new GraphMetrics(),
  sinkHolds = 1,
): Observable<VideoSample> {
  const wires = new Wires(nodes, output);
  const seen = new Set<unknown>();
  wires.provide(SOURCE, noteErrors(source as Flow, seen));
  for (const node of nodes) {
    const meter = metrics.addNode(node.name, node.inputs.length);
    const inputs = node.inputs.map(({ from }, port) => enterNode(wires.take(from), meter, port, seen));
    const slots = poolSize(nodes, output.node, { sinkHolds, producer: node.name }).recommended;
    const outputs = node.operator.create(node.options, { slots })(inputs as unknown as readonly PortStream[]);
    for (const [i, port] of Object.keys(node.operator.outputs).entries()) {
      const stream = outputs[i] as Flow | undefined;
      if (stream === undefined) throw missingOutput(node, port);
      wires.provide({ node: node.name, port }, leaveNode(stream, node.name, meter, seen));
    }
  }
  return closeLoose(wires.take(output), wires.loose) as Observable<VideoSample>;
}

/** Hands each consumer of a port its own stream. */
class Wires {
  readonly #consumers = new Map<string, number>();
  readonly #streams = new Map<string, Flow[]>();
  /** Outputs that nobody takes. */
  readonly loose: Flow[] = [];

  constructor(nodes: readonly GraphNode[], output: PortReference) {
    for (const reference of [output, ...nodes.flatMap((n) => n.inputs.map((i) => i.from))]) {
      this.#consumers.set(keyOf(reference), (this.#consumers.get(keyOf(reference)) ?? 0) + 1);
    }
  }

  provide(reference: PortReference, stream: Flow): void {
    const consumers = this.#consumers.get(keyOf(reference)) ?? 0;
    if (consumers === 0) this.loose.push(stream);
    else if (consumers === 1) this.#streams.set(keyOf(reference), [stream]);
    else this.#streams.set(keyOf(reference), [...branchFrames(stream, consumers)]);
  }

  take(reference: PortReference): Flow {
    const stream = this.#streams.get(keyOf(reference))?.shift();
    if (stream === undefined) {
      throw new VitascopeError(
        'GRAPH_INVALID',
        `graph: nothing flows from ${keyOf(reference)}; nodes must come in flow order`,
      );
    }
    return stream;
  }
}

function keyOf({ node, port }: PortReference): string {
  return `${node}.${port}`;
}

/** Remembers errors that come down from the source, so that no node is blamed for them. */
function noteErrors(source: Flow, seen: Set<unknown>): Flow {
  return new Observable((subscriber) =>
    subscribeFrames(source, subscriber, {
      next: (sample) => emitFrame(subscriber, sample),
      error: (error) => {
        seen.add(error);
        subscriber.error(error);
      },
    }),
  );
}

/** Gives the node a sample object of its own, by which the operator's reports find their way to its meter. */
function enterNode(input: Flow, meter: NodeMeter, port: number, seen: Set<unknown>): Flow {
  return new Observable((subscriber) =>
    subscribeFrames(input, subscriber, {
      next: (sample) => {
        const own = { frame: sample.frame, meta: sample.meta } as VideoSample | AudioSample;
        meter.entered(own, port);
        emitFrame(subscriber, own);
      },
      error: (error) => {
        seen.add(error);
        subscriber.error(error);
      },
    }),
  );
}

function leaveNode(output: Flow, node: string, meter: NodeMeter, seen: Set<unknown>): Flow {
  return new Observable((subscriber) => {
    subscriber.add(() => meter.ended());
    subscribeFrames(output, subscriber, {
      next: (sample) => {
        meter.left(sample);
        emitFrame(subscriber, sample);
      },
      error: (error) => subscriber.error(cameFromUpstream(error, seen) ? error : blame(error, node)),
    });
  });
}

/** True also where the operator wrapped what it received. */
function cameFromUpstream(error: unknown, seen: ReadonlySet<unknown>): boolean {
  const wrapped = new Set<unknown>();
  for (let e = error; e !== undefined && !wrapped.has(e); e = e instanceof Error ? e.cause : undefined) {
    if (seen.has(e)) return true;
    wrapped.add(e);
  }
  return false;
}

function blame(error: unknown, node: string): VitascopeError {
  const ours = error instanceof VitascopeError;
  const message = error instanceof Error ? error.message : String(error);
  const context = { ...(ours ? error.context : {}), node };
  return new VitascopeError(ours ? error.code : 'OPERATOR_FAILED', `node ${node}: ${message}`, {
    context,
    cause: error,
  });
}

/** The output, with every loose stream consumed and its frames closed for as long as the output is subscribed. */
function closeLoose(output: Flow, loose: readonly Flow[]): Flow {
  if (loose.length === 0) return output;
  return new Observable((subscriber) => {
    for (const stream of loose) {
      subscribeFrames(stream, subscriber, { next: (sample) => sample.frame.close(), complete: () => {} });
    }
    subscribeFrames(output, subscriber, { next: (sample) => emitFrame(subscriber, sample) });
  });
}

function missingOutput(node: GraphNode, port: string): VitascopeError {
  return new VitascopeError(
    'GRAPH_INVALID',
    `node ${node.name}: operator ${node.operator.name} built no output "${port}"`,
    {
      context: { node: node.name, port },
    },
  );
}
