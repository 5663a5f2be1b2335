import { AV_NOPTS_VALUE, AVDISCARD_ALL, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { type FormatContext, Packet } from 'node-av/lib';
import { type Microseconds, type Rational, toMicroseconds, toTicks } from '../../pipeline/index.js';
import type { FilmRange } from '../film.js';
import { hasTime, rational } from '../libav/av.js';
import { shownUs } from '../libav/seek-point.js';
import type { TimedPacket } from './piece-packets.js';

export interface CopiedPacket extends TimedPacket {
  /** Index of the track in the original. */
  readonly track: number;
  readonly timeBase: Rational;
}

export interface CopyRequest {
  /** Indexes of the tracks to copy. */
  readonly tracks: readonly number[];
  readonly range: FilmRange;
  /** Subtracted from the container's times before the range is applied. */
  readonly originUs: Microseconds;
  /** The film's video, when it is copied: it begins and ends where decoders can. */
  readonly videoTrack?: number | undefined;
  /** Where reading for the range begins, in the container's own time; nothing reads from the start of the file. */
  readonly seekUs?: Microseconds | undefined;
  /** When the key frame is shown that copied video begins with, in the container's own time. */
  readonly keyFrameUs?: Microseconds | undefined;
}

/** How far apart in the file packets of one moment may lie, microseconds; FFmpeg's muxers keep within this. */
const MAX_INTERLEAVING_US = 10_000_000;

/** How far before the video's key frame other tracks may hold what is wanted, microseconds. */
const SEEK_EARLIER_US = 1_000_000;

/**
 * The packets of the tracks that are copied from the original, moved to the output's timeline. A range keeps the packets that begin
 * in it. The copied video of a range begins at the key frame before it, as no decoder could start elsewhere, and ends with the pictures
 * that its last ones are predicted from.
 */
export class CopiedPackets {
  readonly #input: FormatContext;
  readonly #request: CopyRequest;
  readonly #packet = new Packet();
  readonly #timeBases: readonly Rational[];
  #awaitedUs: Microseconds | undefined;

  /** @param input Opened by the caller, who closes it after {@link close}. */
  constructor(input: FormatContext, request: CopyRequest) {
    this.#input = input;
    this.#request = request;
    this.#timeBases = input.streams.map((s) => rational(s.timeBase));
    for (const stream of input.streams) if (!request.tracks.includes(stream.index)) stream.discard = AVDISCARD_ALL;
    this.#packet.alloc();
    this.#awaitedUs = request.keyFrameUs;
    if (request.seekUs === undefined) return;
    // A refused seek only costs time: what comes too early is skipped below.
    input.seekFrameSync(-1, BigInt(Math.round(request.seekUs - SEEK_EARLIER_US)), AVSEEK_FLAG_BACKWARD);
  }

  /** The next packet, borrowed until the next call; nothing at the end. */
  next(): CopiedPacket | undefined {
    const packet = this.#packet;
    const { range, originUs } = this.#request;
    const { fromUs = 0, toUs = Number.POSITIVE_INFINITY } = range;
    for (;;) {
      packet.unref();
      if (this.#input.readFrameSync(packet) < 0) return undefined;
      const track = packet.streamIndex;
      const timeBase = this.#timeBases[track];
      if (timeBase === undefined || this.#input.streams[track]?.discard === AVDISCARD_ALL) continue;
      const first = hasTime(packet.dts) ? packet.dts : packet.pts;
      if (!hasTime(first)) continue;
      const dtsUs = toMicroseconds(first, timeBase) - originUs;
      if (dtsUs >= toUs + MAX_INTERLEAVING_US) return undefined;
      if (!this.#isWanted(packet, track, dtsUs, (shownUs(packet, timeBase) ?? 0) - originUs)) continue;
      this.#shift(packet, timeBase);
      return { packet, track, timeBase, dtsUs: dtsUs - fromUs };
    }
  }

  #isWanted(packet: Packet, track: number, dtsUs: Microseconds, ptsUs: Microseconds): boolean {
    const { range, originUs, videoTrack } = this.#request;
    const { fromUs = Number.NEGATIVE_INFINITY, toUs = Number.POSITIVE_INFINITY } = range;
    if (track !== videoTrack) return ptsUs >= fromUs && ptsUs < toUs;
    if (this.#awaitedUs !== undefined) {
      if (!packet.isKeyframe || ptsUs + originUs < this.#awaitedUs) return false;
      this.#awaitedUs = undefined;
    }
    return dtsUs < toUs;
  }

  close(): void {
    this.#packet.free();
  }

  #shift(packet: Packet, timeBase: Rational): void {
    const { range, originUs } = this.#request;
    const shift = toTicks(originUs + (range.fromUs ?? 0), timeBase);
    if (packet.pts !== AV_NOPTS_VALUE) packet.pts -= shift;
    if (packet.dts !== AV_NOPTS_VALUE) packet.dts -= shift;
  }
}
