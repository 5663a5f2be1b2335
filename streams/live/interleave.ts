import type { Microseconds } from '../../pipeline/index.js';
import type { EncodedPacket } from './live-types.js';

/** Packets of one kind that may wait, whatever their times say. */
const MAX_WAITING = 1000;

/** How long sound and video wait for each other, of stream time. */
export interface InterleaveLimits {
  /** How much sound may wait. Default 3 s. */
  readonly soundUs?: Microseconds | undefined;
  /** How much video may wait. Default 0: it never does. */
  readonly videoUs?: Microseconds | undefined;
}

/**
 * Brings sound and video into one order of time. Copied sound comes as it is read, before the video, which comes later by what the graph and the encoder take: it waits for the
 * video beside it, though no longer than a limit: where pictures stay away it goes on alone. Sound that is made of pictures comes after them: then video waits for it as well.
 */
export class Interleave {
  readonly #write: (packet: EncodedPacket) => void;
  readonly #sound: EncodedPacket[] = [];
  readonly #video: EncodedPacket[] = [];
  readonly #limits: { soundUs: Microseconds; videoUs: Microseconds };
  /** Of the last packet of video that has come. */
  #videoUs: Microseconds;
  /** Where the sound that has come ends. */
  #soundEndUs = Number.NEGATIVE_INFINITY;

  /**
   * @param hasVideo Without it sound does not wait.
   * @param maxWaitUs How much sound may wait. Default 3 s.
   */
  constructor(write: (packet: EncodedPacket) => void, hasVideo: boolean, maxWaitUs: Microseconds = 3_000_000) {
    this.#write = write;
    this.#limits = { soundUs: maxWaitUs, videoUs: 0 };
    this.#videoUs = hasVideo ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** Other limits from the next packet on; what is left out stays. */
  limit(limits: InterleaveLimits): void {
    this.#limits.soundUs = limits.soundUs ?? this.#limits.soundUs;
    this.#limits.videoUs = limits.videoUs ?? this.#limits.videoUs;
  }

  /** Packets of one kind come in order of decoding. */
  push(packet: EncodedPacket): void {
    const { kind, dtsUs, durationUs } = packet;
    if (kind === 'video') {
      this.#videoUs = dtsUs;
      this.#video.push(packet);
    } else {
      this.#soundEndUs = Math.max(this.#soundEndUs, dtsUs + durationUs);
      this.#sound.push(packet);
    }
    this.#release();
  }

  /** Hands on what waits. */
  flush(): void {
    while (this.#next !== undefined) this.#writeNext();
  }

  /** The earliest that waits; sound before video of the same time. */
  get #next(): EncodedPacket | undefined {
    const [sound, video] = [this.#sound[0], this.#video[0]];
    if (sound === undefined || video === undefined) return sound ?? video;
    return sound.dtsUs <= video.dtsUs ? sound : video;
  }

  #release(): void {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      const mayGo = next.kind === 'audio' ? this.#soundMayGo(next) : this.#videoMayGo(next);
      if (!mayGo) return;
      this.#writeNext();
    }
  }

  #soundMayGo({ dtsUs }: EncodedPacket): boolean {
    if (dtsUs <= this.#videoUs || this.#sound.length > MAX_WAITING) return true;
    const lastUs = this.#sound.at(-1)?.dtsUs ?? dtsUs;
    return lastUs - dtsUs >= this.#limits.soundUs;
  }

  #videoMayGo({ dtsUs }: EncodedPacket): boolean {
    if (dtsUs <= this.#soundEndUs || this.#video.length > MAX_WAITING) return true;
    return this.#videoUs - dtsUs >= this.#limits.videoUs;
  }

  #writeNext(): void {
    const next = this.#next;
    if (next === undefined) return;
    (next.kind === 'video' ? this.#video : this.#sound).shift();
    this.#write(next);
  }
}
