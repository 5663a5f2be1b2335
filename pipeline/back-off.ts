/** How long to wait between attempts, each shorter by a share of jitter. */
export interface BackOffOptions {
  /** Before the second attempt, milliseconds. Default 500. */
  readonly firstMs?: number;
  /** The most, milliseconds. Default 30000. */
  readonly maxMs?: number;
  /** 0–1: how much of the wait is left to chance. Default 0.5. */
  readonly jitter?: number;
}

/**
 * Milliseconds to wait before an attempt: twice as long each time, so that many streams that lost the same server do not come back all at once.
 *
 * @param attempt From 1.
 * @param random 0–1, exclusive.
 */
export function backOffMs(attempt: number, options: BackOffOptions = {}, random: () => number = Math.random): number {
  const { firstMs = 500, maxMs = 30_000, jitter = 0.5 } = options;
  const wait = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(wait * (1 - jitter * random()));
}
