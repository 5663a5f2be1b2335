import type { Microseconds } from '../../pipeline/index.js';

/** Media time after which a source without key frames is taken as it is. */
const PATIENCE_US: Microseconds = 5_000_000;

/** Keeps out what comes before the first key frame of a connection, which no decoder can use, and the sound beside it. */
export class StartGate {
  #firstUs: Microseconds | undefined;
  #open: boolean;

  /** @param hasVideo Without it there is nothing to wait for. */
  constructor(hasVideo: boolean) {
    this.#open = !hasVideo;
  }

  /** True when the packet may pass. @param us Its time on the source's own clock, when it has one. */
  admits(track: 'video' | 'audio', isKey: boolean, us: Microseconds | undefined): boolean {
    if (this.#open) return true;
    if (us !== undefined) this.#firstUs ??= us;
    const waited = us === undefined || this.#firstUs === undefined ? 0 : Math.abs(us - this.#firstUs);
    this.#open = (track === 'video' && isKey) || waited > PATIENCE_US;
    return this.#open;
  }
}
