import type { Microseconds } from '../../pipeline/index.js';
import type { EncodedPacket } from '../../streams/live/live-types.js';

/**
 * The times that viewers of a stream see. They never go back, whatever happens to the process that makes the packets: when it begins anew, or something was
 * shown in its place, its times are moved to where the timeline has come to by then. All tracks of all renditions are moved alike.
 */
export class OutputTimeline {
  readonly #now: () => number;
  /** What is added to the packets' times; nothing until the first packet after a new beginning. */
  #offsetUs: Microseconds | undefined = 0;
  #endUs: Microseconds | undefined;
  #endAtMs = 0;

  /** @param now Milliseconds, never going back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Where viewers are to be now: the end of what they got, and the time since then. */
  get positionUs(): Microseconds {
    return this.#endUs === undefined ? 0 : this.#endUs + Math.round((this.#now() - this.#endAtMs) * 1000);
  }

  /** The next packet begins anew, with any clock. */
  restart(): void {
    if (this.#endUs !== undefined) this.#offsetUs = undefined;
  }

  /** The packet at its place. */
  place(packet: EncodedPacket): EncodedPacket {
    this.#offsetUs ??= this.positionUs - packet.dtsUs;
    const offsetUs = this.#offsetUs;
    return offsetUs === 0 ? packet : { ...packet, ptsUs: packet.ptsUs + offsetUs, dtsUs: packet.dtsUs + offsetUs };
  }

  /** Where a time of the process lies. */
  placeUs(us: Microseconds): Microseconds {
    return us + (this.#offsetUs ?? 0);
  }

  /** Viewers got something that ends there. */
  advance(endUs: Microseconds): void {
    if (this.#endUs !== undefined && endUs <= this.#endUs) return;
    this.#endUs = endUs;
    this.#endAtMs = this.#now();
  }
}
