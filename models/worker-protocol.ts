import type { ErrorCode, ErrorContext } from '../pipeline/errors.js';
import type { BatchAxis } from './batch-axis.js';
import type { GraphStage } from './graph-stage.js';
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
  /** Graphs that run before the model, and after it. */
  readonly before: readonly GraphStage[];
  readonly after: readonly GraphStage[];
  readonly settings: SessionSettings;
}

export interface LoadMessage {
  readonly kind: 'load';
  readonly id: number;
  readonly order: SessionOrder;
}

/** Runs a loaded model on zeros. */
export interface WarmMessage {
  readonly kind: 'warm';
  readonly id: number;
  readonly key: string;
  readonly sizes: WarmupSizes;
}

/** One request. Feeds and targets have been checked against the model by the sender. */
export interface RunMember {
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly targets: OutputTargets;
}

/** Requests to carry out together; several only where the sender found that they can be joined along the first axis. */
export interface RunMessage {
  readonly kind: 'run';
  readonly id: number;
  readonly key: string;
  readonly members: readonly RunMember[];
  /** How to join them; absent for a single one. */
  readonly axis: BatchAxis | undefined;
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
export type ToWorker = LoadMessage | WarmMessage | RunMessage | UnloadMessage | CloseMessage;

/** What a worker found out about a model when it loaded it. */
export interface SessionReport {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Outputs of earlier stages, which may be asked for too. */
  readonly intermediates: readonly TensorSpec[];
  /** Milliseconds to read the file and prepare the session. */
  readonly loadMs: number;
}

export interface RunReport {
  readonly outputs: Readonly<Record<string, InlineTensor>>;
  /** Milliseconds in the runtime, copies to and from shared memory excluded. */
  readonly modelMs: number;
  /** The part of {@link modelMs} in the model's own graph, without the stages before and after it. */
  readonly coreMs: number;
}

/** An error as it crosses to the main thread. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: ErrorContext;
}

/** How one request ended. */
export type RunOutcome = { readonly report: RunReport } | { readonly failure: Failure };

export type FromWorker =
  | { readonly kind: 'loaded'; readonly id: number; readonly report: SessionReport }
  | { readonly kind: 'warmed'; readonly id: number; readonly warmupMs: number | undefined }
  | {
      readonly kind: 'ran';
      readonly id: number;
      /** In the order of the members. */
      readonly outcomes: readonly RunOutcome[];
      /** True when one run of the runtime served them all. */
      readonly joined: boolean;
    }
  | { readonly kind: 'unloaded'; readonly id: number }
  | ({ readonly kind: 'failed'; readonly id: number } & Failure);
