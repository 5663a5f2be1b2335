/** Fewer bytes than this in the whole time is no progress: a server may drip for ever. */
const LEAST_BYTES = 1024;

/** Fires once a transfer brings less than a kilobyte in `timeoutMs`. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #controller = new AbortController();
  #bytes = 0;

  constructor(timeoutMs: number) {
    this.#timer = setInterval(() => {
      if (this.#bytes < LEAST_BYTES) this.#controller.abort();
      this.#bytes = 0;
    }, timeoutMs);
  }

  /** Fires when the transfer stands still. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Bytes have come. */
  arrived(bytes: number): void {
    this.#bytes += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
