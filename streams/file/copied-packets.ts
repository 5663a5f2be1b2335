import { AV_NOPTS_VALUE, AVDISCARD_ALL, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { type FormatContext, Packet } from 'node-av/lib';
import { type Microseconds, type Rational, toMicroseconds, toTicks } from '../../pipeline/index.js';
import type { FilmRange } from '../film.js';
import { hasTime, rational } from '../libav/av.js';
import type { TimedPacket } from './piece-packets.js';

export interface CopiedPacket extends TimedPacket {
  /** Index of the track in the original. */
  readonly track: number;
  readonly timeBase: Rational;
}

/**
 * The packets of the tracks that are copied from the original, moved to the output's timeline. A range keeps the packets that begin
 * in it; the copied video track of a range begins at the keyframe before it, as no decoder could start elsewhere.
 */
export class CopiedPackets {
  readonly #input: FormatContext;
  readonly #range: FilmRange;
  readonly #originUs: Microseconds;
  readonly #videoTrack: number | undefined;
  readonly #packet = new Packet();
  readonly #timeBases: readonly Rational[];

  /**
   * @param input Opened by the caller, who closes it after {@link close}.
   * @param originUs Subtracted from the container's times before the range is applied.
   * @param videoTrack Track that may begin before the range, when it is copied.
   */
  constructor(
    input: FormatContext,
    tracks: readonly number[],
    range: FilmRange,
    originUs: Microseconds,
    videoTrack?: number,
  ) {
    this.#input = input;
    this.#range = range;
    this.#originUs = originUs;
    this.#videoTrack = videoTrack;
    this.#timeBases = input.streams.map((s) => rational(s.timeBase));
    for (const stream of input.streams) if (!tracks.includes(stream.index)) stream.discard = AVDISCARD_ALL;
    this.#packet.alloc();
    const { fromUs } = range;
    // A refused seek only costs time: what comes too early is skipped below.
    if (fromUs !== undefined && fromUs > 0) {
      input.seekFrameSync(-1, BigInt(Math.round(fromUs + originUs)), AVSEEK_FLAG_BACKWARD);
    }
  }

  /** The next packet, borrowed until the next call; nothing at the end. */
  next(): CopiedPacket | undefined {
    const packet = this.#packet;
    for (;;) {
      packet.unref();
      if (this.#input.readFrameSync(packet) < 0) return undefined;
      const track = packet.streamIndex;
      const timeBase = this.#timeBases[track];
      if (timeBase === undefined || this.#input.streams[track]?.discard === AVDISCARD_ALL) continue;
      const first = hasTime(packet.dts) ? packet.dts : packet.pts;
      if (!hasTime(first)) continue;
      const shown = hasTime(packet.pts) ? packet.pts : packet.dts;
      const shownUs = toMicroseconds(shown, timeBase) - this.#originUs;
      const { fromUs = Number.NEGATIVE_INFINITY, toUs = Number.POSITIVE_INFINITY } = this.#range;
      if (shownUs >= toUs || (shownUs < fromUs && track !== this.#videoTrack)) continue;
      this.#shift(packet, timeBase);
      return {
        packet,
        track,
        timeBase,
        dtsUs: toMicroseconds(first, timeBase) - this.#originUs - (this.#range.fromUs ?? 0),
      };
    }
  }

  close(): void {
    this.#packet.free();
  }

  #shift(packet: Packet, timeBase: Rational): void {
    const shift = toTicks(this.#originUs + (this.#range.fromUs ?? 0), timeBase);
    if (packet.pts !== AV_NOPTS_VALUE) packet.pts -= shift;
    if (packet.dts !== AV_NOPTS_VALUE) packet.dts -= shift;
  }
}
