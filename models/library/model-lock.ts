import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheError, inCache, stopped } from './cache-errors.js';

/** How a lock is waited for. */
export interface LockOptions {
  /** For messages. */
  readonly who: string;
  /** Age after which a lock that nobody refreshes is taken over, ms. */
  readonly staleMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Another process has it; called before each wait of a fifth of a second. */
  readonly onWait?: () => Promise<void> | void;
}

const POLL_MS = 200;

/**
 * Does something while no other process, and nobody else in this one, holds the lock. A lock whose process died is taken over.
 *
 * @param path The lock; its folder is made.
 * @param act Its signal fires when `signal` does, or when the lock was lost: after the machine slept, another process may have taken it.
 * @throws VitascopeError `ABORTED`, `MODEL_CACHE`; whatever `act` throws.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(path, options, () => lost.abort());
  try {
    return await act(AbortSignal.any([lost.signal, ...(options.signal === undefined ? [] : [options.signal])]));
  } catch (error) {
    if (!lost.signal.aborted) throw error;
    throw cacheError(path, new Error('another process took the lock over while this one slept; run it again'));
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, options: LockOptions, onLost: () => void): Promise<() => Promise<void>> {
  // Loaded late: it listens to signals of the process from then on.
  const { default: lockfile } = await import('proper-lockfile');
  const { staleMs, signal, who } = options;
  await inCache(path, () => mkdir(dirname(path), { recursive: true }));
  for (;;) {
    if (signal?.aborted === true) throw stopped(who);
    try {
      const stale = { stale: staleMs, update: Math.min(staleMs / 4, 2000) };
      return await lockfile.lock(path, { realpath: false, lockfilePath: path, onCompromised: onLost, ...stale });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw cacheError(path, error);
    }
    await options.onWait?.();
    await delay(POLL_MS, undefined, signal && { signal }).catch(() => undefined);
  }
}

/** True when the lock is free, or its process died. */
export async function isUnlocked(path: string, staleMs: number): Promise<boolean> {
  const { default: lockfile } = await import('proper-lockfile');
  return !(await lockfile.check(path, { realpath: false, lockfilePath: path, stale: staleMs }));
}
