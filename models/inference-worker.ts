/** Entry of an inference worker thread: handles messages one after another until it is told to close. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import { commitFault } from './worker-fault.js';
import type { FromWorker, LoadMessage, RunMessage, ToWorker, UnloadMessage } from './worker-protocol.js';
import { WorkerSession } from './worker-session.js';

const sessions = new Map<string, WorkerSession>();
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: ToWorker) => {
  // A run that awaits must not let the next message overtake it.
  last = last.then(() => handle(message));
});

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === 'close') return close();
  try {
    if (message.kind === 'load') await load(message);
    else if (message.kind === 'run') await run(message);
    else await unload(message);
  } catch (error) {
    const { code, message: text, context } = asVitascopeError(error, 'INFERENCE_FAILED', 'inference worker');
    reply({ kind: 'failed', id: message.id, code, message: text, context });
  }
}

async function load({ id, order }: LoadMessage): Promise<void> {
  const { session, report } = await WorkerSession.create(order);
  sessions.set(order.key, session);
  reply({ kind: 'loaded', id, report });
}

async function run({ id, key, feeds, targets, fault }: RunMessage): Promise<void> {
  if (fault !== undefined) commitFault(fault);
  const session = sessions.get(key);
  if (session === undefined) {
    throw new VitascopeError('INFERENCE_FAILED', `inference worker: no session "${key}" is loaded`);
  }
  const report = await session.run(feeds, targets);
  const buffers = new Set(Object.values(report.outputs).map((tensor) => tensor.data.buffer as ArrayBuffer));
  reply({ kind: 'ran', id, report }, [...buffers]);
}

async function unload({ id, key }: UnloadMessage): Promise<void> {
  await sessions.get(key)?.release();
  sessions.delete(key);
  reply({ kind: 'unloaded', id });
}

async function close(): Promise<void> {
  for (const session of sessions.values()) await session.release();
  sessions.clear();
  parentPort?.close();
}

function reply(message: FromWorker, transfer: readonly TransferListItem[] = []): void {
  parentPort?.postMessage(message, transfer);
}
