import type { Observable } from 'rxjs';
import type { StreamProcessState } from '../stream-process.js';

/** A stream as the API shows it. Plain JSON, without secrets. */
export interface StreamView {
  readonly name: string;
  readonly state: StreamProcessState;
  /** What it does, for people. */
  readonly words: string;
  readonly pid: number | null;
  readonly graph: string;
  readonly restarts: number;
  readonly lastFailure: string | null;
  readonly rssBytes: number | null;
  /** What the stream itself counts. */
  readonly metrics: unknown;
}

/** Something that happened to a stream. */
export interface StreamEvent {
  /** `state`, `log`, or the kind of metadata. */
  readonly type: string;
  readonly stream: string;
  /** Plain JSON. */
  readonly data: unknown;
}

/** A stream that a caller wants to be fetched. Its URL has been checked. */
export interface SourceRequest {
  readonly name: string;
  readonly url: string;
  readonly graph: string;
}

/** What the HTTP API needs of the server; whoever has streams implements it. */
export interface StreamRegistry {
  list(): readonly StreamView[];
  /** @throws VitascopeError `STREAM_LIMIT`, `STREAM_EXISTS`, `GRAPH_NOT_FOUND`. */
  startSource(request: SourceRequest): Promise<StreamView>;
  /** False when no fetched stream has this name; published ones are not ended this way. */
  stopSource(name: string): Promise<boolean>;
  /** A JPEG of the last picture; nothing while there is none. */
  snapshot(name: string): Promise<Uint8Array | undefined>;
  readonly events: Observable<StreamEvent>;
  /** True once the server takes streams, and until it drains. */
  ready(): boolean;
}
