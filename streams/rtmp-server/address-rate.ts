import { addressGroup, isLoopback } from './client-address.js';

const minuteMs = 60_000;
const mostAddresses = 10_000;

interface Counts {
  /** Which minute `now` is about. */
  minute: number;
  before: number;
  now: number;
}

/**
 * Connections of each address in the last minute, estimated from two counts: those of this minute, and of the one before the share that still lies
 * within sixty seconds. Those that were refused do not count. Knows 10,000 addresses; the one that was quiet the longest is forgotten first.
 */
export class AddressRate {
  readonly #now: () => number;
  readonly #counts = new Map<string, Counts>();

  /** @param now Milliseconds, never going back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Addresses that are known. */
  get size(): number {
    return this.#counts.size;
  }

  /** Counts a connection, and tells whether it may be. This machine may always. */
  admit(ip: string, perMinute: number): boolean {
    if (isLoopback(ip)) return true;
    const group = addressGroup(ip);
    const at = this.#now() / minuteMs;
    const counts = current(this.#counts.get(group), Math.floor(at));
    const estimate = counts.now + counts.before * (1 - (at - counts.minute));
    const mayCome = estimate + 1 <= perMinute;
    if (mayCome) counts.now += 1;
    this.#counts.delete(group);
    this.#counts.set(group, counts);
    if (this.#counts.size > mostAddresses) this.#counts.delete(this.#counts.keys().next().value as string);
    return mayCome;
  }
}

function current(counts: Counts | undefined, minute: number): Counts {
  if (counts?.minute === minute) return counts;
  return { minute, before: counts?.minute === minute - 1 ? counts.now : 0, now: 0 };
}
