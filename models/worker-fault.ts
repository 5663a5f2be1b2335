/**
 * Ways to make a worker misbehave while it runs a request, so that tests need no timing: `exit` and `throw` kill it;
 * `hold` stops it until the gate opens; `measure` only looks at its memory.
 *
 * @internal
 */
export type WorkerFault =
  | { readonly kind: 'exit' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'hold'; readonly gate: SharedArrayBuffer }
  | { readonly kind: 'measure'; readonly into: SharedArrayBuffer; readonly collect: boolean };

/** The key under which run options may carry a {@link WorkerFault}. @internal */
export const workerFault: unique symbol = Symbol('vitascope.workerFault');

/** Places in a gate's memory, an `Int32Array` of two: how many workers have come to it, and 1 once it is open. @internal */
export const GATE_ARRIVED = 0;
export const GATE_OPEN = 1;

/** Places in the memory of a measurement, a `Float64Array` of two, bytes. @internal */
export const MEASURED_BUFFERS = 0;
export const MEASURED_HEAP = 1;

/** Runs in the worker. @internal */
export function commitFault(fault: WorkerFault): void {
  if (fault.kind === 'exit') process.exit(7);
  if (fault.kind === 'throw') {
    // Outside the promise chain that would turn it into a reply.
    queueMicrotask(() => {
      throw new Error('fault injected by a test');
    });
    return;
  }
  if (fault.kind === 'measure') {
    measure(fault.into, fault.collect);
    return;
  }
  const state = new Int32Array(fault.gate);
  Atomics.add(state, GATE_ARRIVED, 1);
  Atomics.notify(state, GATE_ARRIVED);
  Atomics.wait(state, GATE_OPEN, 0);
}

function measure(into: SharedArrayBuffer, collect: boolean): void {
  // There with --expose-gc only.
  if (collect) globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  new Float64Array(into).set([arrayBuffers, heapUsed]);
}
