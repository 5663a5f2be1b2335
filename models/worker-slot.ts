import type { TransferListItem, Worker } from 'node:worker_threads';
import { VitascopeError } from '../pipeline/errors.js';
import type { BatchAxis } from './batch-axis.js';
import { spawnWorker } from './spawn-worker.js';
import type { WorkerFault } from './worker-fault.js';
import type {
  FromWorker,
  RunMember,
  RunOutcome,
  SessionOrder,
  SessionReport,
  ToWorker,
  WarmupSizes,
} from './worker-protocol.js';

interface Waiting {
  resolve(reply: FromWorker): void;
  reject(error: VitascopeError): void;
}

/** How the requests of one message ended, in their order, and whether one run of the runtime served them all. */
export interface SlotResult {
  readonly outcomes: readonly RunOutcome[];
  readonly joined: boolean;
}

/**
 * A place for one worker thread: starts it when it is first needed, replaces it when it dies, and creates the sessions
 * anew in the replacement. A worker that dies again and again without finishing a run in between is given up.
 *
 * The thread keeps the process alive only while a request is under way.
 */
export class WorkerSlot {
  /** True while it runs a request; kept by the pool. */
  busy = false;
  readonly #name: string;
  readonly #maxCrashes: number;
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #assigned = new Map<string, SessionOrder>();
  readonly #loaded = new Map<string, Promise<SessionReport>>();
  /** By model, then by sizes. */
  readonly #warmed = new Map<string, Map<string, Promise<number | undefined>>>();
  readonly #ready = new Set<string>();
  #exited: Promise<void> = Promise.resolve();
  #closing = false;
  #nextId = 0;
  #crashesInARow = 0;
  #crashes = 0;
  #lastCause: unknown;

  constructor(name: string, maxCrashes: number) {
    this.#name = name;
    this.#maxCrashes = maxCrashes;
  }

  /** Workers that have died here. */
  get crashes(): number {
    return this.#crashes;
  }
  /** True when no further worker is started here. */
  get givenUp(): boolean {
    return this.#crashesInARow > this.#maxCrashes;
  }
  get modelCount(): number {
    return this.#assigned.size;
  }
  /** True when the worker has a session of this model. */
  isReady(key: string): boolean {
    return this.#ready.has(key);
  }

  /** Loads a model, once per worker; the replacement of a dead worker loads it again. */
  load(order: SessionOrder): Promise<SessionReport> {
    this.#assigned.set(order.key, order);
    const known = this.#loaded.get(order.key);
    if (known !== undefined) return known;
    const loading = this.#request((id) => ({ kind: 'load', id, order })).then((reply) => {
      if (reply.kind !== 'loaded') throw this.#unexpected(reply);
      this.#ready.add(order.key);
      return reply.report;
    });
    this.#loaded.set(order.key, loading);
    loading.catch(() => {
      if (this.#loaded.get(order.key) === loading) this.#loaded.delete(order.key);
    });
    return loading;
  }

  /** Warms up a model that was assigned by {@link load}, once per worker and sizes: milliseconds, if it was possible. */
  async warmUp(order: SessionOrder, sizes: WarmupSizes): Promise<number | undefined> {
    await this.load(order);
    const warmed = this.#warmed.get(order.key) ?? new Map<string, Promise<number | undefined>>();
    this.#warmed.set(order.key, warmed);
    const name = JSON.stringify(sizes);
    const known = warmed.get(name);
    if (known !== undefined) return known;
    const warming = this.#request((id) => ({ kind: 'warm', id, key: order.key, sizes })).then((reply) => {
      if (reply.kind !== 'warmed') throw this.#unexpected(reply);
      return reply.warmupMs;
    });
    warmed.set(name, warming);
    warming.catch(() => warmed.delete(name));
    return warming;
  }

  /** Runs a model that was assigned by {@link load}; loads it first where the worker is new. */
  async run(
    order: SessionOrder,
    members: readonly RunMember[],
    axis: BatchAxis | undefined,
    fault: WorkerFault | undefined,
    transfer: readonly TransferListItem[],
  ): Promise<SlotResult> {
    await this.load(order);
    const reply = await this.#request((id) => ({ kind: 'run', id, key: order.key, members, axis, fault }), transfer);
    if (reply.kind !== 'ran') throw this.#unexpected(reply);
    this.#crashesInARow = 0;
    return reply;
  }

  /** Releases the session of a model. */
  async unload(key: string): Promise<void> {
    this.#assigned.delete(key);
    this.#ready.delete(key);
    this.#warmed.delete(key);
    if (!this.#loaded.delete(key) || this.#worker === undefined) return;
    await this.#request((id) => ({ kind: 'unload', id, key }));
  }

  /** Releases all sessions and waits for the thread to end. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#worker?.ref();
    this.#worker?.postMessage({ kind: 'close' } satisfies ToWorker);
    await this.#exited;
  }

  #request(make: (id: number) => ToWorker, transfer: readonly TransferListItem[] = []): Promise<FromWorker> {
    if (this.givenUp || this.#closing) return Promise.reject(this.#lost('is not running'));
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      worker.postMessage(make(id), transfer);
      if (this.#waiting.size === 0) worker.ref();
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #start(): Worker {
    const worker = spawnWorker(import.meta.url, 'inference-worker', { name: this.#name });
    this.#lastCause = undefined;
    worker.on('message', (reply: FromWorker) => this.#receive(worker, reply));
    worker.on('error', (error) => {
      this.#lastCause = error;
    });
    worker.on('messageerror', (error) => {
      this.#lastCause = error;
      void worker.terminate();
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', (exitCode) => {
        this.#onExit(exitCode);
        resolve();
      });
    });
    worker.unref();
    return worker;
  }

  #receive(worker: Worker, reply: FromWorker): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0 && !this.#closing) worker.unref();
    if (reply.kind === 'failed')
      waiting?.reject(new VitascopeError(reply.code, reply.message, { context: reply.context }));
    else waiting?.resolve(reply);
  }

  #onExit(exitCode: number): void {
    this.#worker = undefined;
    this.#loaded.clear();
    const warmed = new Map(this.#warmed);
    this.#warmed.clear();
    this.#ready.clear();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    if (!this.#closing) {
      this.#crashes++;
      this.#crashesInARow++;
    }
    const error = this.#lost('died', exitCode);
    for (const request of waiting) request.reject(error);
    if (!this.#closing && !this.givenUp) this.#restore(warmed);
  }

  /** Loads what the dead worker had, so that the next request does not wait for it. That request reports a failure. */
  #restore(warmed: ReadonlyMap<string, ReadonlyMap<string, unknown>>): void {
    for (const order of this.#assigned.values()) {
      this.load(order).catch(() => undefined);
      for (const sizes of warmed.get(order.key)?.keys() ?? []) {
        this.warmUp(order, JSON.parse(sizes) as WarmupSizes).catch(() => undefined);
      }
    }
  }

  #lost(what: string, exitCode?: number): VitascopeError {
    const gaveUp = this.givenUp ? `; given up after ${this.#crashesInARow} deaths in a row` : '';
    const cause = this.#lastCause;
    const why =
      cause instanceof Error ? ` (${cause.message})` : exitCode === undefined ? '' : ` (exit code ${exitCode})`;
    return new VitascopeError('WORKER_LOST', `inference worker ${this.#name} ${what}${why}${gaveUp}`, {
      context: { worker: this.#name, exitCode, crashesInARow: this.#crashesInARow },
      cause,
    });
  }

  #unexpected(reply: FromWorker): VitascopeError {
    return new VitascopeError('INFERENCE_FAILED', `inference worker ${this.#name}: unexpected reply "${reply.kind}"`);
  }
}
