import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { LoadOptions } from '../inference-pool.js';

/** Bytes from which a model is loaded by one worker only. */
export const HEAVY_BYTES = 200_000_000;

/**
 * How a model of this file is loaded. Every worker that loads a model holds its weights anew, so a heavy one ({@link HEAVY_BYTES}) is loaded by
 * one worker, whose runs then get all cores.
 */
export async function loadOptionsFor(path: string): Promise<LoadOptions> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size < HEAVY_BYTES) return {};
  return { replicas: 1, session: { intraOpThreads: availableParallelism() } };
}
