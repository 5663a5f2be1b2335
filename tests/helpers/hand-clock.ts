import type { Clock } from '../../server/clock.js';

/** A clock that stands still until it is turned. */
export class HandClock implements Clock {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly action: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { at: this.#now + ms, action };
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** Milliseconds until what comes next. */
  get nextInMs(): number | undefined {
    const times = [...this.#waiting].map(({ at }) => at - this.#now);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  turn(ms: number): void {
    this.#now += ms;
    for (const entry of [...this.#waiting].sort((a, b) => a.at - b.at)) {
      if (entry.at > this.#now || !this.#waiting.delete(entry)) continue;
      entry.action();
    }
  }
}
