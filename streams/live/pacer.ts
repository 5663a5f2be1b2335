import type { Microseconds } from '../../pipeline/index.js';
import type { LiveClock } from './live-clock.js';

/** After how much delay a {@link Pacer} gives up catching up: the machine slept, or had no time at all. */
const LOST_MS = 1000;

/** Holds packets of a file back until their time has come, so that it plays as a camera would. */
export class Pacer {
  readonly #clock: LiveClock;
  #originMs: number | undefined;

  constructor(clock: LiveClock) {
    this.#clock = clock;
  }

  /** Resolves when it is time for what lies at `us`, or as soon as the signal aborts. */
  async until(us: Microseconds, signal: AbortSignal): Promise<void> {
    const now = this.#clock.nowMs();
    this.#originMs ??= now - us / 1000;
    const waitMs = this.#originMs + us / 1000 - now;
    if (waitMs < -LOST_MS) this.#originMs -= waitMs;
    if (waitMs > 1) await this.#clock.sleep(waitMs, signal);
  }
}
