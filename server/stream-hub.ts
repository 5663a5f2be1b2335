import { Subject } from 'rxjs';
import { loadGraph } from '../config/load-graph.js';
import { diffServerConfig } from '../config/server/diff-config.js';
import { matchRoute } from '../config/server/match-route.js';
import type { ServerConfig } from '../config/server/server-config.js';
import { type AccessConfig, type SourceConfig, sourceSchema } from '../config/server/stream-settings.js';
import { setOptions } from '../config/set-options.js';
import type { ProviderWish } from '../models/providers/provider.js';
import { hasCode, VitascopeError } from '../pipeline/errors.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { HlsOutput } from '../streams/hls/hls-output.js';
import { HlsStream } from '../streams/hls/hls-stream.js';
import type { LiveOutput } from '../streams/live/live-types.js';
import { FlvOutput } from '../streams/live/outputs/flv-output.js';
import type { SessionInfo } from '../streams/rtmp-server/session-info.js';
import { type Access, FETCHED_APP, PROCESSED } from './access.js';
import type { ViewerAddresses } from './addresses.js';
import { type Clock, systemClock } from './clock.js';
import { HostedStream } from './hosted/hosted-stream.js';
import type { SourceRequest, StreamEvent, StreamRegistry, StreamView } from './http/stream-registry.js';
import { type HubStream, viewOf } from './hub-stream.js';
import { type Processing, type StreamOrigin, sourceInput, streamSettings } from './stream-plan.js';
import type { StreamProcessStatus } from './stream-process.js';
import { isStreamMedia } from './stream-protocol.js';
import { Supervisor, type SupervisorOptions } from './supervisor.js';

/** What the hub needs of the server around it. */
export interface StreamHubOptions {
  readonly config: ServerConfig;
  /** The module that runs in the process of a stream. */
  readonly entry: string;
  /** Where the own RTMP server is, with what lets its own processes in: for a path, a URL. */
  readonly internalUrl: (path: string) => string;
  readonly addresses: () => ViewerAddresses;
  readonly access: () => Access;
  readonly sessions: () => readonly SessionInfo[];
  readonly provider: ProviderWish;
  readonly log: (level: string, stream: string, message: string) => void;
  readonly clock?: Clock | undefined;
}

/** For how long HLS of a stream that has ended can be watched to its end. */
const HLS_AFTERWARDS_MS = 60_000;
/** A publisher's process waits longer than its stream does. */
const STALL_MARGIN_MS = 30_000;
/** A source that sends nothing for so long is connected to anew. */
const SOURCE_STALL_MS = 10_000;

/** All streams of a server: what is published and what is fetched, each with its process, its outputs and its end. */
export class StreamHub implements StreamRegistry {
  readonly events = new Subject<StreamEvent>();
  readonly #options: StreamHubOptions;
  readonly #clock: Clock;
  readonly #supervisor: Supervisor;
  readonly #streams = new Map<string, HubStream>();
  readonly #ended = new Map<string, { readonly hls: HlsStream; readonly path: string; readonly forget: () => void }>();
  #graphs: ReadonlyMap<Processing, Graph> = new Map();
  #config: ServerConfig;
  #ready = false;

  constructor(options: StreamHubOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#clock = options.clock ?? systemClock;
    const { supervisor, limits } = options.config;
    const supervised: SupervisorOptions = {
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
        if (isStreamMedia(message)) this.#streams.get(name)?.hosted.receive(message);
        else if (message.type === 'metadata') {
          this.events.next({ type: 'metadata', stream: name, data: { ptsUs: message.ptsUs, ...message.meta } });
        }
      },
    };
    this.#supervisor = new Supervisor(supervised);
  }

  /** Loads the graphs that the configuration names, and starts its sources. @throws VitascopeError as `loadGraph` and `setOptions` do. */
  async open(): Promise<void> {
    this.#graphs = await prepareGraphs(this.#config);
    for (const source of this.#config.sources) this.#startSource(source, this.#graphOf(source));
    this.#ready = true;
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
    await Promise.all([...change.stop, ...change.restart].map((name) => this.end(name)));
    for (const { kind, path, name } of again) {
      const source = config.sources.find((each) => each.name === name);
      if (kind === 'fetched' && source !== undefined)
        this.#attempt(name, () => this.#startSource(source, this.#graphOf(source)));
      else if (this.#isPublished(path)) this.published(path);
    }
    for (const source of change.start) {
      this.#attempt(source.name, () => this.#startSource(source, this.#graphOf(source)));
    }
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
    this.#attempt(name, () => this.#begin(origin, { path, kind: 'published' }, route, this.#graphOf(route)));
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
    return this.#supervisor.full ? `${streams} streams run, which is as many as this server takes` : undefined;
  }

  /** Who may watch the stream of a path; nothing where none runs. */
  playOf(path: string): AccessConfig | undefined {
    const stream = this.#byPath(path);
    if (stream === undefined) return undefined;
    const { name, kind } = stream;
    // As the configuration has it now: keys may have changed since the stream began.
    const now =
      kind === 'published'
        ? matchRoute(this.#config.routes, path)?.route
        : this.#config.sources.find((source) => source.name === name);
    return now?.play ?? stream.play;
  }

  list(): readonly StreamView[] {
    const sessions = this.#options.sessions();
    return [...this.#streams.values()].map((stream) => this.#view(stream, sessions));
  }

  async startSource(request: SourceRequest): Promise<StreamView> {
    const { name, url, graph, options } = request;
    const source = sourceSchema.parse({ name, url, graph, options });
    return this.#startSource(source, await prepareGraph(source));
  }

  async stopSource(name: string): Promise<boolean> {
    if (this.#streams.get(name)?.kind !== 'fetched') return false;
    await this.end(name);
    return true;
  }

  async setOptions(name: string, options: readonly string[]): Promise<boolean> {
    const stream = this.#streams.get(name);
    if (stream === undefined) return false;
    const graph = setOptions(stream.graph, options);
    const all = [...stream.settings.options, ...options];
    try {
      await this.#supervisor.ask(name, { ask: 'options', options: all });
    } catch (error) {
      // Between two processes: the next one begins with them.
      if (!hasCode(error, 'ABORTED')) throw error;
    }
    stream.graph = graph;
    stream.settings = { ...stream.settings, options: all };
    this.#supervisor.changeSettings(name, stream.settings);
    this.#tell(stream);
    return true;
  }

  async snapshot(name: string, height?: number): Promise<Uint8Array | undefined> {
    try {
      const jpeg = await this.#supervisor.ask(name, { ask: 'snapshot', height });
      return jpeg instanceof Uint8Array ? jpeg : undefined;
    } catch (error) {
      if (hasCode(error, 'ABORTED')) return undefined;
      throw error;
    }
  }

  hls(name: string): HlsStream | undefined {
    return this.#streams.get(name)?.hls ?? this.#ended.get(name)?.hls;
  }

  async refusesViewer(
    name: string,
    query: Readonly<Record<string, string>>,
    ip: string,
  ): Promise<{ readonly status: 403 | 404; readonly reason: string } | undefined> {
    const path = this.#streams.get(name)?.path ?? this.#ended.get(name)?.path;
    if (path === undefined) return { status: 404, reason: `there is no stream ${name}` };
    const { internal: _, ...asked } = query;
    const answer = await this.#options
      .access()
      .authorize({ action: 'play', path, query: asked, ip, protocol: 'http-flv' });
    return answer.ok ? undefined : { status: 403, reason: answer.reason };
  }

  ready(): boolean {
    return this.#ready;
  }

  /** Ends a stream in good order. */
  async end(name: string): Promise<void> {
    const stream = this.#streams.get(name);
    if (stream === undefined) return;
    if (this.#supervisor.status(name) === undefined) stream.ending ??= this.#finish(stream);
    else stream.ending ??= this.#supervisor.stop(name).then(() => this.#finish(stream));
    await stream.ending;
  }

  /** Ends all streams; takes none any more. */
  async close(): Promise<void> {
    this.#ready = false;
    await Promise.all([...this.#streams.keys()].map((name) => this.end(name)));
    await this.#supervisor.close();
    for (const { forget } of this.#ended.values()) forget();
    this.events.complete();
  }

  #startSource(source: SourceConfig, graph: Graph): StreamView {
    const { name, transport } = source;
    const origin = { name, input: sourceInput(source), own: false, stallMs: SOURCE_STALL_MS, transport };
    return this.#begin(origin, { path: `${FETCHED_APP}/${name}`, kind: 'fetched' }, source, graph);
  }

  #begin(
    origin: StreamOrigin,
    where: Pick<HubStream, 'path' | 'kind'>,
    processing: Processing,
    graph: Graph,
  ): StreamView {
    const { name } = origin;
    const settings = streamSettings(origin, processing, graph, this.#config, this.#options.provider);
    this.#supervisor.start(name, settings);
    this.#ended.get(name)?.forget();
    const names = settings.renditions.map((rendition) => rendition.name);
    const hls = processing.outputs.hls.enabled
      ? this.#hlsStream(names, settings.encoder.keyFrameSeconds, graph)
      : undefined;
    const { holdPictureMs } = this.#config.supervisor;
    const hosted = new HostedStream({
      renditions: names.map((rendition, i) => ({
        name: rendition,
        outputs: [
          ...(i === 0 ? this.#flvOutputs(where.path, processing, name) : []),
          ...(hls === undefined ? [] : [new HlsOutput({ stream: hls, rendition })]),
        ],
      })),
      clock: this.#clock,
      holdAfterMs: holdPictureMs,
      holdStepMs: this.#config.hls.partMs,
      askKeyFrame: () => void this.#supervisor.ask(name, { ask: 'key-frame' }).catch(() => undefined),
      onFailure: (output, error) => this.#options.log('error', name, `${output}: ${error.message}`),
    });
    const stream: HubStream = {
      ...where,
      name,
      play: processing.play,
      hosted,
      hls,
      startedAtMs: this.#clock.now(),
      graph,
      settings,
      awaySinceMs: undefined,
      cancelAway: () => undefined,
      ending: undefined,
    };
    this.#streams.set(name, stream);
    this.#tell(stream);
    return this.#view(stream, []);
  }

  #flvOutputs(path: string, { outputs }: Processing, name: string): LiveOutput[] {
    return [this.#options.internalUrl(path + PROCESSED), ...outputs.rtmp].map((url) => {
      const output: FlvOutput = new FlvOutput({
        url,
        onTrouble: (error) => this.#options.log('warn', name, `${output.name}: ${error.message}`),
      });
      return output;
    });
  }

  #hlsStream(renditions: readonly string[], keyFrameSeconds: number, graph: Graph): HlsStream {
    const { partMs, segmentMs, windowSegments } = this.#config.hls;
    const segmentUs = segmentMs * 1000;
    const keyUs = keyFrameSeconds * 1e6;
    return new HlsStream({
      partUs: partMs * 1000,
      segmentUs,
      windowUs: windowSegments * segmentUs,
      renditions,
      // The encoder makes key frames where segments end; what is copied has them where its publisher puts them.
      ...(graph.video === 'copy' ? {} : { maxSegmentUs: Math.ceil(segmentUs / keyUs) * keyUs }),
    });
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
    const { name, path, hls } = stream;
    stream.cancelAway();
    await stream.hosted.close();
    await hls?.close();
    this.#streams.delete(name);
    this.events.next({ type: 'state', stream: name, data: { state: 'ended' } });
    if (hls === undefined || !this.#ready) return;
    const cancel = this.#clock.after(HLS_AFTERWARDS_MS, () => this.#ended.delete(name));
    const forget = (): void => {
      cancel();
      this.#ended.delete(name);
    };
    this.#ended.set(name, { hls, path, forget });
  }

  #view(stream: HubStream, sessions: readonly SessionInfo[]): StreamView {
    const status = this.#supervisor.status(stream.name);
    return viewOf(stream, status, sessions, this.#options.addresses(), this.#clock.now());
  }

  #tell({ name }: HubStream, status = this.#supervisor.status(name)): void {
    const data = { state: status?.state ?? 'ended', words: status?.words ?? '' };
    this.events.next({ type: 'state', stream: name, data });
  }

  /** Starts a stream that nobody waits for the answer of. */
  #attempt(name: string, start: () => void): void {
    try {
      start();
    } catch (error) {
      this.#options.log('error', name, error instanceof VitascopeError ? error.message : String(error));
    }
  }

  #byPath(path: string): HubStream | undefined {
    return [...this.#streams.values()].find((stream) => stream.path === path);
  }

  #isPublished(path: string): boolean {
    return this.#options.sessions().some((session) => session.action === 'publish' && session.path === path);
  }

  #graphOf(processing: Processing): Graph {
    return this.#graphs.get(processing) as Graph;
  }
}

async function prepareGraphs({ routes, sources }: ServerConfig): Promise<ReadonlyMap<Processing, Graph>> {
  const all: readonly Processing[] = [...routes, ...sources];
  return new Map(await Promise.all(all.map(async (each) => [each, await prepareGraph(each)] as const)));
}

async function prepareGraph({ graph, options }: Processing): Promise<Graph> {
  return setOptions(await loadGraph(graph), options);
}
