/** Entry of an inference worker thread: handles messages one after another until it is told to close. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import { discardBuffers } from './discard-buffers.js';
import { isShared } from './tensor.js';
import { commitFault } from './worker-fault.js';
import { WorkerModel } from './worker-model.js';
import type {
  FromWorker,
  LoadMessage,
  RunMember,
  RunMessage,
  ToWorker,
  UnloadMessage,
  WarmMessage,
} from './worker-protocol.js';

const models = new Map<string, WorkerModel>();
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: ToWorker) => {
  // A run that awaits must not let the next message overtake it.
  last = last.then(() => handle(message));
});

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === 'close') return close();
  try {
    if (message.kind === 'load') await load(message);
    else if (message.kind === 'warm') await warm(message);
    else if (message.kind === 'run') await run(message);
    else await unload(message);
  } catch (error) {
    const { code, message: text, context } = asVitascopeError(error, 'INFERENCE_FAILED', 'inference worker');
    reply({ kind: 'failed', id: message.id, code, message: text, context });
  }
}

async function load({ id, order }: LoadMessage): Promise<void> {
  const model = await WorkerModel.create(order);
  models.set(order.key, model);
  reply({ kind: 'loaded', id, report: model.report });
}

async function warm({ id, key, sizes }: WarmMessage): Promise<void> {
  reply({ kind: 'warmed', id, warmupMs: await loaded(key).warmUp(sizes) });
}

async function run({ id, key, members, axis, fault }: RunMessage): Promise<void> {
  if (fault !== undefined) commitFault(fault);
  const { outcomes, joined } = await loaded(key).run(members, axis);
  discardBuffers(members.flatMap(inlineBuffers));
  const outputs = outcomes.flatMap((outcome) => ('report' in outcome ? Object.values(outcome.report.outputs) : []));
  reply({ kind: 'ran', id, outcomes, joined }, [...new Set(outputs.map(({ data }) => data.buffer as ArrayBuffer))]);
}

async function unload({ id, key }: UnloadMessage): Promise<void> {
  await models.get(key)?.release();
  models.delete(key);
  reply({ kind: 'unloaded', id });
}

async function close(): Promise<void> {
  for (const model of models.values()) await model.release();
  models.clear();
  parentPort?.close();
}

function loaded(key: string): WorkerModel {
  const model = models.get(key);
  if (model !== undefined) return model;
  throw new VitascopeError('INFERENCE_FAILED', `inference worker: no session "${key}" is loaded`);
}

/** The memory of feeds that came with the message, which nobody else has. */
function inlineBuffers({ feeds }: RunMember): ArrayBufferLike[] {
  return Object.values(feeds).flatMap((feed) => (isShared(feed) ? [] : feed.data.buffer));
}

function reply(message: FromWorker, transfer: readonly TransferListItem[] = []): void {
  parentPort?.postMessage(message, transfer);
}
