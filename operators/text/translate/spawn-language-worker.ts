import { Worker } from 'node:worker_threads';

/** Starts the worker entry that lies beside this file: compiled JavaScript, or TypeScript when running from source. */
export function spawnLanguageWorker(languages: readonly string[]): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = fromSource ? './language-worker-from-source.mjs' : './language-worker.js';
  const url = new URL(entry, import.meta.url);
  return new Worker(url, { name: 'vitascope-languages', execArgv: [], workerData: languages });
}
