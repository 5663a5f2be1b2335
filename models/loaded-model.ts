import type { ModelMetrics } from './run-metrics.js';
import type { InlineTensor, SharedTensor, Tensor, TensorSpec } from './tensor.js';
import type { OutputTargets } from './tensor-check.js';
import type { WorkerFault, workerFault } from './worker-fault.js';

/** All outputs come back with the result: what a run does when it is not told otherwise. */
export type AllInline = Readonly<Record<string, 'inline'>>;

export interface RunOptions<Targets extends OutputTargets = AllInline> {
  /**
   * The outputs wanted and where they go: `'inline'` returns one with the result; a {@link SharedTensor} is written in
   * place, once the whole run has succeeded. Default: all outputs, inline.
   */
  readonly outputs?: Targets | undefined;
  /** Requests of one lane run one after another, in the order of the calls: for a model with state in its inputs. */
  readonly lane?: string | symbol | undefined;
  /**
   * Requests of one stream start and settle in the order of the calls, while several may run at once: for the frames of
   * a video. Without lane and stream a request settles as soon as it is done.
   */
  readonly stream?: string | symbol | undefined;
  /** Takes a waiting request out of the queue. A running one is finished, its result thrown away. Rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Inline feeds are copied during the call, unless this is true: then arrays that span their whole buffer are moved to
   * the worker, and the caller may not use them again. Default false.
   */
  readonly transfer?: boolean | undefined;
  /** @internal */
  readonly [workerFault]?: WorkerFault;
}

export interface InferenceResult<Targets extends OutputTargets = AllInline> {
  /** The outputs that were asked for inline, by name. Those with a shared target are there, not here. */
  readonly outputs: {
    readonly [Name in keyof Targets as Targets[Name] extends SharedTensor ? never : Name]: InlineTensor;
  };
  /** Milliseconds inside the runtime, all stages together. */
  readonly modelMs: number;
  /** Those of {@link modelMs} in the model's own graph, without the stages before and after it. */
  readonly coreMs: number;
  /** Milliseconds from the call until a worker took the request. */
  readonly queuedMs: number;
}

/**
 * A model that is loaded in an inference pool. Loading the same model again gives another handle on the same sessions,
 * which are released when the last handle is closed.
 */
export interface LoadedModel extends AsyncDisposable {
  readonly id: string;
  /** What a request feeds: inputs that no stage before gives. */
  readonly inputs: readonly TensorSpec[];
  /** What a request gets unless it asks for something else: outputs of the last stage. */
  readonly outputs: readonly TensorSpec[];
  /** Outputs of earlier stages; a request may ask for them by name. */
  readonly intermediates: readonly TensorSpec[];
  /** True when requests of this handle are joined with others that wait. */
  readonly batches: boolean;
  /** Milliseconds to load the slowest of its sessions. */
  readonly loadMs: number;
  /** Milliseconds of the slowest warm-up run; absent when no input could be made up. */
  readonly warmupMs: number | undefined;

  /**
   * Runs the model on a worker thread.
   *
   * Shared tensors, inputs as well as outputs, belong to the run until the promise settles, whichever way; from then on
   * the pool does not touch them.
   *
   * @throws VitascopeError `INFERENCE_INPUT` for a wrong name, type or shape; `INFERENCE_OVERLOAD` when the queue is full;
   * `INFERENCE_FAILED` when the runtime fails; `WORKER_LOST` when the worker dies; `ABORTED` when the pool is disposed;
   * `MODEL_NOT_FOUND` after {@link close}; the signal's reason when it aborts.
   */
  run<const Targets extends OutputTargets = AllInline>(
    feeds: Readonly<Record<string, Tensor>>,
    options?: RunOptions<Targets>,
  ): Promise<InferenceResult<Targets>>;

  /** Figures of all runs of this model in the pool, whichever handle asked for them. */
  metrics(): ModelMetrics;

  /** Gives the handle back; idempotent. Runs that were asked for before still end. */
  close(): Promise<void>;
}
