import type { Clock } from './clock.js';
import type { Logger } from './log.js';

/** How long warnings of one kind are gathered, milliseconds. */
const WINDOW_MS = 1000;
/** Streams and kinds that are told apart at once; names may be whatever callers send. */
const MAX_WINDOWS = 256;

interface Window {
  readonly stream: string;
  readonly kind: string;
  /** Since the last line. */
  count: number;
  message: string;
}

/**
 * Warnings that may come in floods: of each stream and kind the first is written at once, and then at most one line a second, with the latest message and how
 * many more there were.
 *
 * @example throttle.warn('cam1', 'slow-player', '192.0.2.7 reads too slowly'); // …, and 41 more in the last second
 */
export class WarningThrottle {
  readonly #log: Pick<Logger, 'warn'>;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  readonly #cancels = new Map<string, () => void>();

  constructor(log: Pick<Logger, 'warn'>, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param kind What is the same for all warnings that may be counted together, such as `slow-player`. */
  warn(stream: string, kind: string, message: string): void {
    const own = `${kind}\n${stream}`;
    const isCrowd = this.#windows.size >= MAX_WINDOWS && !this.#windows.has(own);
    const key = isCrowd ? '' : own;
    const window = this.#windows.get(key);
    if (window !== undefined) {
      window.count++;
      window.message = message;
      return;
    }
    this.#log.warn({ stream, kind }, message);
    this.#windows.set(key, { stream, kind, count: 0, message });
    this.#wait(key);
  }

  /** Writes what has been counted, and waits for nothing any more. */
  close(): void {
    for (const key of [...this.#windows.keys()]) this.#flush(key);
    for (const cancel of this.#cancels.values()) cancel();
    this.#windows.clear();
    this.#cancels.clear();
  }

  #wait(key: string): void {
    this.#cancels.set(
      key,
      this.#clock.after(WINDOW_MS, () => this.#over(key)),
    );
  }

  #over(key: string): void {
    if (this.#flush(key)) this.#wait(key);
    else {
      this.#windows.delete(key);
      this.#cancels.delete(key);
    }
  }

  /** False when there was nothing to write. */
  #flush(key: string): boolean {
    const window = this.#windows.get(key);
    if (window === undefined || window.count === 0) return false;
    const { stream, kind, count, message } = window;
    const more = count > 1 ? `${message}, and ${count - 1} more in the last second` : message;
    if (key === '') this.#log.warn({ kind: 'various' }, more);
    else this.#log.warn({ stream, kind, count }, more);
    window.count = 0;
    return true;
  }
}
