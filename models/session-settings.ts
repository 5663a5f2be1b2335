import { availableParallelism } from 'node:os';
import { VitascopeError } from '../pipeline/errors.js';

/** An execution provider of ONNX Runtime by name, or with its options. */
export type ExecutionProvider =
  | string
  | { readonly name: string; readonly [option: string]: string | number | boolean };

/** How sessions of a model are created. Plain data: it crosses to the workers. */
export interface SessionSettings {
  /** Tried in this order; operators that one lacks go to the next. */
  readonly executionProviders: readonly ExecutionProvider[];
  /** Threads that one run may use, the worker's own included. */
  readonly intraOpThreads: number;
  /**
   * True when shapes change from run to run (lines of text, crops): the runtime then does not remember a memory plan
   * for every shape it has seen.
   */
  readonly variableShapes: boolean;
}

/** Workers and threads such that their product is about the number of cores. */
export interface ThreadPlan {
  readonly workers: number;
  readonly intraOpThreads: number;
}

const MAX_WORKERS = 4;

/**
 * Splits the cores: frames of a stream run side by side on up to four workers (each holds a copy of every model), and
 * what is left goes to threads within a run. What the caller fixes stays as it is.
 *
 * @throws VitascopeError `OPTION_INVALID`
 */
export function planThreads(
  wanted: { readonly workers?: number | undefined; readonly intraOpThreads?: number | undefined },
  cores: number = availableParallelism(),
): ThreadPlan {
  positiveInteger('workers', wanted.workers);
  positiveInteger('intraOpThreads', wanted.intraOpThreads);
  const halfTheCores = Math.min(MAX_WORKERS, Math.max(2, Math.ceil(cores / 2)));
  const byThreads = Math.floor(cores / (wanted.intraOpThreads ?? 1));
  const workers = wanted.workers ?? Math.max(1, Math.min(halfTheCores, cores, byThreads));
  return { workers, intraOpThreads: wanted.intraOpThreads ?? Math.max(1, Math.floor(cores / workers)) };
}

/** @throws VitascopeError `OPTION_INVALID` when `value` is given and is not an integer of at least `least`. */
export function positiveInteger(name: string, value: number | undefined, least = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= least)) return;
  throw new VitascopeError(
    'OPTION_INVALID',
    `InferencePool: ${name} must be an integer of at least ${least}, got ${value}`,
    { context: { [name]: value } },
  );
}
