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
 * How often something came from each address in the last minute, such as connections, estimated from two counts: those of this minute, and of the one before
 * the share that still lies within sixty seconds. Knows 10,000 addresses; the one that was quiet the longest is forgotten first.
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

  /** Counts a connection, unless it may not be, and tells whether it may. This machine may always. */
  admit(ip: string, perMinute: number): boolean {
    if (isLoopback(ip)) return true;
    const mayCome = this.waitMs(ip, perMinute) === 0;
    this.#add(ip, mayCome ? 1 : 0);
    return mayCome;
  }

  /** Counts, whether it may be or not; this machine as all others. */
  count(ip: string): void {
    this.#add(ip, 1);
  }

  /** Milliseconds until one more would be within the limit; 0 when it would be now. Counts nothing. @param perMinute At least 1. */
  waitMs(ip: string, perMinute: number): number {
    const at = this.#now() / minuteMs;
    const { minute, before, now } = current(this.#counts.get(addressGroup(ip)), Math.floor(at));
    const room = perMinute - 1;
    // Within this minute those of the last one fall away, within the next those of this one.
    const free = now <= room ? minute + shareGone(before, room - now) : minute + 1 + shareGone(now, room);
    return Math.max(0, (free - at) * minuteMs);
  }

  #add(ip: string, times: number): void {
    const group = addressGroup(ip);
    const counts = current(this.#counts.get(group), Math.floor(this.#now() / minuteMs));
    counts.now += times;
    this.#counts.delete(group);
    this.#counts.set(group, counts);
    if (this.#counts.size > mostAddresses) this.#counts.delete(this.#counts.keys().next().value as string);
  }
}

/** After which share of a minute no more than `room` are left of `count`. */
function shareGone(count: number, room: number): number {
  return count <= room ? 0 : 1 - room / count;
}

function current(counts: Counts | undefined, minute: number): Counts {
  if (counts?.minute === minute) return counts;
  return { minute, before: counts?.minute === minute - 1 ? counts.now : 0, now: 0 };
}
