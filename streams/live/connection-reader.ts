import { Packet, type Stream } from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { DecodingTimes } from './decoding-times.js';
import type { LiveClock } from './live-clock.js';
import type { LiveConnection } from './live-connection.js';
import type { LiveTimeline, PlacedTimes } from './live-timeline.js';
import type { AudioTrack, LiveEvent } from './live-types.js';
import type { Pacer } from './pacer.js';
import { type SourcePacketTimes, sourceTimes } from './packet-times.js';
import type { SoundPath, SoundReceiver } from './sound-path.js';
import { StartGate } from './start-gate.js';
import type { TrackWatch } from './track-watch.js';
import type { VideoPath, VideoReceiver } from './video-path.js';

/** A connection that is ready to be read. */
export interface Opened {
  readonly connection: LiveConnection;
  /** Takes its video; nothing where there is none, or where nobody wants it. */
  readonly receiver: VideoReceiver | undefined;
  readonly sound: AudioTrack | undefined;
}

/** Ends the connection and what belongs to it. Call once nobody reads it. */
export async function closeOpened({ connection, receiver }: Opened): Promise<void> {
  receiver?.close();
  await connection.close();
}

/** Where packets of a live input go, whatever connection they come by. */
export interface ReaderTargets {
  /** For messages, without secrets. */
  readonly name: string;
  readonly isFile: boolean;
  readonly timeline: LiveTimeline;
  readonly clock: LiveClock;
  readonly pacer: Pacer | undefined;
  /** Nothing for films, whose tracks may end one before the other. */
  readonly watch: TrackWatch | undefined;
  readonly video: VideoPath | undefined;
  readonly audio: SoundPath | undefined;
  readonly catchUpMs: number;
  readonly signal: AbortSignal;
  readonly say: (event: LiveEvent) => void;
  /** The connection has been good for a while. */
  readonly steady: () => void;
}

/** Media time after which a connection counts as steady. */
const STEADY_US = 5_000_000;

/** Reads connections, one after another, each from its beginning to its loss, and puts their packets on one timeline. */
export class ConnectionReader {
  readonly #to: ReaderTargets;
  #bytes = 0;
  #lastPacketMs: number;

  constructor(targets: ReaderTargets) {
    this.#to = targets;
    this.#lastPacketMs = targets.clock.nowMs();
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Since the last packet came. */
  get silentMs(): number {
    return this.#to.clock.nowMs() - this.#lastPacketMs;
  }

  /** @throws VitascopeError `INPUT_UNREADABLE`, `INPUT_EMPTY`, `FRAME_FORMAT`; the signal's reason when it aborts. */
  async readAll(opened: Opened): Promise<void> {
    const { signal, isFile, name, watch } = this.#to;
    const reading = new Reading(opened, this.#to, () => this.#begin());
    const packet = new Packet();
    packet.alloc();
    watch?.connected();
    try {
      while (await opened.connection.read(packet)) {
        if (reading.concerns(packet) && !signal.aborted) {
          this.#bytes += packet.size;
          await reading.take(packet);
          this.#lastPacketMs = this.#to.clock.nowMs();
        }
        packet.unref();
        signal.throwIfAborted();
      }
      if (!reading.begun && isFile) throw new VitascopeError('INPUT_EMPTY', `${name} holds no packets`);
      await opened.receiver?.finish();
    } finally {
      reading.close();
      packet.free();
    }
  }

  /** The first packet of a connection has come: what came before ended, and time has passed. */
  #begin(): void {
    const { isFile, timeline, video, catchUpMs, say } = this.#to;
    if (!isFile) video?.catchUp(catchUpMs);
    if (timeline.endUs === 0) return;
    const gapUs = isFile ? 0 : Math.round(this.silentMs * 1000);
    timeline.restart(gapUs);
    if (!isFile) say({ kind: 'discontinuity', atUs: timeline.endUs + gapUs });
  }
}

/** The reading of one connection. */
class Reading {
  readonly #opened: Opened;
  readonly #to: ReaderTargets;
  readonly #begin: () => void;
  readonly #gate: StartGate;
  readonly #sound: SoundReceiver | undefined;
  readonly #beginUs: number;
  readonly #decoding: DecodingTimes | undefined;
  #begun = false;

  constructor(opened: Opened, targets: ReaderTargets, begin: () => void) {
    const { receiver, sound } = opened;
    this.#opened = opened;
    this.#to = targets;
    this.#begin = begin;
    this.#gate = new StartGate(receiver !== undefined && !targets.isFile);
    this.#beginUs = targets.timeline.endUs;
    const { video, audio } = opened.connection;
    if (audio !== undefined && sound !== undefined) this.#sound = targets.audio?.connect(audio, sound);
    this.#decoding = video === undefined ? undefined : new DecodingTimes(video);
  }

  /** True when a packet has passed. */
  get begun(): boolean {
    return this.#begun;
  }

  concerns({ streamIndex }: Packet): boolean {
    const { video, audio } = this.#opened.connection;
    return streamIndex === video?.index || streamIndex === audio?.index;
  }

  async take(packet: Packet): Promise<void> {
    const { clock, watch, pacer, signal, steady } = this.#to;
    const { video, audio } = this.#opened.connection;
    const track = packet.streamIndex === video?.index ? 'video' : 'audio';
    const stream = (track === 'video' ? video : audio) as Stream;
    const said = sourceTimes(packet, stream);
    const times = track === 'video' && this.#decoding !== undefined ? this.#decoding.complete(said) : said;
    watch?.arrived(track, clock.nowMs());
    if (!this.#gate.admits(track, packet.isKeyframe, times.dtsUs ?? times.ptsUs)) return;
    if (!this.#begun) this.#begin();
    this.#begun = true;
    const placed = this.#place(track, times);
    if (placed.dtsUs - this.#beginUs > STEADY_US) steady();
    await pacer?.until(placed.dtsUs, signal);
    if (track === 'video') await this.#opened.receiver?.take(packet, placed, times.durationUs);
    else if (!placed.late) this.#sound?.take(packet, placed, times.durationUs);
  }

  /** Call once no `take()` is under way. */
  close(): void {
    this.#sound?.close();
  }

  #place(track: 'video' | 'audio', times: SourcePacketTimes): PlacedTimes {
    const placed = this.#to.timeline.place({ track, ...times });
    if (placed.discontinuity) this.#to.say({ kind: 'discontinuity', atUs: placed.dtsUs });
    return placed;
  }
}
