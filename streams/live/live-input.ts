import type { Stream } from 'node-av/lib';
import { ReplaySubject } from 'rxjs';
import { backOffMs } from '../../pipeline/back-off.js';
import { asVitascopeError, FramePool } from '../../pipeline/index.js';
import { ConnectionReader, closeOpened, type Opened } from './connection-reader.js';
import { isCopiedSound } from './copied-sound.js';
import { DecodedVideo } from './decoded-video.js';
import { EncodedSound } from './encoded-sound.js';
import { HeardSound } from './heard-sound.js';
import { type ConnectSettings, type LiveAddress, liveAddress } from './live-address.js';
import { type LiveClock, systemClock } from './live-clock.js';
import { LiveConnection } from './live-connection.js';
import type { LiveInputOptions } from './live-options.js';
import { isDecodable, soundOf } from './live-sound.js';
import { LiveTimeline } from './live-timeline.js';
import type { AudioTrack, LiveEvent, LiveInput, LiveInputMetrics } from './live-types.js';
import { Pacer } from './pacer.js';
import { frameRateOf, UNKNOWN_RATE } from './packet-times.js';
import { SoundCopy } from './sound-copy.js';
import type { SoundPath } from './sound-path.js';
import { readCaFile } from './tls-trust.js';
import { TrackWatch } from './track-watch.js';
import { VideoCopy } from './video-copy.js';
import type { VideoPath } from './video-path.js';

/**
 * Opens a live source: `rtmp(s)://`, `rtsp(s)://`, `http(s)://` (FLV, MPEG-TS, HLS), `srt://`, `udp://`, `device://` (a camera of this machine), and, in real
 * time, films: `file:PATH` once, `loop:PATH` without end.
 *
 * Reading begins when `video` (with `copyVideo`: `copied.packets`) is subscribed, or `audio` where there is no video, once. The subscriber owns the frames; a picture that finds no free slot is
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

class LiveSource implements LiveInput {
  readonly name: string;
  readonly events = new ReplaySubject<LiveEvent>(16);
  video: LiveInput['video'];
  copied: LiveInput['copied'];
  audio: SoundPath | undefined;
  size: LiveInput['size'];
  frameRate = UNKNOWN_RATE;
  readonly #address: LiveAddress;
  readonly #options: LiveInputOptions;
  readonly #settings: ConnectSettings;
  readonly #clock: LiveClock;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #path: VideoPath | undefined;
  /** There is one as soon as the first connection has decided what the stream has. */
  #reader: ConnectionReader | undefined;
  #opened: Opened | undefined;
  #running: Promise<void> | undefined;
  #reconnects = 0;
  /** Attempts since the input was last there for a while; a server that accepts and hangs up at once must not be hammered. */
  #failures = 0;

  constructor(address: LiveAddress, options: LiveInputOptions) {
    this.#address = address;
    this.#options = options;
    this.name = address.name;
    this.#settings = connectSettings(options);
    this.#clock = options.clock ?? systemClock;
    this.#signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal;
  }

  /** The first connection, which decides what the stream has. */
  async connect(): Promise<void> {
    const opened = await this.#first();
    if (opened === undefined) this.#signal.throwIfAborted();
    this.#opened = opened as Opened;
    this.#say({ kind: 'connected' });
    this.#offer(this.#opened);
    this.#reader = this.#connectionReader();
  }

  metrics(): LiveInputMetrics {
    return {
      framesIn: this.#path?.count ?? 0,
      framesDropped: this.#path?.dropped ?? 0,
      bytesIn: this.#reader?.bytes ?? 0,
      reconnects: this.#reconnects,
      silentMs: Math.round(this.#reader?.silentMs ?? 0),
    };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#start();
    await this.#running;
  }

  /** Says what the first connection has. */
  #offer({ connection: { video, audio }, sound }: Opened): void {
    if (video !== undefined) {
      this.frameRate = frameRateOf(video);
      const { width, height } = this.copied?.track.stream ?? video.codecpar;
      if (width > 0 && height > 0) this.size = { width, height };
    }
    if (audio !== undefined && sound !== undefined) this.audio = this.#soundPath(sound, video === undefined);
  }

  /** What takes the sound of the stream; none, where nobody can decode it. */
  #soundPath(sound: AudioTrack, soundOnly: boolean): SoundPath | undefined {
    const changed = (what: string): void => this.#say({ kind: 'changed', what });
    const options = {
      start: () => soundOnly && this.#start(),
      stop: () => soundOnly && this.#stop.abort(),
      changed,
    };
    if (isCopiedSound(sound)) return new HeardSound(new SoundCopy(sound, options), sound, options);
    const what = `sound is ${sound.codec}, which viewers cannot play`;
    if (!isDecodable(sound)) {
      changed(`${what}, and nobody here can decode: it is left out`);
      return undefined;
    }
    changed(`${what}: it is encoded to aac`);
    return new HeardSound(new EncodedSound(sound, options), sound, options);
  }

  /** What takes the video of the stream; none, where its first connection had none. */
  #videoPath(video: Stream): VideoPath | undefined {
    if (this.#path !== undefined || this.#reader !== undefined) return this.#path;
    const { pool, slots = 16, threads, copyVideo } = this.#options;
    const shared = {
      start: () => this.#start(),
      stop: () => this.#stop.abort(),
      changed: (what: string) => this.#say({ kind: 'changed', what }),
    };
    if (copyVideo === true) {
      this.#path = this.copied = new VideoCopy(shared);
      return this.#path;
    }
    const { name } = this;
    const decoded = new DecodedVideo(frameRateOf(video), {
      ...shared,
      name,
      pool: pool ?? new FramePool({ slots, policy: 'drop', name }),
      threads,
      signal: this.#signal,
    });
    this.video = decoded.samples;
    this.#path = decoded;
    return decoded;
  }

  #connectionReader(): ConnectionReader {
    const { isFile } = this.#address;
    const { timeline, reconnect, catchUpMs = 2000 } = this.#options;
    const { name } = this;
    const changed = (what: string): void => this.#say({ kind: 'changed', what });
    return new ConnectionReader({
      name,
      isFile,
      timeline: new LiveTimeline(timeline),
      clock: this.#clock,
      pacer: isFile ? new Pacer(this.#clock) : undefined,
      watch: isFile ? undefined : new TrackWatch(name, this.#settings.stallTimeoutMs, reconnect !== false, changed),
      video: this.#path,
      audio: this.audio,
      catchUpMs,
      signal: this.#signal,
      say: (event) => this.#say(event),
      steady: () => {
        this.#failures = 0;
      },
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
    }
    this.#say({ kind: 'ended' });
    this.events.complete();
    this.audio?.end(failure);
    this.#path?.end(failure);
  }

  /** Reads a connection to its end. @returns the one that follows it; nothing when the stream is over. */
  async #next(opened: Opened): Promise<Opened | undefined> {
    let loss: unknown;
    try {
      await this.#reader?.readAll(opened);
    } catch (error) {
      loss = error;
    } finally {
      await closeOpened(opened);
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

  /** The first connection. Where the input is waited for, the first attempt comes at once, and others follow. */
  async #first(): Promise<Opened | undefined> {
    try {
      return await this.#open();
    } catch (error) {
      if (this.#options.wait !== true || this.#signal.aborted) throw error;
      return await this.#again(reasonOf(error), error);
    }
  }

  /** Connects until it succeeds. @returns nothing when the signal aborts. @throws the last failure when attempts are used up. */
  async #again(why: string, loss?: unknown): Promise<Opened | undefined> {
    const policy = this.#options.reconnect === false ? {} : (this.#options.reconnect ?? {});
    let last = { reason: why, error: loss };
    this.audio?.pause();
    while (this.#failures < (policy.attempts ?? Number.POSITIVE_INFINITY)) {
      const attempt = ++this.#failures;
      this.#say({ kind: this.#reader === undefined ? 'waiting' : 'disconnected', reason: last.reason, attempt });
      await this.#clock.sleep(backOffMs(attempt, policy), this.#signal);
      if (this.#signal.aborted) return undefined;
      try {
        const opened = await this.#open();
        if (this.#reader === undefined) return opened;
        this.#reconnects++;
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
    let receiver: Opened['receiver'];
    try {
      const { video, audio } = connection;
      // Before the sound is looked at: a source that was joined between two key frames may have to be read on to the next one.
      if (video !== undefined) receiver = await this.#videoPath(video)?.connect(video, connection);
      const sound = audio === undefined ? undefined : await soundOf(connection, audio);
      return { connection, receiver, sound };
    } catch (error) {
      receiver?.close();
      await connection.close();
      throw error;
    }
  }

  #say(event: LiveEvent): void {
    this.events.next(event);
    this.#options.onEvent?.(event);
  }
}

function connectSettings(options: LiveInputOptions): ConnectSettings {
  const { connectTimeoutMs = 10_000, stallTimeoutMs = 10_000, probeBytes = 1_000_000, analyzeMs = 1000 } = options;
  const { rtspTransport = 'tcp', tlsVerify = true, caFile, confined = false } = options;
  if (caFile !== undefined) readCaFile(caFile);
  const tls = { verify: tlsVerify, caFile };
  return { connectTimeoutMs, stallTimeoutMs, probeBytes, analyzeMs, rtspTransport, tls, confined };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
