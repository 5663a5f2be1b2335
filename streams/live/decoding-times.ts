import type { Stream } from 'node-av/lib';
import { MICROSECONDS_PER_SECOND, type Microseconds, rationalValue } from '../../pipeline/index.js';
import { frameRateOf, type SourcePacketTimes } from './packet-times.js';

/**
 * Fills in when pictures are decoded, where a source says only when they are shown: RTP never does, and FFmpeg finds out only after some pictures. Where they
 * come in another order than they are shown, taking one for the other would show them at wrong times.
 */
export class DecodingTimes {
  readonly #delay: number;
  readonly #stepUs: Microseconds;
  #lastUs: Microseconds | undefined;

  constructor(stream: Stream) {
    const rate = rationalValue(frameRateOf(stream));
    this.#delay = stream.codecpar.videoDelay;
    this.#stepUs = rate > 0 ? Math.round(MICROSECONDS_PER_SECOND / rate) : 0;
  }

  /** The times of the next packet, completed where that is possible. */
  complete(times: SourcePacketTimes): SourcePacketTimes {
    const completed = times.dtsUs === undefined ? this.#guessed(times) : times;
    this.#lastUs = completed.dtsUs ?? this.#lastUs;
    return completed;
  }

  #guessed(times: SourcePacketTimes): SourcePacketTimes {
    const stepUs = this.#stepUs || times.durationUs;
    // The first packet of RTP may have no time at all; FFmpeg counts from it.
    const ptsUs = times.ptsUs ?? (this.#lastUs === undefined ? 0 : undefined);
    if (ptsUs === undefined || this.#delay === 0 || stepUs === 0) return times;
    const expectedUs = this.#lastUs === undefined ? ptsUs - this.#delay * stepUs : this.#lastUs + stepUs;
    return { ...times, ptsUs, dtsUs: Math.min(expectedUs, ptsUs) };
  }
}
