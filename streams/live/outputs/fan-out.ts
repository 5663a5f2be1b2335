import { asVitascopeError, VitascopeError } from '../../../pipeline/index.js';
import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../live-types.js';
import { PacketQueue } from './packet-queue.js';

/** One output of several, with what it has done. Plain JSON. */
export interface FanOutMetrics extends LiveOutputMetrics {
  readonly name: string;
}

/** Options of a {@link FanOut}. */
export interface FanOutOptions {
  /** Hears that an output has failed; the others go on. */
  readonly onFailure?: ((name: string, error: VitascopeError) => void) | undefined;
  /** Milliseconds that each output has to end itself. Default 10000. */
  readonly closeTimeoutMs?: number | undefined;
}

/** What may wait for an output that is still being opened. */
const BEFORE_OPEN = { maxBytes: 16 * 1024 * 1024, maxUs: 10_000_000 };

/**
 * The packets of one encoder to many outputs. Each stands alone: one that is slow to open, that fails or throws disturbs none of the others,
 * and what it says about itself stays to be read. Nothing here waits, but {@link open} and {@link close}.
 */
export class FanOut {
  readonly #branches: readonly Branch[];

  constructor(outputs: readonly LiveOutput[], options: FanOutOptions = {}) {
    this.#branches = outputs.map((output) => new Branch(output, options));
  }

  /** Opens all outputs; packets may come meanwhile. Resolves when each is open or has failed; never rejects. */
  async open(tracks: readonly EncodedTrack[]): Promise<void> {
    await Promise.all(this.#branches.map((branch) => branch.open(tracks)));
  }

  write(packet: EncodedPacket): void {
    for (const branch of this.#branches) branch.write(packet);
  }

  /** From the next packet on, a key frame, these are the tracks. */
  tracksChanged(tracks: readonly EncodedTrack[]): void {
    for (const branch of this.#branches) branch.call((output) => output.tracksChanged?.(tracks));
  }

  discontinuity(): void {
    for (const branch of this.#branches) branch.call((output) => output.discontinuity());
  }

  /** Ends all outputs; never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#branches.map((branch) => branch.close()));
  }

  /** Of each output, in their order. */
  metrics(): FanOutMetrics[] {
    return this.#branches.map((branch) => branch.metrics());
  }
}

class Branch {
  readonly #output: LiveOutput;
  readonly #options: FanOutOptions;
  /** Calls that wait for the output to be open; packets among them are in the queue. */
  #before: { readonly queue: PacketQueue; calls: ((output: LiveOutput) => void)[] } | undefined;
  #failure: VitascopeError | undefined;
  #opening: Promise<void> | undefined;

  constructor(output: LiveOutput, options: FanOutOptions) {
    this.#output = output;
    this.#options = options;
  }

  open(tracks: readonly EncodedTrack[]): Promise<void> {
    const queue = new PacketQueue(BEFORE_OPEN);
    queue.expectVideo(tracks.some(({ kind }) => kind === 'video'));
    this.#before = { queue, calls: [] };
    this.#opening = this.#open(tracks);
    return this.#opening;
  }

  write(packet: EncodedPacket): void {
    if (this.#before !== undefined) this.#before.queue.push(packet);
    else this.call((output) => output.write(packet));
  }

  /** Does something with the output when it is open; what goes wrong is its own failure. */
  call(work: (output: LiveOutput) => void): void {
    if (this.#failure !== undefined) return;
    if (this.#before !== undefined) {
      // What was before it was for other tracks, or breaks off here.
      this.#before.queue.restart();
      this.#before.calls.push(work);
      return;
    }
    try {
      work(this.#output);
    } catch (error) {
      this.#fail(error);
      void this.#end();
    }
  }

  async close(): Promise<void> {
    await this.#within(this.#opening ?? Promise.resolve()).catch((error: unknown) => this.#fail(error));
    if (this.#failure === undefined) await this.#end();
  }

  metrics(): FanOutMetrics {
    const { name } = this.#output;
    const metrics = this.#output.metrics();
    const waiting = this.#before?.queue.length ?? 0;
    if (this.#failure === undefined) return { ...metrics, name, queued: metrics.queued + waiting };
    return { ...metrics, name, state: 'failed', trouble: this.#failure.message };
  }

  async #open(tracks: readonly EncodedTrack[]): Promise<void> {
    try {
      await this.#output.open(tracks);
    } catch (error) {
      this.#fail(error);
      await this.#end();
    }
    const before = this.#before;
    this.#before = undefined;
    for (const work of before?.calls ?? []) this.call(work);
    for (let packet = before?.queue.shift(); packet !== undefined; packet = before?.queue.shift()) this.write(packet);
  }

  async #end(): Promise<void> {
    try {
      await this.#within(this.#output.close());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Waits no longer than an output may take. */
  async #within(work: Promise<void>): Promise<void> {
    const { closeTimeoutMs = 10_000 } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new VitascopeError('OUTPUT_UNWRITABLE', `${this.#output.name}: it does not end`);
      timer = setTimeout(() => reject(error), closeTimeoutMs);
    });
    try {
      await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = asVitascopeError(error, 'OUTPUT_UNWRITABLE', this.#output.name);
    this.#options.onFailure?.(this.#output.name, this.#failure);
  }
}
