import { Packet, type Stream } from 'node-av/lib';
import { Observable, ReplaySubject, type Subscriber } from 'rxjs';
import { backOffMs } from '../../pipeline/back-off.js';
import {
  asVitascopeError,
  FramePool,
  type Rational,
  rationalValue,
  toMicroseconds,
  type VideoSample,
  VitascopeError,
} from '../../pipeline/index.js';
import { hasTime, rational } from '../libav/av.js';
import { stripAdts } from './adts.js';
import { type ConnectSettings, type LiveAddress, liveAddress } from './live-address.js';
import { type LiveClock, systemClock } from './live-clock.js';
import { LiveConnection } from './live-connection.js';
import { LiveDecoder } from './live-decoder.js';
import type { LiveInputOptions } from './live-options.js';
import { LivePictures } from './live-pictures.js';
import { carriesAdts, isSameSound, soundOf } from './live-sound.js';
import { LiveTimeline, type PlacedTimes } from './live-timeline.js';
import type { AudioTrack, EncodedPacket, LiveEvent, LiveInput, LiveInputMetrics } from './live-types.js';
import { Pacer } from './pacer.js';
import { StartGate } from './start-gate.js';

/**
 * Opens a live source: `rtmp(s)://`, `rtsp(s)://` (over TCP), `http(s)://` (FLV, MPEG-TS, HLS), `srt://`, `udp://`, and, in real time, films: `file:PATH`
 * once, `loop:PATH` without end.
 *
 * Reading begins when `video` is subscribed (`audio`, where there is no video), once. The subscriber owns the frames; a picture that finds no free slot is
 * left out and counted. A lost input is tried again, and times go on after the gap. Unsubscribing `video` stops the input.
 *
 * @throws VitascopeError `OPTION_INVALID`, `INPUT_UNREADABLE`, `DECODER_MISSING`; the signal's reason when it aborts. The streams fail with
 * `INPUT_UNREADABLE` when attempts are used up, and with `FRAME_FORMAT`.
 * @example
 * const camera = await openLiveInput('rtsp://camera/1');
 * camera.video?.pipe(colorize()).subscribe(({ frame }) => frame.close());
 */
export async function openLiveInput(url: string, options: LiveInputOptions = {}): Promise<LiveInput> {
  const source = new LiveSource(liveAddress(url, options.protocols), options);
  await source.connect();
  return source;
}

/** A connection that is ready to be read. */
interface Opened {
  readonly connection: LiveConnection;
  readonly decoder: LiveDecoder | undefined;
  readonly sound: AudioTrack | undefined;
}

/** Media time after which a connection counts as steady. */
const STEADY_US = 5_000_000;

const UNKNOWN: Rational = { num: 0, den: 1 };

class LiveSource implements LiveInput {
  readonly name: string;
  readonly events = new ReplaySubject<LiveEvent>(16);
  video: LiveInput['video'];
  audio: LiveInput['audio'];
  frameRate = UNKNOWN;
  readonly #address: LiveAddress;
  readonly #options: LiveInputOptions;
  readonly #settings: ConnectSettings;
  readonly #clock: LiveClock;
  readonly #pacer: Pacer | undefined;
  readonly #timeline: LiveTimeline;
  readonly #pool: FramePool;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #pictures: LivePictures | undefined;
  #opened: Opened | undefined;
  #running: Promise<void> | undefined;
  #frames: Subscriber<VideoSample> | undefined;
  #packets: Subscriber<EncodedPacket> | undefined;
  #reconnects = 0;
  /** Attempts since the input was last there for a while; a server that accepts and hangs up at once must not be hammered. */
  #failures = 0;
  #bytesIn = 0;
  #lastPacketMs: number;

  constructor(address: LiveAddress, options: LiveInputOptions) {
    this.#address = address;
    this.#options = options;
    this.name = address.name;
    this.#settings = {
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      stallTimeoutMs: options.stallTimeoutMs ?? 10_000,
      probeBytes: options.probeBytes ?? 1_000_000,
      analyzeMs: options.analyzeMs ?? 1000,
    };
    this.#clock = options.clock ?? systemClock;
    this.#pacer = address.isFile ? new Pacer(this.#clock) : undefined;
    this.#timeline = new LiveTimeline(options.timeline);
    this.#pool = options.pool ?? new FramePool({ slots: options.slots ?? 16, policy: 'drop', name: address.name });
    this.#signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal;
    this.#lastPacketMs = this.#clock.nowMs();
  }

  /** The first connection, which decides what the stream has. */
  async connect(): Promise<void> {
    const opened = this.#options.wait === true ? await this.#again('not there yet') : await this.#open();
    if (opened === undefined) this.#signal.throwIfAborted();
    const { connection, sound } = opened as Opened;
    this.#opened = opened;
    if (connection.video !== undefined) {
      this.frameRate = frameRateOf(connection.video);
      this.#pictures = new LivePictures(this.#pool, this.frameRate, (what) => this.#say({ kind: 'changed', what }));
      this.video = new Observable((subscriber) => {
        this.#frames = subscriber;
        this.#start();
        return () => this.#stop.abort();
      });
    }
    if (sound !== undefined) this.audio = { track: sound, packets: this.#soundPackets() };
    this.#lastPacketMs = this.#clock.nowMs();
    this.#say({ kind: 'connected' });
  }

  metrics(): LiveInputMetrics {
    return {
      framesIn: this.#pictures?.count ?? 0,
      framesDropped: this.#pictures?.dropped ?? 0,
      bytesIn: this.#bytesIn,
      reconnects: this.#reconnects,
      silentMs: Math.round(this.#clock.nowMs() - this.#lastPacketMs),
    };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#start();
    await this.#running;
  }

  #soundPackets(): Observable<EncodedPacket> {
    return new Observable((subscriber) => {
      this.#packets = subscriber;
      if (this.video === undefined) this.#start();
      return () => {
        if (this.video === undefined) this.#stop.abort();
      };
    });
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    let failure: unknown;
    try {
      for (let opened = this.#opened; opened !== undefined; opened = await this.#next(opened)) this.#opened = opened;
    } catch (error) {
      if (!this.#signal.aborted) failure = asVitascopeError(error, 'INPUT_UNREADABLE', this.name);
    } finally {
      this.#pictures?.close();
    }
    this.#say({ kind: 'ended' });
    this.events.complete();
    for (const receiver of [this.#packets, this.#frames]) {
      if (failure === undefined) receiver?.complete();
      else receiver?.error(failure);
    }
  }

  /** Reads a connection to its end. @returns the one that follows it; nothing when the stream is over. */
  async #next(opened: Opened): Promise<Opened | undefined> {
    let loss: unknown;
    try {
      await this.#readAll(opened);
    } catch (error) {
      loss = error;
    } finally {
      await close(opened);
    }
    if (this.#signal.aborted) return undefined;
    const { protocol, isFile } = this.#address;
    if (protocol === 'loop' && loss === undefined) return await this.#open();
    if (isFile || this.#options.reconnect === false) {
      if (loss !== undefined) throw loss;
      return undefined;
    }
    return await this.#again(loss === undefined ? 'the source ended it' : reasonOf(loss), loss);
  }

  /** Connects until it succeeds. @returns nothing when the signal aborts. @throws the last failure when attempts are used up. */
  async #again(why: string, loss?: unknown): Promise<Opened | undefined> {
    const policy = this.#options.reconnect === false ? {} : (this.#options.reconnect ?? {});
    let last = { reason: why, error: loss };
    while (this.#failures < (policy.attempts ?? Number.POSITIVE_INFINITY)) {
      const attempt = ++this.#failures;
      this.#say({ kind: 'disconnected', reason: last.reason, attempt });
      await this.#clock.sleep(backOffMs(attempt, policy), this.#signal);
      if (this.#signal.aborted) return undefined;
      try {
        const opened = await this.#open();
        if (this.#pictures !== undefined || this.audio !== undefined) this.#reconnects++;
        this.#say({ kind: 'connected' });
        return opened;
      } catch (error) {
        if (this.#signal.aborted) return undefined;
        last = { reason: reasonOf(error), error };
      }
    }
    throw asVitascopeError(last.error ?? new Error(last.reason), 'INPUT_UNREADABLE', this.name);
  }

  async #open(): Promise<Opened> {
    const connection = await LiveConnection.open(this.#address, this.#settings, this.#signal);
    try {
      const { video, audio } = connection;
      const sound = audio === undefined ? undefined : await soundOf(connection, audio);
      const decoder = video === undefined ? undefined : await LiveDecoder.open(video, this.#options.threads, this.name);
      return { connection, decoder, sound };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async #readAll({ connection, decoder, sound }: Opened): Promise<void> {
    const { video, audio } = connection;
    const gate = new StartGate(video !== undefined && !this.#address.isFile);
    const useSound = this.#checkSound(sound);
    const packet = new Packet();
    packet.alloc();
    let begun = false;
    const beginUs = this.#timeline.endUs;
    try {
      while (await connection.read(packet)) {
        const stream = packet.streamIndex === video?.index ? video : audio;
        if (packet.streamIndex === stream?.index && !this.#signal.aborted) {
          this.#bytesIn += packet.size;
          const source = sourceTimes(packet, stream);
          const track = stream === video ? 'video' : 'audio';
          if (gate.admits(track, packet.isKeyframe, source.dtsUs ?? source.ptsUs)) {
            if (!begun) this.#begin();
            begun = true;
            const placed = this.#place(track, source);
            if (placed.dtsUs - beginUs > STEADY_US) this.#failures = 0;
            await this.#pacer?.until(placed.dtsUs, this.#signal);
            if (track === 'audio' && useSound && !placed.late)
              this.#emitSound(packet, placed, source.durationUs, stream);
            if (track === 'video' && decoder !== undefined)
              await this.#decode(decoder, packet, placed, source.durationUs);
          }
          this.#lastPacketMs = this.#clock.nowMs();
        }
        packet.unref();
        this.#signal.throwIfAborted();
      }
      if (!begun && this.#address.isFile) throw new VitascopeError('INPUT_EMPTY', `${this.name} holds no packets`);
      if (decoder !== undefined) await decoder.decode(null, (picture) => this.#emitPicture(picture));
    } finally {
      packet.free();
    }
  }

  /** The first packet of a connection has come: what came before ended, and time has passed. */
  #begin(): void {
    if (!this.#address.isFile) this.#pictures?.catchUp(this.#options.catchUpMs ?? 2000);
    if (this.#timeline.endUs === 0) return;
    const gapUs = this.#address.isFile ? 0 : (this.#clock.nowMs() - this.#lastPacketMs) * 1000;
    this.#timeline.restart(gapUs);
    if (!this.#address.isFile) this.#say({ kind: 'discontinuity', atUs: this.#timeline.endUs + Math.round(gapUs) });
  }

  #place(track: 'video' | 'audio', source: ReturnType<typeof sourceTimes>): PlacedTimes {
    const placed = this.#timeline.place({ track, ...source });
    if (placed.discontinuity) this.#say({ kind: 'discontinuity', atUs: placed.dtsUs });
    return placed;
  }

  #emitSound(packet: Packet, { ptsUs }: PlacedTimes, durationUs: number, stream: Stream): void {
    const data = packet.data;
    if (data === null || this.#packets === undefined) return;
    const payload = carriesAdts(stream) ? stripAdts(data)?.payload : data;
    if (payload === undefined) return;
    this.#packets.next({ kind: 'audio', data: Uint8Array.from(payload), ptsUs, dtsUs: ptsUs, durationUs, isKey: true });
  }

  async #decode(decoder: LiveDecoder, packet: Packet, placed: PlacedTimes, durationUs: number): Promise<void> {
    packet.dts = BigInt(placed.dtsUs);
    packet.pts = BigInt(placed.ptsUs);
    packet.duration = BigInt(durationUs);
    await decoder.decode(packet, (picture) => this.#emitPicture(picture));
  }

  async #emitPicture(picture: Parameters<LivePictures['take']>[0]): Promise<void> {
    try {
      if (this.#signal.aborted) return;
      const frame = await this.#pictures?.take(picture, this.#signal);
      if (frame === undefined) return;
      if (this.#frames === undefined || this.#frames.closed) frame.close();
      else this.#frames.next({ frame, meta: {} });
    } finally {
      picture.free();
    }
  }

  /** False when the sound of a new connection cannot go on in the track of the first. */
  #checkSound(sound: AudioTrack | undefined): boolean {
    const first = this.audio?.track;
    if (first === undefined || sound === undefined) return false;
    if (isSameSound(first, sound)) return true;
    const what = `sound is ${wordsFor(sound)}, was ${wordsFor(first)}; it is left out`;
    this.#say({ kind: 'changed', what });
    return false;
  }

  #say(event: LiveEvent): void {
    this.events.next(event);
  }
}

async function close({ connection, decoder }: Opened): Promise<void> {
  decoder?.close();
  await connection.close();
}

function sourceTimes(packet: Packet, stream: Stream) {
  const timeBase = rational(stream.timeBase);
  const us = (ticks: bigint): number | undefined => (hasTime(ticks) ? toMicroseconds(ticks, timeBase) : undefined);
  return { dtsUs: us(packet.dts), ptsUs: us(packet.pts), durationUs: toMicroseconds(packet.duration, timeBase) };
}

/** The average rate; containers without one make FFmpeg guess their time base, which is none. */
function frameRateOf(stream: Stream): Rational {
  const average = rational(stream.avgFrameRate);
  if (rationalValue(average) > 0) return average;
  const guess = rational(stream.rFrameRate);
  const rate = rationalValue(guess);
  return rate > 0 && rate <= 240 ? guess : UNKNOWN;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const wordsFor = ({ codec, sampleRate, channels }: AudioTrack): string => `${codec} ${sampleRate} Hz ×${channels}`;
