import type { Microseconds } from '../../pipeline/index.js';
import type { EncodedPacket, EncodedTrack } from '../live/live-types.js';
import { FRAGMENT_ORIGIN_US, FragmentMuxer } from './fragment-muxer.js';
import { Interleaver } from './interleaver.js';
import { type HlsTiming, type HlsTimingOptions, hlsTiming } from './part-timing.js';

/** A fragment of media on its way into a playlist. */
export interface FragmentedPart {
  /** One `moof` and one `mdat`. */
  readonly data: Buffer;
  /** As the playlist says it, at most the part target. */
  readonly durationUs: Microseconds;
  /** How much it adds to its segment: more than `durationUs` when pictures come slower than parts. */
  readonly lastsUs: Microseconds;
  /** It begins with a key frame. */
  readonly independent: boolean;
  /** Of its first packet, on the stream's timeline. */
  readonly startUs: Microseconds;
}

/** Who receives what a {@link Fragmenter} makes. */
export interface FragmentReceiver {
  /** The header of all parts that follow; comes first, and again when the codecs change. */
  init(data: Buffer): void;
  /** @param endsSegment The next part begins a new segment. */
  part(part: FragmentedPart, endsSegment: boolean): void;
  /** The next part begins a new segment, and does not continue the last one. */
  discontinuity(): void;
}

/** Pictures that come late are waited for while this much sound is held back, and the other way round. */
const PATIENCE_US = 1_000_000;
/** A segment may exceed the target duration by what rounding to whole seconds takes away (RFC 8216bis, 4.4.4.1): a key frame that is a little late still ends it. */
const ROUNDS_DOWN_US: Microseconds = 499_000;

/** What pictures that were late leave to the parts after them. A source that is slower than parts never catches up: its segments say what is beyond this. */
const MAX_DEBT_US: Microseconds = 1_000_000;

/** A part that is still growing. */
interface OpenPart {
  readonly startUs: Microseconds;
  readonly firstPacketUs: Microseconds;
  readonly independent: boolean;
  endUs: Microseconds;
}

/**
 * Packets → MP4 parts and segments. Every part is at most {@link HlsTiming.partTargetUs} long, and the lengths of parts add up to the time that passed, unless a
 * source is slower than parts can be: then the lengths of segments do, with what no part may say added to them. A segment ends at the first key frame after its wanted length, or without one before it exceeds the target duration. It begins at a key frame: packets
 * before the first one are dropped and counted. A part is made when the packet that follows it comes.
 */
export class Fragmenter {
  readonly #options: HlsTimingOptions;
  readonly #receiver: FragmentReceiver;
  readonly #lastDts = new Map<EncodedPacket['kind'], Microseconds>();
  #timing: HlsTiming;
  #muxer: FragmentMuxer;
  #interleaver: Interleaver;
  #hasVideo: boolean;
  #part: OpenPart | undefined;
  /** What all parts of the open segment are long together. */
  #segmentUs = 0;
  #waitsForKey = true;
  #closed = false;
  /** Packets that were left out: before a key frame, or with times that go back or are none. */
  dropped = 0;

  /** @throws VitascopeError `CONTAINER_CODEC`, `OPTION_INVALID` */
  constructor(tracks: readonly EncodedTrack[], receiver: FragmentReceiver, options: HlsTimingOptions = {}) {
    this.#options = options;
    this.#receiver = receiver;
    this.#timing = hlsTiming(tracks, options);
    this.#muxer = new FragmentMuxer(tracks);
    this.#interleaver = interleaverOf(tracks);
    this.#hasVideo = tracks.some(({ kind }) => kind === 'video');
    try {
      receiver.init(this.#muxer.init);
    } catch (error) {
      this.#muxer.close();
      throw error;
    }
  }

  get timing(): HlsTiming {
    return this.#timing;
  }

  /** Packets that wait for those of the other kind. */
  get queued(): number {
    return this.#interleaver.size;
  }

  /** @throws VitascopeError `OUTPUT_UNWRITABLE` when the muxer refuses a packet. */
  write(packet: EncodedPacket): void {
    // Before it reaches the order of times, which it would upset.
    if (!Number.isSafeInteger(packet.dtsUs) || packet.dtsUs < FRAGMENT_ORIGIN_US) {
      this.dropped++;
      return;
    }
    for (const next of this.#interleaver.push(packet)) this.#accept(next);
  }

  /** The next packet does not continue the one before. */
  discontinuity(): void {
    this.#flush();
    this.#waitsForKey = true;
    this.#receiver.discontinuity();
  }

  /**
   * Other codecs, sizes or headers from here on: a new header, after a discontinuity. Part and segment lengths that viewers were told stay.
   *
   * @throws VitascopeError `CONTAINER_CODEC`
   */
  changeTracks(tracks: readonly EncodedTrack[]): void {
    const muxer = new FragmentMuxer(tracks);
    this.discontinuity();
    this.#muxer.close();
    this.#muxer = muxer;
    this.#interleaver = interleaverOf(tracks);
    this.#hasVideo = tracks.some(({ kind }) => kind === 'video');
    this.#timing = { ...this.#timing, frameUs: hlsTiming(tracks, this.#options).frameUs };
    this.#receiver.init(muxer.init);
  }

  /** Makes the last part and frees the muxer. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#flush();
    } finally {
      this.#muxer.close();
    }
  }

  #flush(): void {
    for (const packet of this.#interleaver.drain()) this.#accept(packet);
    const part = this.#part;
    if (part !== undefined) this.#cutLast(part);
    this.#part = undefined;
  }

  #accept(packet: EncodedPacket): void {
    if (!this.#admits(packet)) {
      this.dropped++;
      return;
    }
    const silentUs = packet.dtsUs - Math.max(...this.#lastDts.values());
    this.#lastDts.set(packet.kind, packet.dtsUs);
    this.#endPartsBefore(packet, silentUs);
    this.#part ??= this.#begin(packet, packet.dtsUs);
    const lengthUs = packet.durationUs > 0 ? packet.durationUs : this.#timing.frameUs;
    if (this.#leads(packet)) this.#part.endUs = Math.max(this.#part.endUs, packet.dtsUs + lengthUs);
    this.#muxer.write({ ...packet, durationUs: lengthUs });
  }

  #admits(packet: EncodedPacket): boolean {
    if (packet.dtsUs <= (this.#lastDts.get(packet.kind) ?? Number.NEGATIVE_INFINITY)) return false;
    if (this.#waitsForKey && this.#hasVideo && !(packet.kind === 'video' && packet.isKey)) return false;
    this.#waitsForKey = false;
    return true;
  }

  /** Parts end between pictures; where there are none, between packets of sound. */
  #leads({ kind }: EncodedPacket): boolean {
    return kind === 'video' || !this.#hasVideo;
  }

  #endPartsBefore(packet: EncodedPacket, silentUs: Microseconds): void {
    const part = this.#part;
    if (part === undefined) return;
    const { frameUs, partTargetUs, targetDurationS } = this.#timing;
    const elapsedUs = packet.dtsUs - part.startUs;
    const longestUs = targetDurationS * 1e6;
    if (silentUs > longestUs || elapsedUs > 3 * longestUs) {
      this.#leap();
      return;
    }
    // Sound ends a part only when no picture did so in time.
    const isLate = this.#leads(packet) ? elapsedUs + 0.75 * frameUs > partTargetUs : elapsedUs > partTargetUs + frameUs;
    const lastsUs = this.#lasting(elapsedUs, MAX_DEBT_US);
    const endsSegment = this.#isCleanCut(packet, this.#segmentUs + lastsUs);
    if (elapsedUs < 1 || !(isLate || endsSegment)) return;
    const endUs = part.startUs + lastsUs;
    this.#cut(lastsUs, endsSegment);
    // What a late part could not claim is left to the next one, so that lengths add up.
    this.#part = this.#begin(packet, endUs);
  }

  /** How long a part of `elapsedUs` lasts: what a part may, and beyond what later ones can make up for as much as the segment has room for. */
  #lasting(elapsedUs: Microseconds, laterUs: Microseconds): Microseconds {
    const { partTargetUs, targetDurationS } = this.#timing;
    if (elapsedUs <= partTargetUs + laterUs) return Math.min(elapsedUs, partTargetUs);
    const room = Math.max(partTargetUs, targetDurationS * 1e6 - this.#segmentUs);
    return Math.min(elapsedUs - laterUs, room);
  }

  #isCleanCut(packet: EncodedPacket, segmentUs: Microseconds): boolean {
    const wanted = this.#timing.segmentUs - this.#timing.partTargetUs / 2;
    return this.#leads(packet) && packet.isKey && segmentUs >= wanted;
  }

  /** Time went on by more than a segment may be long: nobody can be told a length for that. */
  #leap(): void {
    this.#cutLast(this.#part as OpenPart);
    this.#part = undefined;
    this.#receiver.discontinuity();
  }

  #begin(packet: EncodedPacket, startUs: Microseconds): OpenPart {
    const independent = this.#leads(packet) && packet.isKey;
    return { startUs, firstPacketUs: packet.dtsUs, independent, endUs: startUs };
  }

  /** Nothing comes after it that could make up for anything. */
  #cutLast({ startUs, endUs }: OpenPart): void {
    this.#cut(this.#lasting(Math.max(endUs - startUs, 1), 0), true);
  }

  #cut(lastsUs: Microseconds, endsSegment: boolean): void {
    const { firstPacketUs, independent } = this.#part as OpenPart;
    const { partTargetUs, targetDurationS } = this.#timing;
    const durationUs = Math.min(lastsUs, partTargetUs);
    this.#segmentUs += lastsUs;
    // The next part is likely to last as long as this one.
    const nextUs = Math.max(lastsUs, partTargetUs);
    const ends = endsSegment || this.#segmentUs + nextUs > targetDurationS * 1e6 + ROUNDS_DOWN_US;
    if (ends) this.#segmentUs = 0;
    const data = this.#muxer.fragment();
    this.#receiver.part({ data, durationUs, lastsUs, independent, startUs: firstPacketUs }, ends);
  }
}

function interleaverOf(tracks: readonly EncodedTrack[]): Interleaver {
  return new Interleaver(
    tracks.map(({ kind }) => kind),
    PATIENCE_US,
  );
}
