import { Worker } from 'node:worker_threads';

/** Starts the worker entry that lies beside this file: compiled JavaScript, or TypeScript when running from source. */
export function spawnInferenceWorker(name: string): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = fromSource ? './inference-worker-from-source.mjs' : './inference-worker.js';
  // Flags of the main program, such as --input-type or --inspect-brk, are not meant for the workers.
  return new Worker(new URL(entry, import.meta.url), { name, execArgv: [] });
}
