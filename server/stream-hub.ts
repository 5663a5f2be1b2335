import { Subject } from 'rxjs';
import { diffServerConfig } from '../config/server/diff-config.js';
import { matchRoute } from '../config/server/match-route.js';
import type { ServerConfig } from '../config/server/server-config.js';
import type { AccessConfig, SourceConfig } from '../config/server/stream-settings.js';
import type { ProviderWish } from '../models/providers/provider.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { FETCHED_APP, PROCESSED } from './access.js';
import { type Clock, systemClock } from './clock.js';
import { EndedStreams } from './ended-streams.js';
import type { StreamEvent } from './http/stream-registry.js';
import type { HubStream } from './hub-stream.js';
import type { StreamSettings } from './stream/settings.js';
import { streamOutputs } from './stream-outputs.js';
import { type Processing, prepareGraphs, type StreamOrigin, sourceInput, streamSettings } from './stream-plan.js';
import type { StreamProcessStatus } from './stream-process.js';
import { isStreamMedia } from './stream-protocol.js';
import { Supervisor } from './supervisor.js';

/** What the hub needs of the server around it. */
export interface StreamHubOptions {
  readonly config: ServerConfig;
  /** The module that runs in the process of a stream. */
  readonly entry: string;
  /** For a path of the own RTMP server, a URL that lets its own processes in. */
  readonly internalUrl: (path: string) => string;
  /** Closes the connection of whoever publishes to the path. */
  readonly hangUp: (path: string, reason: string) => void;
  /** True while somebody publishes to the path. */
  readonly isPublished: (path: string) => boolean;
  readonly provider: ProviderWish;
  readonly log: (level: string, stream: string, message: string) => void;
  readonly clock?: Clock | undefined;
}

/** A publisher's process waits longer than its stream does. */
const STALL_MARGIN_MS = 30_000;
/** A source that sends nothing for so long is connected to anew. */
const SOURCE_STALL_MS = 10_000;

/** All streams of a server: what is published and what is fetched, each with its process, its outputs and its end. */
export class StreamHub {
  readonly events = new Subject<StreamEvent>();
  readonly supervisor: Supervisor;
  readonly ended: EndedStreams;
  readonly #options: StreamHubOptions;
  readonly #clock: Clock;
  readonly #streams = new Map<string, HubStream>();
  #graphs: ReadonlyMap<Processing, Graph> = new Map();
  #config: ServerConfig;
  #ready = false;

  constructor(options: StreamHubOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#clock = options.clock ?? systemClock;
    this.ended = new EndedStreams(this.#clock);
    const { supervisor, limits } = options.config;
    this.supervisor = new Supervisor({
      ...supervisor,
      entry: options.entry,
      streams: limits.streams,
      memoryMb: limits.memoryMb,
      clock: this.#clock,
      onChange: (status) => this.#changed(status),
      onLog: (name, level, message) => {
        options.log(level, name, message);
        this.events.next({ type: 'log', stream: name, data: { level, message } });
      },
      onMessage: (name, message) => {
        const hosted = this.#streams.get(name)?.hosted;
        if (isStreamMedia(message)) hosted?.receive(message);
        else if (message.type === 'metadata' && hosted !== undefined) {
          const data = { ptsUs: hosted.placeUs(message.ptsUs), ...message.meta };
          this.events.next({ type: 'metadata', stream: name, data });
        }
      },
    });
  }

  get streams(): ReadonlyMap<string, HubStream> {
    return this.#streams;
  }

  /** True once it takes streams, and until it drains. */
  get ready(): boolean {
    return this.#ready;
  }

  /** The hub's clock, milliseconds. */
  get nowMs(): number {
    return this.#clock.now();
  }

  /** Loads the graphs that the configuration names, and starts its sources. @throws VitascopeError as `loadGraph` and `setOptions` do. */
  async open(): Promise<void> {
    this.#graphs = await prepareGraphs(this.#config);
    this.#ready = true;
    for (const source of this.#config.sources) this.#attempt(source.name, () => this.#startConfigured(source));
  }

  /**
   * Goes over to another configuration: streams that it does not concern go on, others end or begin anew. Addresses and limits of listeners stay.
   *
   * @throws VitascopeError when a graph cannot be loaded; everything stays as it was then.
   */
  async apply(config: ServerConfig): Promise<void> {
    const graphs = await prepareGraphs(config);
    const running = [...this.#streams.values()].map(({ name, path, kind }) =>
      kind === 'published' ? { name, path } : { name },
    );
    const change = diffServerConfig(this.#config, config, running);
    this.#config = config;
    this.#graphs = graphs;
    const again = change.restart.map((name) => this.#streams.get(name)).filter((stream) => stream !== undefined);
    const gone = change.stop.map((name) => this.#streams.get(name)?.path);
    await Promise.all([...change.stop, ...change.restart].map((name) => this.end(name)));
    for (const path of gone) if (path !== undefined) this.#options.hangUp(path, 'its route is gone');
    for (const { kind, path, name } of again) {
      const source = config.sources.find((each) => each.name === name);
      if (kind === 'published' && this.#options.isPublished(path)) this.published(path);
      if (kind === 'fetched' && source !== undefined) this.#attempt(name, () => this.#startConfigured(source));
    }
    for (const source of change.start) this.#attempt(source.name, () => this.#startConfigured(source));
  }

  /** Somebody has begun to publish; the stream begins, or goes on. */
  published(path: string): void {
    const known = this.#byPath(path);
    if (known !== undefined) {
      known.cancelAway();
      known.awaySinceMs = undefined;
      this.#tell(known);
      return;
    }
    const match = matchRoute(this.#config.routes, path);
    if (match === undefined) return;
    const { route, name } = match;
    const { awayMs } = this.#config.supervisor;
    const input = this.#options.internalUrl(path);
    const origin = { name, input, own: true, stallMs: awayMs + STALL_MARGIN_MS, transport: 'tcp' } as const;
    const begun = this.#attempt(name, () =>
      this.#begin(origin, { path, kind: 'published' }, route, this.#graphOf(route)),
    );
    if (!begun) this.#options.hangUp(path, 'its stream cannot be started');
  }

  /** The publisher has gone; the stream waits for it a while. */
  unpublished(path: string): void {
    const stream = this.#byPath(path);
    if (stream === undefined || stream.ending !== undefined) return;
    stream.cancelAway();
    stream.awaySinceMs = this.#clock.now();
    const { awayMs } = this.#config.supervisor;
    stream.cancelAway = this.#clock.after(awayMs, () => void this.end(stream.name));
    this.#tell(stream);
  }

  /** Why nobody can publish there now. */
  refusesPublish(path: string): string | undefined {
    const match = matchRoute(this.#config.routes, path);
    if (match === undefined) return 'there is no route for it';
    if (!this.#ready) return 'the server is ending';
    const other = this.#streams.get(match.name);
    if (other?.path === path && other.kind === 'published') {
      return other.ending === undefined ? undefined : `the stream ${match.name} is ending: try again`;
    }
    if (other !== undefined) return `the name ${match.name} belongs to another stream`;
    const { streams } = this.#config.limits;
    return this.supervisor.full ? `${streams} streams run, which is as many as this server takes` : undefined;
  }

  /** What the stream of a path is called, or would be if it ran; nothing where nothing is for the path. */
  nameOf(path: string): string | undefined {
    return this.#byPath(path)?.name ?? matchRoute(this.#config.routes, path)?.name;
  }

  /** Who may watch the stream of a path, as the configuration has it now; nothing where none runs. */
  playOf(path: string): AccessConfig | undefined {
    const stream = this.#byPath(path) ?? this.ended.atPath(path);
    if (stream === undefined) return undefined;
    const { routes, sources } = this.#config;
    const name = path.slice(path.indexOf('/') + 1);
    const now = sources.find((source) => source.name === name) ?? matchRoute(routes, path)?.route;
    return now?.play ?? stream.play;
  }

  /**
   * Fetches a stream.
   *
   * @param trusted The owner of the server named its URL, not a caller of the API.
   * @throws VitascopeError `STREAM_LIMIT`, `STREAM_EXISTS`, `ABORTED`.
   */
  startSource(source: SourceConfig, graph: Graph, trusted: boolean): HubStream {
    const { name, transport, tlsVerify, caFile } = source;
    const input = sourceInput(source);
    const origin = { name, input, own: false, trusted, stallMs: SOURCE_STALL_MS, transport, tlsVerify, caFile };
    return this.#begin(origin, { path: `${FETCHED_APP}/${name}`, kind: 'fetched' }, source, graph);
  }

  /** Notes other options of a stream: what its process is given when it begins anew. */
  change(stream: HubStream, graph: Graph, settings: StreamSettings): void {
    stream.graph = graph;
    stream.settings = settings;
    this.supervisor.changeSettings(stream.name, settings);
    this.#tell(stream);
  }

  /** Ends a stream in good order. */
  async end(name: string): Promise<void> {
    const stream = this.#streams.get(name);
    if (stream === undefined) return;
    if (this.supervisor.status(name) === undefined) stream.ending ??= this.#finish(stream);
    else stream.ending ??= this.supervisor.stop(name).then(() => this.#finish(stream));
    await stream.ending;
  }

  /** Ends all streams; takes none any more. */
  async close(): Promise<void> {
    this.#ready = false;
    await Promise.all([...this.#streams.keys()].map((name) => this.end(name)));
    await this.supervisor.close();
    this.ended.close();
    this.events.complete();
  }

  #startConfigured(source: SourceConfig): void {
    this.startSource(source, this.#graphOf(source), true);
  }

  #begin(
    origin: StreamOrigin,
    where: Pick<HubStream, 'path' | 'kind'>,
    processing: Processing,
    graph: Graph,
  ): HubStream {
    const { name } = origin;
    const { internalUrl, provider, log } = this.#options;
    const settings = streamSettings(origin, processing, graph, this.#config, provider);
    this.supervisor.start(name, settings);
    this.ended.forget(name);
    const stream: HubStream = {
      ...where,
      ...streamOutputs({
        settings,
        config: this.#config,
        rtmp: [internalUrl(where.path + PROCESSED), ...processing.outputs.rtmp],
        hls: processing.outputs.hls.enabled,
        copies: graph.video === 'copy',
        clock: this.#clock,
        askKeyFrame: () => void this.supervisor.ask(name, { ask: 'key-frame' }).catch(() => undefined),
        onTrouble: (level, message) => log(level, name, message),
      }),
      name,
      play: processing.play,
      startedAtMs: this.#clock.now(),
      graph,
      settings,
      awaySinceMs: undefined,
      cancelAway: () => undefined,
      ending: undefined,
    };
    this.#streams.set(name, stream);
    this.#tell(stream);
    return stream;
  }

  /** The state of a process has changed. */
  #changed(status: StreamProcessStatus): void {
    const stream = this.#streams.get(status.name);
    if (stream === undefined) return;
    if (status.state === 'waiting') {
      stream.hosted.interrupt();
      this.#options.log('warn', status.name, `its process is started anew: ${status.lastFailure}`);
    }
    this.#tell(stream, status);
    if (status.state === 'ended') stream.ending ??= this.#finish(stream);
  }

  /** Its process is gone: outputs end. */
  async #finish(stream: HubStream): Promise<void> {
    const { name, path, play, hls } = stream;
    stream.cancelAway();
    await stream.hosted.close();
    await hls?.close();
    this.#streams.delete(name);
    this.events.next({ type: 'state', stream: name, data: { state: 'ended', words: 'has ended' } });
    if (hls !== undefined && this.#ready) this.ended.add(name, { hls, path, play });
  }

  #tell({ name }: HubStream, status = this.supervisor.status(name)): void {
    const data = { state: status?.state ?? 'ended', words: status?.words ?? '' };
    this.events.next({ type: 'state', stream: name, data });
  }

  /** Starts a stream that nobody waits for the answer of; false when that fails. */
  #attempt(name: string, start: () => void): boolean {
    try {
      start();
      return true;
    } catch (error) {
      this.#options.log('error', name, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #byPath(path: string): HubStream | undefined {
    return [...this.#streams.values()].find((stream) => stream.path === path);
  }

  #graphOf(processing: Processing): Graph {
    return this.#graphs.get(processing) as Graph;
  }
}
