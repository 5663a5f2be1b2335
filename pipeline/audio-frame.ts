import { VitascopeError } from './errors.js';
import { ledger } from './ledger.js';
import type { Microseconds } from './time.js';

/** What an {@link AudioFrame} is made of. */
export interface AudioFrameInit {
  /** One array a channel, equal lengths, samples nominally −1…1. Owned by the frame from now on. */
  readonly channels: readonly Float32Array[];
  /** Hertz. */
  readonly sampleRate: number;
  readonly ptsUs: Microseconds;
}

/** A run of sound: float32, planar. Closed exactly once, as video frames are. */
export class AudioFrame {
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
  readonly ptsUs: Microseconds;
  #owners = 1;
  readonly #origin: string | undefined;

  /** @throws VitascopeError `FRAME_FORMAT` when there is no channel or lengths differ. */
  constructor(init: AudioFrameInit) {
    const length = init.channels[0]?.length;
    if (length === undefined || init.channels.some((c) => c.length !== length)) {
      const lengths = init.channels.map((c) => c.length);
      throw new VitascopeError(
        'FRAME_FORMAT',
        `AudioFrame: needs one or more channels of equal length, got lengths [${lengths.join(', ')}]`,
        { context: { lengths } },
      );
    }
    if (!(init.sampleRate > 0)) {
      throw new VitascopeError('FRAME_FORMAT', `AudioFrame: sampleRate must be greater than 0, got ${init.sampleRate}`);
    }
    this.channels = init.channels;
    this.sampleRate = init.sampleRate;
    this.ptsUs = init.ptsUs;
    this.#origin = ledger.recordOpened('AudioFrame');
  }

  get samples(): number {
    return (this.channels[0] as Float32Array).length;
  }
  get durationUs(): Microseconds {
    return Math.round((this.samples * 1_000_000) / this.sampleRate);
  }
  get closed(): boolean {
    return this.#owners === 0;
  }

  retain(): this {
    this.#assertOpen('retain()');
    this.#owners++;
    return this;
  }
  close(): void {
    this.#assertOpen('close()');
    if (--this.#owners === 0) ledger.recordClosed(this.#origin);
  }

  #assertOpen(what: string): void {
    if (this.#owners > 0) return;
    throw new VitascopeError('FRAME_CLOSED', `AudioFrame.${what}: the frame at ${this.ptsUs} µs is already closed`, {
      context: { ptsUs: this.ptsUs },
    });
  }
}
