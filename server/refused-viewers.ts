import { AddressRate } from '../streams/rtmp-server/address-rate.js';

/** Refusals of one address in a minute after which its viewers are not looked at any more. */
export const MOST_REFUSALS = 30;

/**
 * Viewers of HLS and FLV that were refused, by their addresses, so that keys cannot be tried without limit. Whoever shares an address with somebody who tries
 * is kept out as well, until enough of the last minute's refusals are over; attempts while an address is kept out do not count.
 */
export class RefusedViewers {
  readonly #rate: AddressRate;

  /** @param now Milliseconds, never going back. */
  constructor(now: () => number) {
    this.#rate = new AddressRate(now);
  }

  /** Somebody at the address was refused. */
  add(ip: string): void {
    this.#rate.count(ip);
  }

  /** Whole seconds until viewers at the address may try again; 0 when they may now. */
  waitS(ip: string): number {
    return Math.ceil(this.#rate.waitMs(ip, MOST_REFUSALS) / 1000);
  }
}
