import { VitascopeError } from '../pipeline/errors.js';
import { type Clock, systemClock } from './clock.js';
import { StreamProcess, type StreamProcessOptions, type StreamProcessStatus } from './stream-process.js';
import type { StreamQuestion } from './stream-protocol.js';

/** How streams are supervised; the fields of `supervisor` and `limits` in `vitascope.yaml` fit. */
export interface SupervisorOptions extends Omit<StreamProcessOptions, 'clock' | 'random' | 'onLog' | 'onMessage'> {
  /** Streams at once. */
  readonly streams: number;
  /** Default: that of the machine. */
  readonly clock?: Clock | undefined;
  /** 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Told of each change of a state, and of each launch. */
  readonly onChange?: ((status: StreamProcessStatus) => void) | undefined;
  /** Told what streams say. */
  readonly onLog?: StreamProcessOptions['onLog'];
  /** Told of media and metadata. */
  readonly onMessage?: StreamProcessOptions['onMessage'];
}

/** Runs each stream in a child process of its own. Children end by themselves when this process does, as long as they use `connectToSupervisor`. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #streams = new Map<string, StreamProcess>();
  readonly #ends = new Map<string, (() => void)[]>();
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Starts a stream.
   *
   * @param settings Sent to the child as the first message; structured-clonable.
   * @throws VitascopeError `STREAM_LIMIT` when as many run as may; `STREAM_EXISTS` when one of this name does; `ABORTED` after {@link close}.
   */
  start(name: string, settings: unknown): void {
    if (this.#closed) throw new VitascopeError('ABORTED', `stream ${name}: the server is ending`);
    if (this.#streams.has(name))
      throw new VitascopeError('STREAM_EXISTS', `stream ${name} is there already`, { context: { name } });
    const { streams: limit, clock = systemClock, random = Math.random } = this.#options;
    if (this.#streams.size >= limit) {
      const message = `stream ${name}: ${limit} streams run, which is as many as limits.streams allows`;
      throw new VitascopeError('STREAM_LIMIT', message, { context: { name, limit } });
    }
    const changed = (): void => this.#changed(name);
    this.#streams.set(name, new StreamProcess(name, settings, { ...this.#options, clock, random }, changed));
    changed();
  }

  /** What each stream does, in the order of their starts. */
  statuses(): readonly StreamProcessStatus[] {
    return [...this.#streams.values()].map((stream) => stream.status());
  }

  /** What a stream does; nothing when there is none of this name. */
  status(name: string): StreamProcessStatus | undefined {
    return this.#streams.get(name)?.status();
  }

  /** What a stream's process is given when it is started the next time; what runs is not touched. */
  changeSettings(name: string, settings: unknown): void {
    const stream = this.#streams.get(name);
    if (stream !== undefined) stream.settings = settings;
  }

  /**
   * Asks a stream something.
   *
   * @throws VitascopeError what the stream answers; `ABORTED` when there is no process that could answer.
   */
  async ask(name: string, question: StreamQuestion): Promise<unknown> {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new VitascopeError('ABORTED', `there is no stream ${name}`, { context: { name } });
    return await stream.ask(question);
  }

  /** True when no further stream can be started. */
  get full(): boolean {
    return this.#closed || this.#streams.size >= this.#options.streams;
  }

  /** Drains a stream; resolves when its process is gone. Does nothing when there is none of this name. */
  stop(name: string): Promise<void> {
    const stream = this.#streams.get(name);
    if (stream === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#ends.set(name, [...(this.#ends.get(name) ?? []), resolve]);
      stream.drain();
    });
  }

  /** Drains all streams and starts none any more; resolves when all processes are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#streams.keys()].map((name) => this.stop(name)));
  }

  #changed(name: string): void {
    const status = this.#streams.get(name)?.status();
    // While it is being made, it is not in the list yet.
    if (status === undefined) return;
    if (status.state === 'ended') this.#streams.delete(name);
    this.#options.onChange?.(status);
    if (status.state !== 'ended') return;
    for (const resolve of this.#ends.get(name) ?? []) resolve();
    this.#ends.delete(name);
  }
}
