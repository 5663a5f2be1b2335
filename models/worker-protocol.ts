import type { ErrorCode, ErrorContext } from '../pipeline/errors.js';
import type { SessionSettings } from './session-settings.js';
import type { InlineTensor, Tensor, TensorSpec } from './tensor.js';
import type { OutputTargets } from './tensor-check.js';
import type { WorkerFault } from './worker-fault.js';

/** Sizes for the symbols in a model's input shapes, so that a warm-up run can be made up; `false` for none. */
export type WarmupSizes = false | Readonly<Record<string, number>>;

/** What a worker needs to create a session. */
export interface SessionOrder {
  /** Tells the sessions of a worker apart. */
  readonly key: string;
  /** For messages. */
  readonly label: string;
  readonly path: string;
  readonly settings: SessionSettings;
  readonly warmup: WarmupSizes;
}

export interface LoadMessage {
  readonly kind: 'load';
  readonly id: number;
  readonly order: SessionOrder;
}

/** Feeds and targets have been checked against the model by the sender. */
export interface RunMessage {
  readonly kind: 'run';
  readonly id: number;
  readonly key: string;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly targets: OutputTargets;
  readonly fault: WorkerFault | undefined;
}

export interface UnloadMessage {
  readonly kind: 'unload';
  readonly id: number;
  readonly key: string;
}

/** Releases every session; the worker then ends by itself. */
export interface CloseMessage {
  readonly kind: 'close';
}

/** Messages are handled one after another, in the order in which they were sent. */
export type ToWorker = LoadMessage | RunMessage | UnloadMessage | CloseMessage;

/** What a worker found out about a model when it loaded it. */
export interface SessionReport {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Milliseconds to read the file and prepare the session. */
  readonly loadMs: number;
  /** Milliseconds of the warm-up run; absent when none could be made up. */
  readonly warmupMs: number | undefined;
}

export interface RunReport {
  readonly outputs: Readonly<Record<string, InlineTensor>>;
  /** Milliseconds in the runtime, copies to and from shared memory excluded. */
  readonly modelMs: number;
}

export type FromWorker =
  | { readonly kind: 'loaded'; readonly id: number; readonly report: SessionReport }
  | { readonly kind: 'ran'; readonly id: number; readonly report: RunReport }
  | { readonly kind: 'unloaded'; readonly id: number }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly context: ErrorContext;
    };
