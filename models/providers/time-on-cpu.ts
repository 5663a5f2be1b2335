import { availableParallelism } from 'node:os';
import { InferencePool } from '../inference-pool.js';
import type { ModelSource } from '../model-source.js';
import { selfTestFeeds } from './self-test.js';

const RUNS = 5;

/**
 * Runs the self-test of a model on the CPU, with all cores.
 *
 * @returns the median of five runs, milliseconds
 * @throws VitascopeError as `InferencePool.load` and `LoadedModel.run`
 */
export async function timeOnCpu(source: ModelSource): Promise<number> {
  await using pool = new InferencePool({ workers: 1, intraOpThreads: availableParallelism() });
  const model = await pool.load(source, { warmup: false });
  const feeds = selfTestFeeds(model.inputs, source.selfTest);
  await model.run(feeds);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) times.push((await model.run(feeds)).modelMs);
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] as number;
}
