/**
 * Ways to make a worker misbehave while it runs a request, so that tests need no timing: `exit` and `throw` kill it;
 * `hold` stops it until the gate opens.
 *
 * @internal
 */
export type WorkerFault =
  | { readonly kind: 'exit' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'hold'; readonly gate: SharedArrayBuffer };

/** The key under which run options may carry a {@link WorkerFault}. @internal */
export const workerFault: unique symbol = Symbol('vitascope.workerFault');

/** Places in a gate's memory, an `Int32Array` of two: how many workers have come to it, and 1 once it is open. @internal */
export const GATE_ARRIVED = 0;
export const GATE_OPEN = 1;

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
  const state = new Int32Array(fault.gate);
  Atomics.add(state, GATE_ARRIVED, 1);
  Atomics.notify(state, GATE_ARRIVED);
  Atomics.wait(state, GATE_OPEN, 0);
}
