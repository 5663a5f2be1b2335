import type { Observable } from 'rxjs';
import { asVitascopeError, VitascopeError } from './errors.js';
import type { FramePool } from './frame-pool.js';
import { FrameGate } from './frames/frame-gate.js';
import { GraphMetrics, type NodeMetricsSnapshot } from './metrics.js';
import type { VideoSample } from './sample.js';

/** `draining`: no more input, what is in flight goes to the sink. `finished`, `aborted` and `failed` are final. */
export type RunnerState = 'idle' | 'running' | 'draining' | 'finished' | 'aborted' | 'failed';

/** What a runner needs of a graph; {@link Graph} is one. */
export interface Buildable {
  build(source: Observable<VideoSample>, metrics: GraphMetrics, sinkHolds?: number): Observable<VideoSample>;
}

/** What a {@link Runner} connects. */
export interface RunnerOptions {
  /** Emits samples it gives away; stops, and closes what it still makes, when unsubscribed. */
  readonly source: Observable<VideoSample>;
  /** A graph, or what it would build. */
  readonly graph: Buildable | ((source: Observable<VideoSample>) => Observable<VideoSample>);
  /**
   * Subscribes the output once, closes every frame it receives, and resolves when all is written. An error from the
   * output means that no more will come and what was written is not complete; it rejects then.
   */
  readonly sink: (output: Observable<VideoSample>) => Promise<void>;
  /** Frames that the sink may hold at once. Default 1. */
  readonly sinkHolds?: number;
  /** The source's pool, to be shown in the metrics. */
  readonly pool?: FramePool;
}

/** Plain JSON. */
export interface RunnerMetrics {
  readonly state: RunnerState;
  /** Since start, until the end. */
  readonly elapsedMs: number;
  /** Samples that came from the source. */
  readonly framesIn: number;
  /** Samples that went to the sink. */
  readonly framesOut: number;
  /** Frames that went to the sink a second, since start. */
  readonly fps: number;
  readonly pool: {
    readonly slots: number;
    readonly inUse: number;
    readonly peak: number;
    readonly dropped: number;
  } | null;
  /** In flow order. */
  readonly nodes: readonly NodeMetricsSnapshot[];
}

/**
 * Runs a source through a graph into a sink: the same for a film, a live stream and a chunk of a cluster job.
 *
 * @example
 * const runner = new Runner({ source: film.video, graph, sink: writeVideo });
 * process.once('SIGINT', () => void runner.stop());
 * await runner.start();
 */
export class Runner {
  /**
   * Resolves when the sink has written everything; rejects with `ABORTED` (or the reason that was given) after {@link abort}, and
   * with what went wrong otherwise. Settles only after the sink has.
   */
  readonly finished: Promise<void>;
  readonly #options: RunnerOptions;
  readonly #metrics = new GraphMetrics();
  readonly #input: FrameGate<VideoSample>;
  readonly #output: FrameGate<VideoSample>;
  #settle!: { resolve(): void; reject(error: unknown): void };
  #state: RunnerState = 'idle';
  #failure: { readonly error: unknown } | undefined;
  #startedAt = 0;
  #endedAt: number | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.finished = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // The state tells of the failure as well; a caller that looks there need not await this.
    this.finished.catch(() => {});
    this.#input = new FrameGate({ onComplete: () => this.#drain() });
    this.#output = new FrameGate({
      onError: (error) => {
        this.#failure ??= { error };
      },
    });
  }

  get state(): RunnerState {
    return this.#state;
  }

  /** Begins, and gives {@link finished}. Does nothing more when called again. */
  start(): Promise<void> {
    if (this.#state !== 'idle') return this.finished;
    this.#state = 'running';
    this.#startedAt = performance.now();
    void this.#run();
    return this.finished;
  }

  /** Takes no more input and lets what is in flight reach the sink; gives {@link finished}. */
  stop(): Promise<void> {
    if (this.#state === 'idle') {
      this.#end('finished');
    } else {
      this.#drain();
      this.#input.complete();
    }
    return this.finished;
  }

  /**
   * Tears down now: closes every frame in the graph and fails the sink's input with the reason. Gives {@link finished}'s outcome
   * without rejecting, so that it can be awaited to know that all is closed.
   */
  async abort(reason?: unknown): Promise<void> {
    if (this.#endedAt === undefined) {
      const error = asVitascopeError(reason ?? new VitascopeError('ABORTED', 'Runner: aborted'), 'ABORTED', 'Runner');
      this.#failure ??= { error };
      const idle = this.#state === 'idle';
      this.#state = 'aborted';
      if (idle) this.#end('aborted');
      else this.#output.fail(error);
    }
    await this.finished.catch(() => {});
  }

  /** A snapshot, as plain JSON. */
  metrics(): RunnerMetrics {
    const { pool } = this.#options;
    const elapsedMs = this.#startedAt === 0 ? 0 : (this.#endedAt ?? performance.now()) - this.#startedAt;
    return {
      state: this.#state,
      elapsedMs: Math.round(elapsedMs),
      framesIn: this.#input.frames,
      framesOut: this.#output.frames,
      fps: elapsedMs > 0 ? Math.round((this.#output.frames * 100_000) / elapsedMs) / 100 : 0,
      pool: pool ? { slots: pool.slots, inUse: pool.inUse, peak: pool.peak, dropped: pool.dropped } : null,
      nodes: this.#metrics.snapshot(),
    };
  }

  async #run(): Promise<void> {
    const { source, graph, sink, sinkHolds } = this.#options;
    try {
      const input = this.#input.guard(source);
      const built = typeof graph === 'function' ? graph(input) : graph.build(input, this.#metrics, sinkHolds);
      await sink(this.#output.guard(built));
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#output.complete();
    if (this.#failure === undefined) this.#end('finished');
    else this.#end(this.#state === 'aborted' ? 'aborted' : 'failed');
  }

  #drain(): void {
    if (this.#state === 'running') this.#state = 'draining';
  }

  #end(state: 'finished' | 'aborted' | 'failed'): void {
    this.#state = state;
    this.#endedAt = performance.now();
    if (this.#failure === undefined) this.#settle.resolve();
    else this.#settle.reject(this.#failure.error);
  }
}
