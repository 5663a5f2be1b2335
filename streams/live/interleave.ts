import type { Microseconds } from '../../pipeline/index.js';
import type { EncodedPacket } from './live-types.js';

/** Packets of sound that may wait, whatever their times say. */
const MAX_WAITING = 1000;

/**
 * Brings sound, which comes as it is read, and video, which comes later by what the graph and the encoder take, into one order of time. Sound waits for the video
 * beside it, though no longer than a limit: where pictures stay away it goes on alone. Video never waits.
 */
export class Interleave {
  readonly #write: (packet: EncodedPacket) => void;
  readonly #maxWaitUs: Microseconds;
  readonly #sound: EncodedPacket[] = [];
  #videoUs: Microseconds;

  /**
   * @param hasVideo Without it sound does not wait.
   * @param maxWaitUs How much sound may wait. Default 3 s.
   */
  constructor(write: (packet: EncodedPacket) => void, hasVideo: boolean, maxWaitUs: Microseconds = 3_000_000) {
    this.#write = write;
    this.#maxWaitUs = maxWaitUs;
    this.#videoUs = hasVideo ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** Packets of one kind come in order of decoding. */
  push(packet: EncodedPacket): void {
    if (packet.kind === 'video') {
      this.#videoUs = packet.dtsUs;
      this.#release(packet.dtsUs);
      this.#write(packet);
      return;
    }
    this.#sound.push(packet);
    const limitUs = packet.dtsUs - this.#maxWaitUs;
    this.#release(Math.max(this.#videoUs, limitUs));
    if (this.#sound.length > MAX_WAITING) this.#write(this.#sound.shift() as EncodedPacket);
  }

  /** Hands on what waits. */
  flush(): void {
    this.#release(Number.POSITIVE_INFINITY);
  }

  #release(untilUs: Microseconds): void {
    for (let first = this.#sound[0]; first !== undefined && first.dtsUs <= untilUs; first = this.#sound[0]) {
      this.#sound.shift();
      this.#write(first);
    }
  }
}
