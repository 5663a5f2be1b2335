import { resolve } from 'node:path';
import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import { abortReason, InferenceRequest } from './inference-request.js';
import type { AllInline, InferenceResult, LoadedModel, RunOptions } from './loaded-model.js';
import { checkContract } from './model-contract.js';
import { ModelRecord } from './model-record.js';
import { type ModelSource, verifyModelFile } from './model-source.js';
import { OrderedDelivery } from './ordered-delivery.js';
import { RequestQueue } from './request-queue.js';
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
  /** Default `['cpu']`. */
  readonly executionProviders?: readonly ExecutionProvider[] | undefined;
  /** Deaths in a row, without a finished run in between, after which a worker is not started again. Default 3. */
  readonly maxCrashes?: number | undefined;
}

export interface LoadOptions {
  /** Workers that load the model; fewer save memory and bound how many of its runs go on at once. Default: all. */
  readonly replicas?: number | undefined;
  /**
   * Sizes for symbols in the input shapes, for the warm-up run on zeros; `false` for none. Default `{}`: a model is warmed
   * up if its file fixes all sizes.
   */
  readonly warmup?: WarmupSizes | undefined;
  /** What of the pool's session settings is different for this model. */
  readonly session?: Partial<SessionSettings> | undefined;
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
  readonly #slots: readonly WorkerSlot[];
  readonly #records = new Map<string, ModelRecord>();
  readonly #queue = new RequestQueue<InferenceRequest>();
  readonly #delivery = new OrderedDelivery<string | symbol>();
  readonly #running = new Set<InferenceRequest>();
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
    const maxCrashes = options.maxCrashes ?? 3;
    this.#slots = Array.from({ length: workers }, (_, i) => new WorkerSlot(`vitascope-inference-${i}`, maxCrashes));
  }

  /**
   * Loads a model on the workers, checks it against its contract and warms it up. A model that is loaded already, with
   * the same options, is shared.
   *
   * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`, `WORKER_LOST`; `ABORTED` when disposed.
   */
  async load(source: ModelSource, options: LoadOptions = {}): Promise<LoadedModel> {
    const who = `InferencePool.load(${source.id})`;
    this.#assertOpen(who);
    await verifyModelFile(source);
    this.#assertOpen(who);
    const record = this.#recordFor(source, options);
    record.retain();
    try {
      const report = await record.load();
      if (source.contract !== undefined) checkContract(who, source.contract, report);
      return this.#handle(source.id, record, report);
    } catch (error) {
      await this.#release(record);
      throw error;
    }
  }

  /** What the pool is doing and has done. */
  metrics(): PoolMetrics {
    return {
      queued: this.#queue.length,
      running: this.#running.size,
      refused: this.#refused,
      workersLost: this.#slots.reduce((sum, slot) => sum + slot.crashes, 0),
      models: [...this.#records.values()].map((record) => record.metrics.snapshot(record.order.label)),
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

  #recordFor(source: ModelSource, options: LoadOptions): ModelRecord {
    const order = this.#orderFor(source, options);
    const replicas = Math.min(options.replicas ?? this.workers, this.workers);
    const known = this.#records.get(order.key);
    if (known !== undefined) return known;
    const leastLoaded = [...this.#slots].sort((a, b) => a.modelCount - b.modelCount);
    const record = new ModelRecord(order, leastLoaded.slice(0, replicas));
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
    const warmup = options.warmup ?? {};
    const path = resolve(source.path);
    const key = JSON.stringify([path, source.sha256, settings, warmup, options.replicas]);
    return { key, label: source.id, path, settings, warmup };
  }

  #handle(id: string, record: ModelRecord, report: SessionReport): LoadedModel {
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= this.#release(record);
      return closing;
    };
    return {
      id,
      ...report,
      run: async (feeds, options = {}) => {
        const who = `InferencePool.run(${id})`;
        this.#assertOpen(who);
        if (closing !== undefined) throw new VitascopeError('MODEL_NOT_FOUND', `${who}: the model has been closed`);
        return this.#run(who, record, report, feeds, options);
      },
      metrics: () => record.metrics.snapshot(id),
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
  ): Promise<InferenceResult<Targets>> {
    const targets: OutputTargets = options.outputs ?? Object.fromEntries(report.outputs.map((o) => [o.name, 'inline']));
    checkFeeds(who, report.inputs, feeds);
    checkTargets(who, report.outputs, targets);
    if (options.signal?.aborted) throw abortReason(options.signal, who);
    this.#assertRoom(who);
    const request = new InferenceRequest(record, feeds, targets, options, this.#delivery);
    request.watch(() => this.#cancel(request, who));
    record.retain();
    this.#queue.add(request);
    this.#dispatch();
    return (await request.result) as InferenceResult<Targets>;
  }

  #assertRoom(who: string): void {
    if (this.#queue.length < this.maxQueued) return;
    this.#refused++;
    throw new VitascopeError('INFERENCE_OVERLOAD', `${who}: at most ${this.maxQueued} requests may wait`, {
      context: { maxQueued: this.maxQueued, running: this.#running.size },
    });
  }

  #assertOpen(who: string): void {
    if (this.#disposal !== undefined) throw new VitascopeError('ABORTED', `${who}: the pool is disposed`);
  }

  #dispatch(): void {
    this.#queue.offer((request) => {
      const slot = request.record.idleSlot();
      if (slot === undefined) return false;
      void this.#carryOut(request, slot);
      return true;
    });
  }

  async #carryOut(request: InferenceRequest, slot: WorkerSlot): Promise<void> {
    this.#running.add(request);
    slot.busy = true;
    const settle = await this.#outcome(request, slot);
    slot.busy = false;
    this.#running.delete(request);
    this.#queue.release(request);
    this.#dispatch();
    settle();
    await this.#release(request.record);
  }

  /** Runs the request; gives what is left to do once its worker has the next one. */
  async #outcome(request: InferenceRequest, slot: WorkerSlot): Promise<() => void> {
    const { record, feeds, targets, fault, transfer, signal } = request;
    const who = `InferencePool.run(${record.order.label})`;
    const queuedMs = request.ageMs;
    try {
      const report = await slot.run(record.order, { feeds, targets, fault }, transfer);
      record.metrics.recordRun(report.modelMs);
      if (signal?.aborted) return () => request.fail(abortReason(signal, who));
      return () => request.succeed({ ...report, queuedMs });
    } catch (error) {
      record.metrics.recordFailure();
      return () => request.fail(asVitascopeError(error, 'INFERENCE_INPUT', who));
    } finally {
      request.stopWatching();
    }
  }

  #cancel(request: InferenceRequest, who: string): void {
    if (!this.#queue.remove(request) || request.signal === undefined) return;
    request.failWaiting(abortReason(request.signal, who));
    void this.#release(request.record);
    // What it held up in its stream may start now.
    this.#dispatch();
  }

  async #release(record: ModelRecord): Promise<void> {
    record.release();
    if (record.inUse) return;
    if (this.#records.get(record.order.key) === record) this.#records.delete(record.order.key);
    if (this.#disposal === undefined) await record.unload();
  }

  async #shutDown(drain: boolean): Promise<void> {
    if (!drain) {
      for (const request of this.#queue.removeAll()) {
        request.stopWatching();
        request.failWaiting(new VitascopeError('ABORTED', 'InferencePool: disposed while the request waited'));
      }
    }
    while (this.#running.size > 0) await Promise.allSettled([...this.#running].map((request) => request.result));
    await Promise.all(this.#slots.map((slot) => slot.close()));
    this.#records.clear();
  }
}
