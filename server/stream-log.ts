import type { Clock } from './clock.js';
import { hideUrls, type Logger } from './log.js';
import { WarningThrottle } from './warning-throttle.js';

/** What is said of streams, a line each; warnings are gathered so that there is at most one a second of each stream. Nothing in it is secret. */
export class StreamLog {
  readonly #log: Logger;
  readonly #warnings: WarningThrottle;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#warnings = new WarningThrottle(log, clock);
  }

  /** @param level `debug`, `info`, `warn` or `error`; anything else counts as `info`. */
  say(level: string, stream: string, message: string): void {
    const text = hideUrls(message);
    if (level === 'warn') this.#warnings.warn(stream, 'stream', text);
    else if (level === 'error') this.#log.error({ stream }, text);
    else if (level === 'debug') this.#log.debug({ stream }, text);
    else this.#log.info({ stream }, text);
  }

  /** Writes what has been gathered. */
  close(): void {
    this.#warnings.close();
  }
}
