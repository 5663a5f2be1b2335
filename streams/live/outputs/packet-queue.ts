import type { Microseconds } from '../../../pipeline/index.js';
import type { EncodedPacket } from '../live-types.js';

/** Limits of a {@link PacketQueue}; what comes first counts. */
export interface PacketQueueLimits {
  /** Bytes of packets that may wait. */
  readonly maxBytes: number;
  /** Time from the first to the last packet that waits. */
  readonly maxUs: Microseconds;
}

/**
 * Packets that wait for a receiver, bounded. It begins with a key frame; when it is full, it drops from its beginning to the last key frame in it,
 * or everything up to the next one, so that what comes out can be decoded at any time. Without video every packet counts as a key frame.
 */
export class PacketQueue {
  readonly #limits: PacketQueueLimits;
  #packets: EncodedPacket[] = [];
  #bytes = 0;
  #dropped = 0;
  #needsKey = true;
  #hasVideo = true;

  constructor(limits: PacketQueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#packets.length;
  }
  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }
  /** Packets that were dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Says whether video comes, so that the queue knows what to begin with. */
  expectVideo(expected: boolean): void {
    this.#hasVideo = expected;
  }

  push(packet: EncodedPacket): void {
    if (this.#needsKey && !this.#isKey(packet)) {
      this.#dropped++;
      return;
    }
    this.#needsKey = false;
    this.#packets.push(packet);
    this.#bytes += packet.data.byteLength;
    if (!this.#isFull()) return;
    this.#dropBefore(
      Math.max(
        0,
        this.#packets.findLastIndex((waiting) => this.#isKey(waiting)),
      ),
    );
    if (this.#isFull()) this.restart();
  }

  shift(): EncodedPacket | undefined {
    const packet = this.#packets.shift();
    this.#bytes -= packet?.data.byteLength ?? 0;
    return packet;
  }

  /** Drops everything; the next packet that is taken is a key frame. */
  restart(): void {
    this.#dropBefore(this.#packets.length);
    this.#needsKey = true;
  }

  #isKey(packet: EncodedPacket): boolean {
    return !this.#hasVideo || (packet.kind === 'video' && packet.isKey);
  }

  #isFull(): boolean {
    const first = this.#packets[0];
    const last = this.#packets.at(-1);
    if (first === undefined || last === undefined) return false;
    return this.#bytes > this.#limits.maxBytes || last.dtsUs - first.dtsUs > this.#limits.maxUs;
  }

  #dropBefore(index: number): void {
    for (const packet of this.#packets.slice(0, index)) this.#bytes -= packet.data.byteLength;
    this.#packets = this.#packets.slice(index);
    this.#dropped += index;
  }
}
