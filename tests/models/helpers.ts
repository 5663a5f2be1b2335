import { fileURLToPath } from 'node:url';
import type { ModelSource } from '../../models/model-source.js';
import type { InlineTensor } from '../../models/tensor.js';
import { inlineTensor } from '../../models/tensor.js';
import { GATE_ARRIVED, GATE_OPEN, type WorkerFault, workerFault } from '../../models/worker-fault.js';

/** A model of tests/fixtures/models/make_models.py. */
export function fixture(id: string): ModelSource {
  return { id, path: fileURLToPath(new URL(`../fixtures/models/${id}.onnx`, import.meta.url)) };
}

/** A float32 [1, 1, 1, n] picture, the input of the model `double`. */
export function row(...values: number[]): { x: InlineTensor } {
  return { x: inlineTensor('float32', [1, 1, 1, values.length], Float32Array.from(values)) };
}

/** Holds workers in the middle of a request until it is opened, so that tests need no timing. */
export class Gate {
  readonly #state = new Int32Array(new SharedArrayBuffer(8));

  /** Run options that stop the worker at this gate. */
  get held(): { readonly [workerFault]: WorkerFault } {
    return { [workerFault]: { kind: 'hold', gate: this.#state.buffer as SharedArrayBuffer } };
  }

  /** How many workers have come to it. */
  get count(): number {
    return Atomics.load(this.#state, GATE_ARRIVED);
  }

  /** Resolves when `count` workers have come to it. */
  async arrived(count = 1): Promise<void> {
    while (this.count < count) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets every worker pass, now and later. */
  open(): void {
    Atomics.store(this.#state, GATE_OPEN, 1);
    Atomics.notify(this.#state, GATE_OPEN);
  }
}

/** Run options that kill the worker in the middle of the request. */
export function fatal(kind: 'exit' | 'throw'): { readonly [workerFault]: WorkerFault } {
  return { [workerFault]: { kind } };
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('expected a rejection');
}
