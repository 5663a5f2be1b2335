import { AddressRate } from './address-rate.js';
import type { Connection } from './connection-host.js';
import type { RtmpLimits } from './limits.js';

/** Clients that come too often and are told so, at once; further ones are hung up on. */
const mostExplained = 20;

/** Who is connected, and who may come in besides. */
export class ClientGate {
  readonly #limits: () => RtmpLimits;
  readonly #rate: AddressRate;
  readonly #clients = new Set<Connection>();
  readonly #explained = new Set<Connection>();
  #closed = false;
  /** How many did not come in. */
  turnedAway = 0;

  /** @param now Milliseconds, never going back. */
  constructor(limits: () => RtmpLimits, now: () => number) {
    this.#limits = limits;
    this.#rate = new AddressRate(now);
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Those who are in. */
  get clients(): readonly Connection[] {
    return [...this.#clients];
  }

  /** Counts an attempt; the reason why the address may not come now, or nothing. */
  tooMany(ip: string): string | undefined {
    const { maxConnectionsPerMinute } = this.#limits();
    if (this.#rate.admit(ip, maxConnectionsPerMinute)) return undefined;
    this.turnedAway += 1;
    return `more than ${maxConnectionsPerMinute} connections a minute from ${ip}`;
  }

  /** Whether there is time and room to tell one more client why it may not come. */
  get mayExplain(): boolean {
    return this.#hasRoom && this.#explained.size < mostExplained;
  }

  /** Whether one more fits in; who does not is counted. */
  hasRoom(): boolean {
    if (!this.#hasRoom) this.turnedAway += 1;
    return this.#hasRoom;
  }

  /** @param refusal The client comes in only to hear it. */
  enter(client: Connection, refusal?: string): void {
    this.#clients.add(client);
    if (refusal !== undefined) this.#explained.add(client);
  }

  left(client: Connection): void {
    this.#clients.delete(client);
    this.#explained.delete(client);
  }

  /** Closes everybody, and lets nobody in any more. */
  close(reason: string): void {
    this.#closed = true;
    for (const client of this.clients) client.destroy(reason);
  }

  get #hasRoom(): boolean {
    return !this.#closed && this.#clients.size < this.#limits().maxConnections;
  }
}
