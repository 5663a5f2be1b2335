/** Lets requests wait until something has happened, for a while, and only so many of them. */
export class ChangeSignal {
  readonly #waiters = new Set<() => void>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Tells everybody to look again. */
  notify(): void {
    for (const look of [...this.#waiters]) look();
  }

  /**
   * Waits until `condition` holds, which is looked at now and after each {@link notify}.
   *
   * @returns false when time ran out, or when too many wait already.
   * @throws the signal's reason.
   */
  async until(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    if (condition()) return true;
    if (this.#waiters.size >= this.#limit) return false;
    return await new Promise<boolean>((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(look);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const look = (): void => {
        if (!condition()) return;
        leave();
        resolve(true);
      };
      const onAbort = (): void => {
        leave();
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        leave();
        resolve(false);
      }, timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(look);
    });
  }
}
