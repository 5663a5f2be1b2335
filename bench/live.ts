/** Benchmarks of the live server, run by `run.ts`. */
import { latencyBench } from './live/latency.js';
import type { Bench } from './speed/bench.js';

/** Each in about as long as `--seconds` says for each thing that it measures. */
export const liveBenches: Readonly<Record<string, Bench>> = {
  'live-latency': latencyBench,
};

/** These take long, and run only when they are asked for by name. */
export const longLiveBenches: Readonly<Record<string, Bench>> = {};
