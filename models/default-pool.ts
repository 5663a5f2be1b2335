import { VitascopeError } from '../pipeline/errors.js';
import { InferencePool, type InferencePoolOptions, type PoolMetrics } from './inference-pool.js';

let pool: InferencePool | undefined;
let configured: InferencePoolOptions = {};

/** The pool of programs that compose operators by hand; made on first use, see {@link configureDefaultInferencePool}. */
export function defaultInferencePool(): InferencePool {
  pool ??= new InferencePool(configured);
  return pool;
}

/**
 * Says what the default pool is made with, from its next making on. Call it before operators are made.
 *
 * @throws VitascopeError `OPTION_INVALID` when the pool is in use already.
 * @example configureDefaultInferencePool({ provider: 'auto' })
 */
export function configureDefaultInferencePool(options: InferencePoolOptions): void {
  if (pool !== undefined) {
    throw new VitascopeError('OPTION_INVALID', 'configureDefaultInferencePool: the default pool is in use already');
  }
  configured = options;
}

/** What the default pool does and has done; nothing as long as nobody has used it. */
export function defaultInferencePoolMetrics(): PoolMetrics | undefined {
  return pool?.metrics();
}

/** Ends the default pool, if there is one; the next use makes a new one. */
export async function disposeDefaultInferencePool(): Promise<void> {
  const ending = pool;
  pool = undefined;
  await ending?.dispose();
}
