import { InferencePool } from './inference-pool.js';

let pool: InferencePool | undefined;

/** The pool of programs that compose operators by hand; made on first use with the default options. */
export function defaultInferencePool(): InferencePool {
  pool ??= new InferencePool();
  return pool;
}

/** Ends the default pool, if there is one; the next use makes a new one. */
export async function disposeDefaultInferencePool(): Promise<void> {
  const ending = pool;
  pool = undefined;
  await ending?.dispose();
}
