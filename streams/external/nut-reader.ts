import { AVERROR_EOF, AVFMT_FLAG_CUSTOM_IO } from 'node-av/constants';
import { FormatContext, InputFormat, IOContext, type Packet, type Stream } from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { avCheck, isEnd } from '../libav/av.js';
import type { ByteQueue } from './byte-queue.js';

/** Follows the headers of a NUT stream, in front of its first packet (NUT specification, "syncpoint_startcode"). */
const SYNCPOINT = Buffer.from('4e4be4adeeca4569', 'hex');

/** More than the NUT specification lets a frame header and a syncpoint take. */
const PACKET_OVERHEAD = 1024;

const IO_BUFFER = 65_536;

/**
 * Demuxes one NUT stream as it comes out of a child. A call into FFmpeg is made only when the bytes it needs have begun to arrive: a thread of
 * libuv's small pool is never held while a child thinks, so any number of children can run.
 */
export class NutReader {
  readonly #queue: ByteQueue;
  readonly #io = new IOContext();
  readonly #context = new FormatContext();
  #closed = false;

  private constructor(queue: ByteQueue) {
    this.#queue = queue;
    this.#io.allocContextWithCallbacks(IO_BUFFER, 0, (size) => this.#take(size));
    this.#context.allocContext();
    this.#context.pb = this.#io;
    this.#context.setFlags(AVFMT_FLAG_CUSTOM_IO);
  }

  /** Reads the headers; nothing when the stream ends without a packet. The queue stays the caller's. */
  static async open(queue: ByteQueue): Promise<NutReader | undefined> {
    if (!(await queue.contains(SYNCPOINT))) return undefined;
    const reader = new NutReader(queue);
    const opened = await reader.#context.openInput('', InputFormat.findInputFormat('nut'));
    if (opened >= 0 && reader.#context.nbStreams > 0) return reader;
    reader.close();
    throw new VitascopeError('ENGINE_FAILED', `the external ffmpeg wrote a NUT stream that does not open (${opened})`);
  }

  /** The only track. */
  get stream(): Stream {
    return this.#context.streams[0] as Stream;
  }

  /** Reads the next packet. One call at a time. @returns false at the end. */
  async read(packet: Packet): Promise<boolean> {
    await this.#available(1);
    return this.#result(await this.#context.readFrame(packet));
  }

  /** The same for packets that all have `bytes` bytes: waits for the whole packet and takes it without leaving this thread. */
  async readWhole(packet: Packet, bytes: number): Promise<boolean> {
    await this.#available(bytes + PACKET_OVERHEAD);
    return this.#result(this.#context.readFrameSync(packet));
  }

  /** Frees everything. Call once no `read()` is under way; further calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.pb = null;
    this.#context.closeInputSync();
    this.#io.freeContext();
  }

  #result(read: number): boolean {
    if (isEnd(read)) return false;
    avCheck(read, 'ENGINE_FAILED', 'the NUT stream of the external ffmpeg is broken');
    return true;
  }

  /** Waits for bytes, those that FFmpeg holds in its own buffer included. */
  async #available(bytes: number): Promise<void> {
    const held = this.#queue.taken - Number(this.#io.tell());
    if (held < bytes) await this.#queue.available(bytes - held);
  }

  #take(size: number): Buffer | number | Promise<Buffer | number> {
    const now = this.#queue.take(size);
    if (now !== undefined) return now;
    if (this.#queue.ended) return AVERROR_EOF;
    return this.#queue.available(1).then(() => this.#queue.take(size) ?? AVERROR_EOF);
  }
}
