import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import type { ProbeOutcome } from './probe-protocol.js';

const DAY_MS = 86_400_000;
/** What worked is believed longer than what did not: drivers get mended. */
const LIFE_MS = { works: 30 * DAY_MS, fails: 7 * DAY_MS, hangs: DAY_MS };

const proof = z.object({
  maxError: z.number(),
  ms: z.number(),
  atLeast: z.boolean(),
  cpuMs: z.number(),
  firstMs: z.number(),
  sessionMs: z.number(),
});
const refused = z.enum(['crash', 'hang', 'error', 'wrong', 'unproven']);
const entry = z.object({
  at: z.number(),
  timeoutMs: z.number(),
  outcome: z.discriminatedUnion('works', [
    z.object({ works: z.literal(true), proof }),
    z.object({ works: z.literal(false), kind: refused, reason: z.string() }),
  ]),
});

/** The folder in which probes are remembered, unless another is given. */
export function defaultProbeFolder(): string {
  return join(envPaths('vitascope', { suffix: '' }).cache, 'providers');
}

/**
 * Outcomes of probes, one file each, so that not every job pays for them. A folder that cannot be read or written only
 * means that probes run again.
 */
export class ProbeCache {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(folder: string = defaultProbeFolder(), now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
  }

  /** A fresh outcome under `key`. One that ran out of time counts only if it had `timeoutMs` or more. */
  async get(key: string, timeoutMs: number): Promise<ProbeOutcome | undefined> {
    const text = await readFile(this.#path(key), 'utf8').catch(() => undefined);
    const parsed = text === undefined ? undefined : entry.safeParse(parseJson(text)).data;
    if (parsed === undefined) return undefined;
    const { outcome, at } = parsed;
    const age = this.#now() - at;
    if (age < 0 || age > lifeOf(outcome)) return undefined;
    return ranOutOfTime(outcome) && parsed.timeoutMs < timeoutMs ? undefined : outcome;
  }

  async put(key: string, outcome: ProbeOutcome, timeoutMs: number): Promise<void> {
    const path = this.#path(key);
    const partial = `${path}.${randomUUID()}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(partial, JSON.stringify({ at: this.#now(), timeoutMs, outcome }));
      await rename(partial, path);
    } catch {
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}

function lifeOf(outcome: ProbeOutcome): number {
  if (outcome.works) return LIFE_MS.works;
  return outcome.kind === 'hang' ? LIFE_MS.hangs : LIFE_MS.fails;
}

function ranOutOfTime(outcome: ProbeOutcome): boolean {
  return outcome.works ? outcome.proof.atLeast : outcome.kind === 'hang';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
