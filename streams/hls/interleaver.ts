import type { Microseconds } from '../../pipeline/index.js';
import type { EncodedPacket } from '../live/live-types.js';

/**
 * Puts the packets of pictures and sound into one order of decoding times. A packet is given once no earlier one can come; when one kind is silent for
 * longer than `patienceUs` of the other, the other goes on alone.
 */
export class Interleaver {
  readonly #queues: ReadonlyMap<EncodedPacket['kind'], EncodedPacket[]>;
  readonly #patienceUs: Microseconds;

  constructor(kinds: readonly EncodedPacket['kind'][], patienceUs: Microseconds) {
    this.#queues = new Map(kinds.map((kind) => [kind, []]));
    this.#patienceUs = patienceUs;
  }

  /** Packets that wait. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  /** Takes a packet and gives those whose turn it is. Packets of a kind that was not announced vanish. */
  push(packet: EncodedPacket): EncodedPacket[] {
    this.#queues.get(packet.kind)?.push(packet);
    const ready: EncodedPacket[] = [];
    while (this.#complete || this.#overdue) ready.push(this.#shift() as EncodedPacket);
    return ready;
  }

  /** Gives all that waits. */
  drain(): EncodedPacket[] {
    const rest: EncodedPacket[] = [];
    for (let next = this.#shift(); next !== undefined; next = this.#shift()) rest.push(next);
    return rest;
  }

  get #complete(): boolean {
    return [...this.#queues.values()].every((queue) => queue.length > 0);
  }

  get #overdue(): boolean {
    return [...this.#queues.values()].some((queue) => {
      const first = queue[0];
      const last = queue.at(-1);
      return first !== undefined && last !== undefined && last.dtsUs - first.dtsUs > this.#patienceUs;
    });
  }

  #shift(): EncodedPacket | undefined {
    let earliest: EncodedPacket[] | undefined;
    for (const queue of this.#queues.values()) {
      const first = queue[0];
      const best = earliest?.[0];
      if (first !== undefined && (best === undefined || first.dtsUs < best.dtsUs)) earliest = queue;
    }
    return earliest?.shift();
  }
}
