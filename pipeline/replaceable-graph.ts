import { Observable, type Subscriber } from 'rxjs';
import { hasCode, VitascopeError } from './errors.js';
import { emitFrame, FrameSubscriber, subscribeFrames } from './frames/frame-subscriber.js';
import type { Graph } from './graph/graph.js';
import type { GraphMetrics } from './metrics.js';
import type { Buildable } from './runner.js';
import type { VideoSample } from './sample.js';

/** What {@link ReplaceableGraph} is used in. */
export interface ReplaceableGraphOptions {
  /** Slots of the source's pool, which the graph that takes over must manage with. */
  readonly slots: number;
  /** Frames that the receiver may hold at once. Default 1. */
  readonly sinkHolds?: number | undefined;
}

/**
 * A graph whose options change while it runs. From the next frame on, frames go to a new instance; the one before gets no more, gives what it still holds, and
 * ends; then what the new one has made meanwhile follows. No frame is lost, none comes twice, and their order is kept. An instance that fails
 * fails the stream.
 *
 * Built and subscribed once.
 *
 * @example
 * const graph = new ReplaceableGraph(setOptions(colours, ['colorize.strength=1']), { slots: pool.slots });
 * const runner = new Runner({ source, graph, sink });
 * graph.replace(setOptions(colours, ['colorize.strength=0.5']));
 */
export class ReplaceableGraph implements Buildable {
  readonly #options: ReplaceableGraphOptions;
  #graph: Graph;
  #build: ((graph: Graph, onFirst?: () => void) => Instance) | undefined;
  #succession: Succession | undefined;

  constructor(graph: Graph, options: ReplaceableGraphOptions) {
    this.#graph = graph;
    this.#options = options;
  }

  /** The one that the next frame goes to. */
  get graph(): Graph {
    return this.#graph;
  }

  build(source: Observable<VideoSample>, metrics?: GraphMetrics, sinkHolds = 1): Observable<VideoSample> {
    this.#build = (graph, onFirst) => new Instance((input) => graph.build(input, metrics, sinkHolds), onFirst);
    const first = this.#build(this.#graph);
    return new Observable((subscriber) => {
      this.#succession = new Succession(subscriber, first);
      this.#succession.connect(source);
    });
  }

  /**
   * Says whether a graph could take over.
   *
   * @throws VitascopeError `OPTION_INVALID` when it is not the same nodes with other options, or holds more frames than there are slots.
   */
  check(graph: Graph): void {
    if (shapeOf(graph) !== shapeOf(this.#graph)) {
      const message = `graph ${graph.name} has other nodes than ${this.#graph.name}, which runs: only options can be changed`;
      throw new VitascopeError('OPTION_INVALID', message);
    }
    const { slots, sinkHolds = 1 } = this.#options;
    try {
      graph.poolSize({ sinkHolds, requested: slots });
    } catch (cause) {
      if (!hasCode(cause, 'GRAPH_POOL')) throw cause;
      throw new VitascopeError('OPTION_INVALID', cause.message, { context: cause.context, cause });
    }
  }

  /**
   * Lets a graph take over with the next frame. After the end it does nothing.
   *
   * @param onFirst Called once: when its first frame has come out, or when none will.
   * @throws as {@link check}, and what operators throw when they are made; the graph that runs goes on then.
   */
  replace(graph: Graph, onFirst?: () => void): void {
    this.check(graph);
    const instance = this.#build?.(graph, onFirst);
    this.#graph = graph;
    if (instance === undefined || this.#succession === undefined) onFirst?.();
    else this.#succession.follow(instance);
  }
}

/** Everything of a graph but its options. */
function shapeOf({ video, nodes, output }: Graph): string {
  const shapes = nodes.map(({ name, operator, inputs }) => [name, operator.name, inputs]);
  return JSON.stringify([video, shapes, output]);
}

/** One instance of a graph, with an entrance of its own. */
class Instance {
  /** What came out and may not go on yet. */
  readonly held: VideoSample[] = [];
  ended = false;
  readonly #output: Observable<VideoSample>;
  #onFirst: (() => void) | undefined;
  #input: Subscriber<VideoSample> | undefined;
  #inner: FrameSubscriber<VideoSample> | undefined;

  constructor(build: (input: Observable<VideoSample>) => Observable<VideoSample>, onFirst?: () => void) {
    this.#onFirst = onFirst;
    const input = new Observable<VideoSample>((subscriber) => {
      this.#input = subscriber;
    });
    this.#output = build(input);
  }

  start(receiver: { next(sample: VideoSample): void; error(error: unknown): void; complete(): void }): void {
    this.#inner = new FrameSubscriber<VideoSample>(receiver, ({ frame }) => frame.close());
    this.#output.subscribe(this.#inner);
  }

  /** Takes the frame over; where nothing wants frames any more it is closed. */
  feed(sample: VideoSample): void {
    if (this.#input === undefined) sample.frame.close();
    else emitFrame(this.#input, sample);
  }

  /** No frame comes any more: it gives what it holds, and ends. */
  complete(): void {
    this.#input?.complete();
  }

  /** Its first frame has come out, or none will. */
  begun(): void {
    const onFirst = this.#onFirst;
    this.#onFirst = undefined;
    onFirst?.();
  }

  stop(): void {
    this.#inner?.unsubscribe();
    for (const { frame } of this.held.splice(0)) frame.close();
    this.begun();
  }
}

/** Instances that follow each other: the first gives frames, the last gets them. */
class Succession {
  readonly #downstream: Subscriber<VideoSample>;
  readonly #line: Instance[] = [];
  /** Takes over with the next frame. */
  #next: Instance | undefined;

  constructor(downstream: Subscriber<VideoSample>, first: Instance) {
    this.#downstream = downstream;
    downstream.add(() => {
      for (const instance of this.#line) instance.stop();
      this.#next?.begun();
    });
    this.#enter(first);
  }

  connect(source: Observable<VideoSample>): void {
    subscribeFrames(source, this.#downstream, {
      next: (sample) => {
        this.#change();
        this.#last.feed(sample);
      },
      complete: () => this.#last.complete(),
    });
  }

  follow(next: Instance): void {
    this.#next?.begun();
    if (this.#downstream.closed) next.begun();
    else this.#next = next;
  }

  get #last(): Instance {
    return this.#line.at(-1) as Instance;
  }

  #change(): void {
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    const before = this.#last;
    this.#enter(next);
    before.complete();
  }

  #enter(instance: Instance): void {
    this.#line.push(instance);
    instance.start({
      next: (sample) => {
        instance.begun();
        // While what it holds is being given, a frame may come of that.
        if (instance === this.#line[0] && instance.held.length === 0) emitFrame(this.#downstream, sample);
        else instance.held.push(sample);
      },
      error: (error) => this.#downstream.error(error),
      complete: () => {
        instance.ended = true;
        instance.begun();
        this.#advance();
      },
    });
  }

  /** Ends the first instances that are done, and gives what those after them hold. */
  #advance(): void {
    for (let first = this.#line[0]; first?.ended && first.held.length === 0; first = this.#line[0]) {
      if (this.#line.length === 1) {
        this.#downstream.complete();
        return;
      }
      this.#line.shift();
      const { held } = this.#line[0] as Instance;
      for (let sample = held.shift(); sample !== undefined; sample = held.shift()) emitFrame(this.#downstream, sample);
    }
  }
}
