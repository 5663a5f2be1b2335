import { AVMEDIA_TYPE_AUDIO } from 'node-av/constants';
import { FormatContext, InputFormat, Packet, type Stream } from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { avMessage, dictionary, isAgain, isEnd } from '../libav/av.js';
import { videoStreamOf } from '../libav/probe.js';
import { type ConnectSettings, inputSettings, type LiveAddress } from './live-address.js';
import { certificateTrouble, isUnchecked } from './tls-trust.js';

/** Packets that may be looked at before they are read. */
const MAX_AHEAD = 200;

/**
 * One connection to a source, from its beginning to its loss. Whatever blocks inside FFmpeg is interrupted when a time limit passes or the signal
 * aborts, so that no call hangs.
 */
export class LiveConnection {
  readonly video: Stream | undefined;
  readonly audio: Stream | undefined;
  readonly #context: FormatContext;
  readonly #name: string;
  readonly #connectMs: number;
  readonly #stallMs: number;
  readonly #signal: AbortSignal;
  readonly #ahead: Packet[] = [];
  readonly #interrupt: () => void;
  /** Stays: the read that was interrupted may still have had a packet. */
  #stalled = false;
  #closed = false;

  private constructor(context: FormatContext, address: LiveAddress, settings: ConnectSettings, signal: AbortSignal) {
    this.#context = context;
    this.#name = address.name;
    this.#connectMs = settings.connectTimeoutMs;
    this.#stallMs = settings.stallTimeoutMs;
    this.#signal = signal;
    this.#interrupt = () => context.interrupt();
    signal.addEventListener('abort', this.#interrupt);
    this.video = videoStreamOf(context);
    const best = context.findBestStream(AVMEDIA_TYPE_AUDIO, -1, -1);
    this.audio = best >= 0 ? context.streams[best] : undefined;
  }

  /** @throws VitascopeError `INPUT_UNREADABLE`; `ABORTED` when the signal aborts. */
  static async open(address: LiveAddress, settings: ConnectSettings, signal: AbortSignal): Promise<LiveConnection> {
    signal.throwIfAborted();
    const context = new FormatContext();
    // Without memory of its own there is nothing to interrupt.
    context.allocContext();
    let timedOut = false;
    const interrupt = (): void => context.interrupt();
    const timer = setTimeout(() => {
      timedOut = true;
      interrupt();
    }, settings.connectTimeoutMs);
    signal.addEventListener('abort', interrupt);
    const fail = (reason: string): VitascopeError =>
      new VitascopeError('INPUT_UNREADABLE', `cannot read ${address.name}: ${reason}`);
    const explain = (result: number): VitascopeError =>
      fail(timedOut ? `nothing came within ${settings.connectTimeoutMs / 1000} s` : avMessage(result));
    const checkCertificate = async (): Promise<void> => {
      const trouble = await certificateTrouble(address.target, settings.tls, settings.connectTimeoutMs, signal);
      signal.throwIfAborted();
      if (trouble !== undefined) throw fail(trouble);
    };
    try {
      const format = inputFormat(address);
      const options = dictionary(inputSettings(address, settings));
      if (isUnchecked(address.target)) await checkCertificate();
      const opened = await context.openInput(address.target, format, options);
      signal.throwIfAborted();
      if (opened < 0 && !timedOut) await checkCertificate();
      if (opened < 0) throw explain(opened);
      const found = await context.findStreamInfo(null);
      signal.throwIfAborted();
      if (found < 0 || timedOut) throw explain(found);
      const connection = new LiveConnection(context, address, settings, signal);
      if (connection.video !== undefined || connection.audio !== undefined) return connection;
      connection.#release();
      throw fail('it holds neither video nor sound');
    } catch (error) {
      await context.closeInput();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  /**
   * Puts the next packet into `packet`.
   *
   * @returns false at the end of the stream.
   * @throws VitascopeError `INPUT_UNREADABLE` when the source is lost or silent for too long.
   */
  async read(packet: Packet): Promise<boolean> {
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) {
      packet.ref(ahead);
      ahead.free();
      return true;
    }
    return await this.#readNew(packet);
  }

  /** The next packet of a stream, which stays to be read; nothing when it does not come soon. The caller frees it. */
  async peek(stream: Stream): Promise<Packet | undefined> {
    while (this.#ahead.length < MAX_AHEAD) {
      const packet = new Packet();
      packet.alloc();
      const got = await this.#readNew(packet).catch((error: unknown) => {
        packet.free();
        throw error;
      });
      if (!got) {
        packet.free();
        return undefined;
      }
      this.#ahead.push(packet);
      if (packet.streamIndex === stream.index) return packet.clone() ?? undefined;
    }
    return undefined;
  }

  /**
   * Leaves out what comes before the next key frame of a stream, which itself stays to be read; nothing when the source ends before. The caller frees it.
   *
   * @throws VitascopeError `INPUT_UNREADABLE` when none comes in the time that connecting may take.
   */
  async skipToKeyFrame(stream: Stream): Promise<Packet | undefined> {
    const untilMs = performance.now() + this.#connectMs;
    while (performance.now() < untilMs) {
      const packet = await this.peek(stream);
      if (packet === undefined) return undefined;
      if (packet.isKeyframe) {
        for (const earlier of this.#ahead.splice(0, this.#ahead.length - 1)) earlier.free();
        return packet;
      }
      packet.free();
      for (const earlier of this.#ahead.splice(0)) earlier.free();
    }
    throw this.#lost(`no key frame came within ${this.#connectMs / 1000} s`);
  }

  /** Call once no `read()` is under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
    await this.#context.closeInput();
  }

  #release(): void {
    this.#signal.removeEventListener('abort', this.#interrupt);
    for (const packet of this.#ahead.splice(0)) packet.free();
  }

  async #readNew(packet: Packet): Promise<boolean> {
    const timer = setTimeout(() => {
      this.#stalled = true;
      this.#context.interrupt();
    }, this.#stallMs);
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        const read = await this.#context.readFrame(packet);
        if (read >= 0) return true;
        this.#signal.throwIfAborted();
        if (this.#stalled) throw this.#lost(`nothing came for ${this.#stallMs / 1000} s`);
        if (isEnd(read)) return false;
        if (!isAgain(read)) throw this.#lost(avMessage(read));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #lost(reason: string): VitascopeError {
    return new VitascopeError('INPUT_UNREADABLE', `lost ${this.#name}: ${reason}`);
  }
}

/** @throws VitascopeError `INPUT_UNREADABLE` where the bundled FFmpeg was built without it. */
function inputFormat({ format, name }: LiveAddress): InputFormat | null {
  if (format === undefined) return null;
  const found = InputFormat.findInputFormat(format);
  if (found !== null) return found;
  throw new VitascopeError('INPUT_UNREADABLE', `cannot read ${name}: the bundled FFmpeg has no support for ${format}`);
}
