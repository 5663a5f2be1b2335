import type { TransferListItem } from 'node:worker_threads';
import { VitascopeError } from '../pipeline/errors.js';
import type { BatchTerms } from './batch-company.js';
import type { RunOptions } from './loaded-model.js';
import type { ModelRecord } from './model-record.js';
import type { OrderedDelivery } from './ordered-delivery.js';
import type { Queued } from './request-queue.js';
import { type InlineTensor, isShared, type Tensor } from './tensor.js';
import type { OutputTargets } from './tensor-check.js';
import { type WorkerFault, workerFault } from './worker-fault.js';
import type { RunReport } from './worker-protocol.js';

/** What a request ends with. */
export interface RequestResult extends RunReport {
  readonly queuedMs: number;
}

/** How many runs a handle may have going on at once, and has. */
export interface RunShare {
  readonly max: number;
  running: number;
}

type Deliver = (settle: () => void) => void;

/** One call of `run()`: from the queue to its end. It settles once, in the order of its stream. */
export class InferenceRequest implements Queued {
  readonly record: ModelRecord;
  readonly share: RunShare;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly transfer: readonly TransferListItem[];
  readonly targets: OutputTargets;
  readonly fault: WorkerFault | undefined;
  /** How it may be joined with others; undefined when it runs alone. */
  readonly batch: BatchTerms | undefined;
  readonly lane: string | symbol | undefined;
  readonly stream: string | symbol | undefined;
  readonly signal: AbortSignal | undefined;
  readonly result: Promise<RequestResult>;
  readonly #deliver: Deliver;
  readonly #calledAt = performance.now();
  #onAbort: (() => void) | undefined;
  #resolve!: (result: RequestResult) => void;
  #reject!: (error: unknown) => void;

  constructor(
    record: ModelRecord,
    share: RunShare,
    feeds: Readonly<Record<string, Tensor>>,
    targets: OutputTargets,
    options: Omit<RunOptions<OutputTargets>, 'outputs'>,
    delivery: OrderedDelivery<string | symbol>,
    batch?: BatchTerms,
  ) {
    this.record = record;
    this.share = share;
    this.batch = batch;
    const own = ownFeeds(feeds, options.transfer ?? false);
    this.feeds = own.feeds;
    this.transfer = own.transfer;
    this.targets = targets;
    this.fault = options[workerFault];
    this.lane = options.lane;
    this.stream = options.stream;
    this.signal = options.signal;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Last, since whoever joins must settle, and copying the feeds may throw.
    this.#deliver = this.stream === undefined ? atOnce : delivery.join(this.stream);
  }

  /** Milliseconds since the call. */
  get ageMs(): number {
    return performance.now() - this.#calledAt;
  }

  /** Calls `cancel` if the signal aborts before {@link stopWatching}. */
  watch(cancel: () => void): void {
    this.#onAbort = cancel;
    this.signal?.addEventListener('abort', cancel, { once: true });
  }

  stopWatching(): void {
    if (this.#onAbort !== undefined) this.signal?.removeEventListener('abort', this.#onAbort);
  }

  succeed(result: RequestResult): void {
    this.#deliver(() => this.#resolve(result));
  }

  fail(error: unknown): void {
    this.#deliver(() => this.#reject(error));
  }

  /** Fails at once, ahead of its stream: nothing of it has run. */
  failWaiting(error: unknown): void {
    this.#reject(error);
    this.#deliver(() => undefined);
  }
}

/** Why the signal of a request aborted. */
export function abortReason(signal: AbortSignal, who: string): unknown {
  return signal.reason ?? new VitascopeError('ABORTED', `${who}: the request was aborted`);
}

/** The caller may change inline feeds after the call, so they are copied, or taken over. */
function ownFeeds(
  feeds: Readonly<Record<string, Tensor>>,
  transfer: boolean,
): { feeds: Record<string, Tensor>; transfer: TransferListItem[] } {
  const own: Record<string, Tensor> = {};
  const buffers = new Set<ArrayBuffer>();
  for (const [name, tensor] of Object.entries(feeds)) {
    if (isShared(tensor)) {
      own[name] = tensor;
      continue;
    }
    const data = transfer && spansOwnBuffer(tensor.data) ? tensor.data : tensor.data.slice();
    own[name] = { type: tensor.type, shape: tensor.shape, data } as InlineTensor;
    buffers.add(data.buffer as ArrayBuffer);
  }
  return { feeds: own, transfer: [...buffers] };
}

function atOnce(settle: () => void): void {
  settle();
}

function spansOwnBuffer(data: InlineTensor['data']): boolean {
  return data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
}
