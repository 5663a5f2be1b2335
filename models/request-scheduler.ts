import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import { canJoin } from './batch-company.js';
import { abortReason, type InferenceRequest } from './inference-request.js';
import type { ModelRecord } from './model-record.js';
import { RequestQueue } from './request-queue.js';
import type { RunOutcome } from './worker-protocol.js';
import type { WorkerSlot } from './worker-slot.js';

/** Longer timers would go off at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Brings requests to workers: one at a time to each, oldest first, in the order of lanes and streams. Requests that wait
 * for the same model and fit together go as one.
 */
export class RequestScheduler {
  readonly #queue = new RequestQueue<InferenceRequest>();
  readonly #running = new Set<InferenceRequest>();
  readonly #onEnd: (record: ModelRecord) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  /** @param onEnd Is called once for every request, after it has settled or while it is cancelled. */
  constructor(onEnd: (record: ModelRecord) => Promise<void>) {
    this.#onEnd = onEnd;
  }

  /** Requests waiting for a worker, or for company. */
  get queued(): number {
    return this.#queue.length;
  }
  /** Requests on a worker. */
  get running(): number {
    return this.#running.size;
  }

  /** Takes a request in, and starts it if a worker is free. */
  add(request: InferenceRequest, who: string): void {
    request.watch(() => this.#cancel(request, who));
    this.#queue.add(request);
    this.#dispatch();
  }

  /** Ends: what waits is rejected with `ABORTED`, or carried out at once with `drain`; resolves when nothing runs. */
  async end(drain: boolean): Promise<void> {
    this.#ending = true;
    if (drain) this.#dispatch();
    else {
      for (const request of this.#queue.removeAll()) {
        request.stopWatching();
        request.failWaiting(new VitascopeError('ABORTED', 'InferencePool: disposed while the request waited'));
      }
    }
    clearTimeout(this.#timer);
    while (this.#running.size > 0) await Promise.allSettled([...this.#running].map((request) => request.result));
  }

  #dispatch(): void {
    let waitMs = Number.POSITIVE_INFINITY;
    this.#queue.offer((request) => {
      const slot = request.record.idleSlot();
      if (slot === undefined || isUsedUp(request)) return false;
      const company = this.#companyOf(request);
      const left = this.#msToWait(request, company);
      if (left > 0) {
        waitMs = Math.min(waitMs, left);
        return false;
      }
      for (const other of company) this.#queue.take(other);
      void this.#carryOut([request, ...company], slot);
      return true;
    });
    clearTimeout(this.#timer);
    if (waitMs < Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#dispatch(), Math.min(Math.ceil(waitMs), MAX_TIMER_MS));
    }
  }

  /** Waiting requests that can be joined with this one, as many as all of them allow. */
  #companyOf(request: InferenceRequest): InferenceRequest[] {
    if (request.batch === undefined) return [];
    let { rows, max } = request.batch;
    return this.#queue.company(request, (other) => {
      if (other.record !== request.record || other.batch === undefined || !canJoin(request, other)) return false;
      if (other.share !== request.share && isUsedUp(other)) return false;
      const limit = Math.min(max, other.batch.max);
      if (rows + other.batch.rows > limit) return false;
      rows += other.batch.rows;
      max = limit;
      return true;
    });
  }

  /** How long a request should still wait for more company, milliseconds. The first who has waited enough starts all. */
  #msToWait(request: InferenceRequest, company: readonly InferenceRequest[]): number {
    if (request.batch === undefined || this.#ending) return 0;
    const members = [request, ...company];
    const rows = members.reduce((sum, { batch }) => sum + (batch?.rows ?? 0), 0);
    const max = Math.min(...members.map(({ batch }) => batch?.max ?? 0));
    if (rows >= max) return 0;
    return Math.max(0, Math.min(...members.map(({ batch, ageMs }) => (batch?.waitMs ?? 0) - ageMs)));
  }

  async #carryOut(requests: readonly InferenceRequest[], slot: WorkerSlot): Promise<void> {
    for (const request of requests) this.#running.add(request);
    const shares = new Set(requests.map(({ share }) => share));
    for (const share of shares) share.running++;
    slot.busy = true;
    const settle = await this.#outcome(requests, slot);
    slot.busy = false;
    for (const share of shares) share.running--;
    for (const request of requests) {
      this.#running.delete(request);
      this.#queue.release(request);
    }
    this.#dispatch();
    for (const each of settle) each();
    for (const { record } of requests) await this.#onEnd(record);
  }

  /** Runs the requests; gives what is left to do once their worker has the next ones. */
  async #outcome(requests: readonly InferenceRequest[], slot: WorkerSlot): Promise<(() => void)[]> {
    const { record } = requests[0] as InferenceRequest;
    const waits = requests.map((request) => request.ageMs);
    const members = requests.map(({ feeds, targets }) => ({ feeds, targets }));
    const fault = requests.find((request) => request.fault !== undefined)?.fault;
    try {
      const axis = requests.length > 1 ? requests[0]?.batch?.axis : undefined;
      const transfer = requests.flatMap((request) => request.transfer);
      const { outcomes, joined } = await slot.run(record.order, members, axis, fault, transfer);
      if (joined) record.metrics.recordBatch(requests.length);
      return requests.map((request, at) => settling(request, outcomes[at] as RunOutcome, waits[at] ?? 0));
    } catch (error) {
      const failure = asVitascopeError(error, 'INFERENCE_INPUT', `InferencePool.run(${record.order.label})`);
      return requests.map((request) => {
        record.metrics.recordFailure();
        return () => request.fail(failure);
      });
    } finally {
      for (const request of requests) request.stopWatching();
    }
  }

  #cancel(request: InferenceRequest, who: string): void {
    if (!this.#queue.remove(request) || request.signal === undefined) return;
    request.failWaiting(abortReason(request.signal, who));
    void this.#onEnd(request.record);
    // What it held up in its stream may start now.
    this.#dispatch();
  }
}

function isUsedUp({ share }: InferenceRequest): boolean {
  return share.running >= share.max;
}

function settling(request: InferenceRequest, outcome: RunOutcome, queuedMs: number): () => void {
  const { record, signal } = request;
  if ('failure' in outcome) {
    record.metrics.recordFailure();
    const { code, message, context } = outcome.failure;
    return () => request.fail(new VitascopeError(code, message, { context }));
  }
  const { report } = outcome;
  record.metrics.recordRun(report.modelMs);
  if (signal?.aborted) return () => request.fail(abortReason(signal, `InferencePool.run(${record.order.label})`));
  return () => request.succeed({ ...report, queuedMs });
}
