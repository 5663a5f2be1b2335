import { resolve } from 'node:path';
import { VitascopeError } from '../pipeline/errors.js';
import { type BatchAxis, batchAxis } from './batch-axis.js';
import { batchTerms } from './batch-company.js';
import { ownStages, stagesKey } from './graph-stage.js';
import { abortReason, InferenceRequest, type RunShare } from './inference-request.js';
import { inspectOnce } from './inspected-files.js';
import type { AllInline, InferenceResult, LoadedModel, RunOptions } from './loaded-model.js';
import { checkContract } from './model-contract.js';
import { ModelRecord } from './model-record.js';
import { type ModelSource, verifyModelFile } from './model-source.js';
import type { ModelLimits } from './onnx/inspect-model.js';
import { OrderedDelivery } from './ordered-delivery.js';
import { needsOneThread } from './providers/one-thread.js';
import type { ProviderWish } from './providers/provider.js';
import {
  type ModelProvider,
  type ModelProviderListener,
  ProviderSelector,
  providerWish,
} from './providers/provider-selector.js';
import { RequestScheduler } from './request-scheduler.js';
import type { ModelMetrics } from './run-metrics.js';
import { type ExecutionProvider, planThreads, positiveInteger, type SessionSettings } from './session-settings.js';
import type { Tensor } from './tensor.js';
import { checkFeeds, checkTargets, type OutputTargets } from './tensor-check.js';
import type { SessionOrder, SessionReport, WarmupSizes } from './worker-protocol.js';
import { WorkerSlot } from './worker-slot.js';

/** How many threads run models, and how much may wait for them. */
export interface InferencePoolOptions {
  /** Worker threads, each with its own copy of every model. Default: half the cores, 2 to 4, never more than the cores. */
  readonly workers?: number | undefined;
  /** Threads within one run. Default: such that workers × threads is about the number of cores. */
  readonly intraOpThreads?: number | undefined;
  /** Requests that may wait; the next is refused with `INFERENCE_OVERLOAD`. Default 64. */
  readonly maxQueued?: number | undefined;
  /** Unproven, for those who know; excludes {@link provider}. Default `['cpu']`. */
  readonly executionProviders?: readonly ExecutionProvider[] | undefined;
  /**
   * Who computes: `'auto'` takes, for each model, the first provider that gives the CPU's results and is not slower; a
   * name takes that one or fails. Models that go to a GPU get one session unless {@link LoadOptions.replicas} says otherwise.
   * Default `'cpu'`.
   */
  readonly provider?: ProviderWish | undefined;
  /** Is told of the choice for each model, once. */
  readonly onProvider?: ModelProviderListener | undefined;
  /** Deaths in a row, without a finished run in between, after which a worker is not started again. Default 3. */
  readonly maxCrashes?: number | undefined;
}

/** How a model is loaded, and how its requests are carried out. */
export interface LoadOptions {
  /** Workers that load the model: fewer save memory. So many runs through this handle go on at once. Default: all. */
  readonly replicas?: number | undefined;
  /**
   * Sizes for symbols in the input shapes, for the warm-up run on zeros; `false` for none. Default `{}`: a model is warmed
   * up if its file fixes all sizes.
   */
  readonly warmup?: WarmupSizes | undefined;
  /** What of the pool's session settings is different for this model. */
  readonly session?: Partial<SessionSettings> | undefined;
  /**
   * Requests that wait together and differ only along the first axis are joined into one run. Ignored for a model without
   * such an axis of any size, the same in inputs and outputs by the symbols of its file or of the contract
   * ({@link LoadedModel.batches} tells). The caller vouches that rows do not influence each other, nor the other sizes of
   * outputs. Default: every request runs alone.
   */
  readonly batch?: BatchLimits | undefined;
  /** What the file may be; see {@link ModelLimits} for the defaults. */
  readonly limits?: ModelLimits | undefined;
}

export interface BatchLimits {
  /** Rows along the first axis in one run, over all requests; 1 for no joining. */
  readonly max: number;
  /** How long a request waits for company, milliseconds since the call, while a worker is free. Default 0: only what waits already. */
  readonly waitMs?: number | undefined;
}

export interface PoolMetrics {
  /** Requests waiting for a worker. */
  readonly queued: number;
  /** Requests on a worker. */
  readonly running: number;
  /** Requests refused because the queue was full. */
  readonly refused: number;
  /** Workers that died. */
  readonly workersLost: number;
  readonly models: readonly ModelMetrics[];
  /** Who was chosen to compute, for each model that had a choice. */
  readonly providers: readonly ModelProvider[];
}

/**
 * Runs ONNX models on worker threads, so that the event loop stays free. The pool is bounded and keeps order: requests
 * of one lane run one after another, requests of one stream settle in order. A worker that dies is replaced; the request
 * it was running fails.
 *
 * Threads start when the first model is loaded, and keep the process alive only while they work.
 *
 * @example
 * await using pool = new InferencePool();
 * await using model = await pool.load({ id: 'colorize-small', path: embeddedModelPath('colorize-small') });
 * await model.run({ y: planeTensor(frame, 0) }, { outputs: { cb: planeTensor(out, 1), cr: planeTensor(out, 2) } });
 */
export class InferencePool implements AsyncDisposable {
  readonly workers: number;
  readonly intraOpThreads: number;
  readonly maxQueued: number;
  readonly #executionProviders: readonly ExecutionProvider[];
  readonly #providers: ProviderSelector;
  readonly #slots: readonly WorkerSlot[];
  readonly #records = new Map<string, ModelRecord>();
  readonly #scheduler = new RequestScheduler((record) => this.#release(record));
  readonly #delivery = new OrderedDelivery<string | symbol>();
  #refused = 0;
  #disposal: Promise<void> | undefined;

  /** @throws VitascopeError `OPTION_INVALID` */
  constructor(options: InferencePoolOptions = {}) {
    const { workers, intraOpThreads } = planThreads(options);
    positiveInteger('maxQueued', options.maxQueued);
    positiveInteger('maxCrashes', options.maxCrashes, 0);
    this.workers = workers;
    this.intraOpThreads = intraOpThreads;
    this.maxQueued = options.maxQueued ?? 64;
    this.#executionProviders = options.executionProviders ?? ['cpu'];
    this.#providers = new ProviderSelector(providerWish(options), options.onProvider);
    const maxCrashes = options.maxCrashes ?? 3;
    this.#slots = Array.from({ length: workers }, (_, i) => new WorkerSlot(`vitascope-inference-${i}`, maxCrashes));
  }

  /**
   * Inspects a model file, loads it on the workers, checks it against its contract and warms it up. Who loads the same file
   * with the same stages and session settings shares its sessions; contract, warm-up, batching and replicas may differ.
   *
   * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`, `WORKER_LOST`; `PROVIDER_UNAVAILABLE`
   * when the pool's provider was named and does not work for the model; `ABORTED` when disposed.
   */
  async load(source: ModelSource, options: LoadOptions = {}): Promise<LoadedModel> {
    const who = `InferencePool.load(${source.id})`;
    this.#assertOpen(who);
    checkBatch(options.batch);
    await verifyModelFile(source);
    await inspectOnce(resolve(source.path), options.limits);
    const placed = await this.#place(source, options);
    this.#assertOpen(who);
    const record = this.#recordFor(source, placed);
    record.retain();
    try {
      const report = await record.load();
      if (source.contract !== undefined) checkContract(who, source.contract, report);
      const warmupMs = await record.warmUp(options.warmup ?? {});
      return this.#handle(source, record, { ...report, warmupMs }, placed);
    } catch (error) {
      await this.#release(record);
      throw error;
    }
  }

  /** What the pool is doing and has done. */
  metrics(): PoolMetrics {
    return {
      queued: this.#scheduler.queued,
      running: this.#scheduler.running,
      refused: this.#refused,
      workersLost: this.#slots.reduce((sum, slot) => sum + slot.crashes, 0),
      models: [...this.#records.values()].map((record) => record.snapshot()),
      providers: this.#providers.choices,
    };
  }

  /**
   * Ends the pool: waiting requests are rejected with `ABORTED` (or, with `drain`, carried out), running ones end, sessions
   * are released and threads stop. Idempotent; later calls wait for the first.
   */
  dispose(options: { readonly drain?: boolean } = {}): Promise<void> {
    this.#disposal ??= this.#shutDown(options.drain ?? false);
    return this.#disposal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** The options, completed by what the model's provider asks for. */
  async #place(source: ModelSource, options: LoadOptions): Promise<LoadOptions> {
    if (options.session?.executionProviders !== undefined) return options;
    const { session, replicas } = await this.#providers.settingsFor(source);
    return { ...options, session: { ...session, ...options.session }, replicas: options.replicas ?? replicas };
  }

  #recordFor(source: ModelSource, options: LoadOptions): ModelRecord {
    const order = this.#orderFor(source, options);
    const known = this.#records.get(order.key);
    const leastLoaded = [...this.#slots].sort((a, b) => a.modelCount - b.modelCount);
    // Never two at once: on one worker they cannot be.
    const slots = needsOneThread(order.settings) ? this.#slots.slice(0, 1) : leastLoaded;
    const replicas = Math.min(options.replicas ?? this.workers, slots.length);
    if (known !== undefined) {
      known.grow(replicas, slots);
      return known;
    }
    const record = new ModelRecord(order, slots.slice(0, replicas));
    this.#records.set(order.key, record);
    return record;
  }

  #orderFor(source: ModelSource, options: LoadOptions): SessionOrder {
    positiveInteger('replicas', options.replicas);
    positiveInteger('intraOpThreads', options.session?.intraOpThreads);
    const settings: SessionSettings = {
      executionProviders: this.#executionProviders,
      intraOpThreads: this.intraOpThreads,
      variableShapes: false,
      ...options.session,
    };
    const path = resolve(source.path);
    const [before, after] = [ownStages(source.before), ownStages(source.after)];
    const stages = [stagesKey(before), stagesKey(after)];
    const key = JSON.stringify([path, source.sha256, stages, settings]);
    return { key, label: source.id, path, before, after, settings };
  }

  #handle(
    { id, contract }: ModelSource,
    record: ModelRecord,
    report: SessionReport & { readonly warmupMs: number | undefined },
    options: LoadOptions,
  ): LoadedModel {
    const terms: RunTerms = {
      share: { max: options.replicas ?? this.workers, running: 0 },
      batch: options.batch,
      axis: batchAxis(report, contract),
    };
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= this.#release(record);
      return closing;
    };
    return {
      id,
      ...report,
      batches: terms.axis !== undefined && (options.batch?.max ?? 1) > 1,
      run: async (feeds, options = {}) => {
        const who = `InferencePool.run(${id})`;
        this.#assertOpen(who);
        if (closing !== undefined) throw new VitascopeError('MODEL_NOT_FOUND', `${who}: the model has been closed`);
        return this.#run(who, record, report, feeds, options, terms);
      },
      metrics: () => record.snapshot(id),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  async #run<Targets extends OutputTargets = AllInline>(
    who: string,
    record: ModelRecord,
    report: SessionReport,
    feeds: Readonly<Record<string, Tensor>>,
    options: RunOptions<Targets>,
    { share, batch, axis }: RunTerms,
  ): Promise<InferenceResult<Targets>> {
    const targets: OutputTargets = options.outputs ?? Object.fromEntries(report.outputs.map((o) => [o.name, 'inline']));
    checkFeeds(who, report.inputs, feeds);
    checkTargets(who, [...report.outputs, ...report.intermediates], targets);
    if (options.signal?.aborted) throw abortReason(options.signal, who);
    this.#assertRoom(who);
    const joining = batch === undefined ? undefined : batchTerms(batch, axis, feeds, targets);
    const request = new InferenceRequest(record, share, feeds, targets, options, this.#delivery, joining);
    record.retain();
    this.#scheduler.add(request, who);
    return (await request.result) as InferenceResult<Targets>;
  }

  #assertRoom(who: string): void {
    if (this.#scheduler.queued < this.maxQueued) return;
    this.#refused++;
    throw new VitascopeError('INFERENCE_OVERLOAD', `${who}: at most ${this.maxQueued} requests may wait`, {
      context: { maxQueued: this.maxQueued, running: this.#scheduler.running },
    });
  }

  #assertOpen(who: string): void {
    if (this.#disposal !== undefined) throw new VitascopeError('ABORTED', `${who}: the pool is disposed`);
  }

  async #release(record: ModelRecord): Promise<void> {
    record.release();
    if (record.inUse) return;
    if (this.#records.get(record.order.key) === record) this.#records.delete(record.order.key);
    if (this.#disposal === undefined) await record.unload();
  }

  async #shutDown(drain: boolean): Promise<void> {
    await this.#scheduler.end(drain);
    await Promise.all(this.#slots.map((slot) => slot.close()));
    this.#records.clear();
  }
}

/** What a handle gives to each of its runs. */
interface RunTerms {
  readonly share: RunShare;
  readonly batch: BatchLimits | undefined;
  readonly axis: BatchAxis | undefined;
}

/** @throws VitascopeError `OPTION_INVALID` */
function checkBatch(batch: BatchLimits | undefined): void {
  positiveInteger('batch.max', batch?.max);
  const waitMs = batch?.waitMs ?? 0;
  if (waitMs >= 0 && Number.isFinite(waitMs)) return;
  throw new VitascopeError('OPTION_INVALID', `InferencePool: batch.waitMs must be 0 or more, got ${waitMs}`, {
    context: { waitMs },
  });
}
