import type { Observable } from 'rxjs';
import type { HlsStream } from '../../streams/hls/hls-stream.js';
import type { StreamFigure } from '../stream-figure.js';
import type { StreamProcessState } from '../stream-process.js';

/** Where a stream can be watched, or goes. */
export interface StreamOutputView {
  readonly kind: 'rtmp' | 'http-flv' | 'hls' | 'push' | 'record';
  /** What viewers open, without keys; for `push` and `record` the output's name, without secrets. */
  readonly url: string;
  readonly state: string;
  readonly bytesOut: number;
  readonly packetsDropped: number;
  readonly reconnects: number;
  readonly trouble: string | null;
}

/** A stream as the API shows it. Plain JSON, without secrets. */
export interface StreamView {
  readonly name: string;
  /** What publishers publish to, such as `live/cam1`; nothing for streams that are fetched. */
  readonly path: string | null;
  readonly kind: 'published' | 'fetched';
  readonly state: StreamProcessState;
  /** What it does, for people: `runs`, `colorize runs on 1 of 3 frames`, `the publisher is away`, … */
  readonly words: readonly string[];
  readonly pid: number | null;
  readonly graph: string;
  /** Options of the graph's nodes: `{ colorize: { strength: 1, … } }`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Milliseconds since it began. */
  readonly ageMs: number;
  readonly restarts: number;
  readonly lastFailure: string | null;
  readonly rssBytes: number | null;
  /** Viewers of RTMP, HTTP-FLV and WS-FLV. */
  readonly players: number;
  readonly outputs: readonly StreamOutputView[];
  /** What operators count by themselves, such as people. Counts go on when its process is started anew. */
  readonly figures: readonly StreamFigure[];
  /** `LiveStreamMetrics` of its process, or nothing before the first. */
  readonly metrics: unknown;
}

/** Something that happened to a stream. */
export interface StreamEvent {
  /** `state`, `log`, or `metadata`. */
  readonly type: string;
  readonly stream: string;
  /** Plain JSON. Of `metadata`: `{ ptsUs, … }`, what operators found in one picture. */
  readonly data: unknown;
}

/** A stream that a caller wants to be fetched. Its URL has been checked. */
export interface SourceRequest {
  readonly name: string;
  readonly url: string;
  /** What RTSP runs over. */
  readonly transport: 'tcp' | 'udp';
  /** Whether the certificate of the other side must be valid. */
  readonly tlsVerify: boolean;
  readonly graph: string;
  /** `node.option=value`. */
  readonly options: readonly string[];
}

/** Why a viewer is not let in. */
export interface ViewerRefusal {
  readonly status: 403 | 404 | 429;
  readonly reason: string;
  /** Seconds, whole; with 429. */
  readonly retryAfterS?: number | undefined;
}

/** What the HTTP API needs of the server; whoever has streams implements it. */
export interface StreamRegistry {
  list(): readonly StreamView[];
  /** @throws VitascopeError `STREAM_LIMIT`, `STREAM_EXISTS`, `GRAPH_NOT_FOUND`, `OPTION_INVALID`. */
  startSource(request: SourceRequest): Promise<StreamView>;
  /** False when no fetched stream has this name; published ones are not ended this way. */
  stopSource(name: string): Promise<boolean>;
  /**
   * Changes options of a stream's graph while it runs; they hold until the stream ends. False when there is no such stream.
   *
   * @param options `node.option=value`.
   * @throws VitascopeError `OPTION_INVALID`.
   */
  setOptions(name: string, options: readonly string[]): Promise<boolean>;
  /** A JPEG of the last key picture; nothing while there is none. @param height Rows; default those of the stream. */
  snapshot(name: string, height?: number): Promise<Uint8Array | undefined>;
  /** HLS of a stream, also for a while after it has ended; nothing where there is none. */
  hls(name: string): HlsStream | undefined;
  /** Why a viewer is not let in; nothing when it may watch. The time of the answer does not depend on the key. 429: its address was refused too often. */
  refusesViewer(name: string, query: Readonly<Record<string, string>>, ip: string): Promise<ViewerRefusal | undefined>;
  readonly events: Observable<StreamEvent>;
  /** True once the server takes streams, and until it drains. */
  ready(): boolean;
}
