import { Writable } from 'node:stream';

/**
 * Bytes on their way from a child's pipe to a demuxer. It accepts more only while it holds less than `limit`, so that the pipe fills up
 * and the child waits: nothing buffers without bound.
 */
export class ByteQueue extends Writable {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #taken = 0;
  #ended = false;
  #acceptMore: (() => void) | undefined;
  #waiters: (() => void)[] = [];

  constructor(limit: number) {
    // fluent-ffmpeg takes 'close' of its output for a wish to kill the child, even at the end of a stream.
    // What has arrived outlives the end of the stream, hence no autoDestroy.
    super({ emitClose: false, autoDestroy: false });
    this.#limit = limit;
  }

  /** Bytes that can be taken now. */
  get bytes(): number {
    return this.#bytes;
  }
  /** Bytes taken since the beginning. */
  get taken(): number {
    return this.#taken;
  }
  /** True once no more bytes will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Waits until `count` bytes (as far as the limit allows) can be taken, or no more will come. */
  async available(count: number): Promise<void> {
    while (!this.#ended && this.#bytes < Math.min(count, this.#limit)) await this.#change();
  }

  /** Waits until the bytes held contain `pattern`, the queue is full, or no more will come. @returns whether they do. */
  async contains(pattern: Buffer): Promise<boolean> {
    for (;;) {
      if (Buffer.concat(this.#chunks).includes(pattern)) return true;
      if (this.#ended || this.#bytes >= this.#limit) return false;
      await this.#change();
    }
  }

  /** Up to `max` bytes, nothing when there are none. */
  take(max: number): Buffer | undefined {
    const first = this.#chunks[0];
    if (first === undefined) return undefined;
    const part = first.subarray(0, max);
    if (part.length === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(max);
    this.#bytes -= part.length;
    this.#taken += part.length;
    if (this.#bytes < this.#limit) this.#resume();
    return part;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#limit) done();
    else this.#acceptMore = done;
    this.#notify();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#end();
    done(error);
  }

  #resume(): void {
    const done = this.#acceptMore;
    this.#acceptMore = undefined;
    done?.();
  }

  #end(): void {
    this.#ended = true;
    this.#notify();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #notify(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
