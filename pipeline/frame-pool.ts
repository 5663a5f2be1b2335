import { VitascopeError } from './errors.js';

/** What a producer does with a new picture when every slot is taken: wait for one (archive), or count a drop and go on (live). */
export type OverloadPolicy = 'wait' | 'drop';

/** Size and name of a {@link FramePool}. */
export interface FramePoolOptions {
  /** Slots, each holding one picture: the most frames that may be open at once. At least 1. */
  readonly slots: number;
  /** What {@link FramePool.admit} does when every slot is taken. Default `wait`. */
  readonly policy?: OverloadPolicy | undefined;
  /** Name for messages and metrics. */
  readonly name?: string;
}

/** A piece of shared memory that holds one picture; given back by the frame that owns it. */
export interface Slot {
  readonly buffer: SharedArrayBuffer;
  /** Share of the pool's slots in use when this one was given, 0–1; 0 where producers wait for slots, who cannot be late. */
  readonly crowding: number;
  /** @internal */
  release(): void;
}

interface Waiter {
  readonly byteLength: number;
  resolve(slot: Slot): void;
  reject(error: unknown): void;
}

/**
 * Bounds memory and provides back-pressure: a free slot is a credit to make one more frame. A producer (a source, or an
 * operator that makes frames) owns one pool and lets pictures in by {@link admit}: the archive policy waits, so nothing is lost;
 * the live policy counts a drop at the input, before any work of the graph is spent on the picture.
 *
 * Waiters are served in order. Slots keep their memory between pictures and are reallocated only when a larger one is asked for.
 */
export class FramePool {
  readonly name: string;
  readonly slots: number;
  readonly policy: OverloadPolicy;
  readonly #free: SharedArrayBuffer[] = [];
  readonly #waiters: Waiter[] = [];
  #inUse = 0;
  #dropped = 0;
  #peak = 0;

  /** @throws VitascopeError `OPTION_INVALID` when `slots` is not a positive integer. */
  constructor(options: FramePoolOptions) {
    if (!Number.isInteger(options.slots) || options.slots < 1) {
      throw new VitascopeError(
        'OPTION_INVALID',
        `FramePool: slots must be an integer of at least 1, got ${options.slots}`,
        { context: { slots: options.slots } },
      );
    }
    this.slots = options.slots;
    this.policy = options.policy ?? 'wait';
    this.name = options.name ?? 'frames';
  }

  /** Slots now holding a frame. */
  get inUse(): number {
    return this.#inUse;
  }
  /** The most slots that were in use at once. */
  get peak(): number {
    return this.#peak;
  }
  /** Pictures refused by {@link tryAcquire}. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A slot by the pool's policy: waits for one, or gives nothing and counts a drop. @throws as {@link acquire}. */
  async admit(byteLength: number, signal?: AbortSignal): Promise<Slot | undefined> {
    return this.policy === 'drop' ? this.tryAcquire(byteLength) : this.acquire(byteLength, signal);
  }

  /** A slot of at least `byteLength` bytes if one is free, else nothing, counted as a drop. */
  tryAcquire(byteLength: number): Slot | undefined {
    if (this.#inUse >= this.slots || this.#waiters.length > 0) {
      this.#dropped++;
      return undefined;
    }
    return this.#take(byteLength);
  }

  /**
   * A slot of at least `byteLength` bytes, waiting until one is free.
   *
   * @throws the signal's reason (or VitascopeError `ABORTED`) when `signal` aborts first.
   */
  acquire(byteLength: number, signal?: AbortSignal): Promise<Slot> {
    if (signal?.aborted) return Promise.reject(abortReason(signal));
    if (this.#inUse < this.slots && this.#waiters.length === 0) {
      return Promise.resolve(this.#take(byteLength));
    }
    return new Promise<Slot>((resolve, reject) => {
      const onAbort = (): void => {
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
        reject(abortReason(signal as AbortSignal));
      };
      const waiter: Waiter = {
        byteLength,
        resolve: (slot) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(slot);
        },
        reject,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
    });
  }

  #take(byteLength: number): Slot {
    this.#inUse++;
    this.#peak = Math.max(this.#peak, this.#inUse);
    const kept = this.#free.pop();
    const buffer = kept !== undefined && kept.byteLength >= byteLength ? kept : new SharedArrayBuffer(byteLength);
    let released = false;
    return {
      buffer,
      crowding: this.policy === 'drop' ? this.#inUse / this.slots : 0,
      release: () => {
        if (released) return;
        released = true;
        this.#inUse--;
        this.#free.push(buffer);
        this.#serve();
      },
    };
  }

  #serve(): void {
    while (this.#inUse < this.slots) {
      const next = this.#waiters.shift();
      if (next === undefined) return;
      next.resolve(this.#take(next.byteLength));
    }
  }
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new VitascopeError('ABORTED', 'FramePool: the wait was aborted');
}
