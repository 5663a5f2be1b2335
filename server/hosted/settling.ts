import type { Microseconds } from '../../pipeline/index.js';

/** Packets come as fast as time passes when they have not been faster for so long, milliseconds. */
const STEADY_MS = 150;
/** After so long they are taken as they come, milliseconds. */
const PATIENCE_MS = 3000;

/**
 * Tells when a process that has begun anew has caught up. It is first given what its source has kept, some seconds at once: whoever watches already would
 * get those as a delay that never goes away.
 */
export class Settling {
  readonly #now: () => number;
  #first: { readonly dtsUs: Microseconds; readonly atMs: number } | undefined;
  #aheadMs = 0;
  #grewAtMs = 0;

  /** @param now Milliseconds, never going back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes note of a packet. True once it is as late as it will ever be. */
  isOver(dtsUs: Microseconds): boolean {
    const atMs = this.#now();
    if (this.#first === undefined) {
      this.#first = { dtsUs, atMs };
      this.#grewAtMs = atMs;
    }
    const aheadMs = (dtsUs - this.#first.dtsUs) / 1000 - (atMs - this.#first.atMs);
    // Packets of a steady stream come unevenly, too.
    if (aheadMs > this.#aheadMs + 20) {
      this.#aheadMs = aheadMs;
      this.#grewAtMs = atMs;
    }
    return atMs - this.#grewAtMs >= STEADY_MS || atMs - this.#first.atMs >= PATIENCE_MS;
  }
}
