import type { AccessConfig } from '../config/server/stream-settings.js';
import type { HlsStream } from '../streams/hls/hls-stream.js';
import type { Clock } from './clock.js';

/** HLS of a stream that has ended. */
export interface EndedStream {
  readonly hls: HlsStream;
  readonly path: string;
  readonly play: AccessConfig;
}

/** For how long it can be watched to its end. */
const KEPT_MS = 60_000;

/** Streams that have ended a moment ago: whoever watches by HLS is some seconds behind. */
export class EndedStreams {
  readonly #clock: Clock;
  readonly #streams = new Map<string, EndedStream & { readonly cancel: () => void }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(name: string, stream: EndedStream): void {
    this.forget(name);
    const cancel = this.#clock.after(KEPT_MS, () => this.#streams.delete(name));
    this.#streams.set(name, { ...stream, cancel });
  }

  get(name: string): EndedStream | undefined {
    return this.#streams.get(name);
  }

  atPath(path: string): EndedStream | undefined {
    return [...this.#streams.values()].find((stream) => stream.path === path);
  }

  /** A stream of this name begins, or the server ends. */
  forget(name: string): void {
    this.#streams.get(name)?.cancel();
    this.#streams.delete(name);
  }

  close(): void {
    for (const name of [...this.#streams.keys()]) this.forget(name);
  }
}
