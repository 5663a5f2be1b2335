/** Benchmarks of the live server, run by `run.ts`. */
import { copiesBench } from './live/copies.js';
import { dropoutBench } from './live/dropout.js';
import { latencyBench } from './live/latency.js';
import { peerBench } from './live/peer.js';
import { playersBench } from './live/players.js';
import { seriesBench } from './live/series.js';
import type { Bench } from './speed/bench.js';

/** Each takes about as long as `--seconds` says for each thing that it measures. */
export const liveBenches: Readonly<Record<string, Bench>> = {
  'live-latency': latencyBench,
  'live-peer': peerBench,
  'live-dropout': dropoutBench,
  'live-copies': copiesBench,
  'live-players': playersBench,
};

/** These take long, and run only when they are asked for by name. */
export const longLiveBenches: Readonly<Record<string, Bench>> = {
  'live-memory': seriesBench('live-memory', 'transcode', 30),
  'live-hour': seriesBench('live-hour', 'colorize', 60),
};
