/**
 * The price of the networks alone: what `colorize` feeds its graphs for a frame, fed to onnxruntime-node again and again, on one thread.
 *
 *     tsx bench/speed/bare-inference.ts film.mp4 frames network|graphs
 *
 * Prints JSON: the seconds of CPU and wall time that so many frames take.
 */
import * as ort from 'onnxruntime-node';
import { InferencePool } from '../../models/inference-pool.js';
import { type RecordedGraph, recordFeeds } from './recorded-feeds.js';
import type { CommandTimes } from './time-command.js';

const WARM_UP_RUNS = 5;

async function replayOf({ path, feeds }: RecordedGraph): Promise<() => Promise<unknown>> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const tensors = Object.fromEntries(
    feeds.map(({ name, type, shape, data }) => [name, new ort.Tensor(type, data, shape)]),
  );
  return () => session.run(tensors);
}

async function loop(replays: readonly (() => Promise<unknown>)[], times: number): Promise<void> {
  for (let i = 0; i < times; i++) for (const replay of replays) await replay();
}

const [film, frames, which] = process.argv.slice(2);
if (film === undefined || frames === undefined || which === undefined)
  throw new Error('usage: film frames network|graphs');
const pool = new InferencePool();
const graphs = await recordFeeds(film, pool);
await pool.dispose();
const wanted = which === 'network' ? graphs.filter(({ id }) => id.endsWith('/model')) : graphs;
if (wanted.length === 0) throw new Error(`${film}: colorize ran no network; is the film in colour?`);
const replays = await Promise.all(wanted.map(replayOf));
await loop(replays, WARM_UP_RUNS);
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
await loop(replays, Number(frames));
const { user, system } = process.cpuUsage(cpuBefore);
const times: CommandTimes = {
  wallSeconds: (performance.now() - startedAt) / 1000,
  cpuSeconds: (user + system) / 1e6,
};
console.log(JSON.stringify(times));
