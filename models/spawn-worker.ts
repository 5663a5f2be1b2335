import { Worker } from 'node:worker_threads';

/** How a thread is begun. */
export interface WorkerStart {
  /** Name of the thread, for debuggers. */
  readonly name: string;
  /** What the thread finds as `workerData`. */
  readonly data?: unknown;
}

/**
 * Starts a thread.
 *
 * @param beside `import.meta.url` of a file in the folder of the entry.
 * @param entry Its name: `ENTRY.js` where the code is compiled, `ENTRY-from-source.mjs` while running from TypeScript.
 */
export function spawnWorker(beside: string, entry: string, { name, data }: WorkerStart): Worker {
  const file = beside.endsWith('.ts') ? `./${entry}-from-source.mjs` : `./${entry}.js`;
  // Flags of the main program, such as --input-type or --inspect-brk, are not meant for the workers.
  return new Worker(new URL(file, beside), { name, execArgv: [], workerData: data });
}
