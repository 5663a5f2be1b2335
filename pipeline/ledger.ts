/**
 * The ledger counts frames: every frame is opened once and must be closed once. Tests compare the two; outside tests
 * the cost is two increments a frame. A frame that the garbage collector finds unclosed is counted and reported, at most once a second.
 */
class Ledger {
  #opened = 0;
  #closed = 0;
  #collectedUnclosed = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;
  readonly #open = new Set<string>();
  #tracing = false;

  get opened(): number {
    return this.#opened;
  }
  get closed(): number {
    return this.#closed;
  }
  /** Frames now open. */
  get balance(): number {
    return this.#opened - this.#closed;
  }
  /** Frames the garbage collector found unclosed. */
  get collectedUnclosed(): number {
    return this.#collectedUnclosed;
  }

  /** Remember where each open frame came from (slow; for tests). */
  trace(on: boolean): void {
    this.#tracing = on;
    this.#open.clear();
  }
  /** Origins of the frames still open, when tracing. */
  get openOrigins(): readonly string[] {
    return [...this.#open];
  }

  /** @internal */
  recordOpened(what: string): string | undefined {
    this.#opened++;
    if (!this.#tracing) return undefined;
    const origin = `${what} #${this.#opened} ${new Error('opened').stack ?? ''}`;
    this.#open.add(origin);
    return origin;
  }
  /** @internal */
  recordClosed(origin: string | undefined): void {
    this.#closed++;
    if (origin !== undefined) this.#open.delete(origin);
  }
  /** @internal */
  recordCollected(what: string): void {
    this.#collectedUnclosed++;
    const now = performance.now();
    if (now - this.#warnedAt < 1000) return;
    this.#warnedAt = now;
    process.emitWarning(
      `${what} was garbage-collected without close() (${this.#collectedUnclosed} so far); its pool slot was lost until now`,
      { code: 'VITASCOPE_FRAME_LEAK' },
    );
  }
}

/** The one ledger of this process. */
export const ledger = new Ledger();
export type { Ledger };
