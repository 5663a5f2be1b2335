import { sourceSchema } from '../config/server/stream-settings.js';
import { setOptions } from '../config/set-options.js';
import { hasCode } from '../pipeline/errors.js';
import type { HlsStream } from '../streams/hls/hls-stream.js';
import type { SessionInfo } from '../streams/rtmp-server/session-info.js';
import type { Access } from './access.js';
import type { ViewerAddresses } from './addresses.js';
import type { SourceRequest, StreamRegistry, StreamView, ViewerRefusal } from './http/stream-registry.js';
import { type HubStream, viewOf } from './hub-stream.js';
import type { StreamHub } from './stream-hub.js';
import { prepareGraph } from './stream-plan.js';

/** What the registry needs besides the hub. */
export interface HubRegistryOptions {
  readonly access: Access;
  /** Who publishes and plays. */
  readonly sessions: () => readonly SessionInfo[];
  readonly addresses: () => ViewerAddresses;
  /** Whether options that callers set may name files of this machine. */
  readonly allowFileOptions: () => boolean;
}

/** The streams of a hub as the HTTP API has them. */
export class HubRegistry implements StreamRegistry {
  readonly #hub: StreamHub;
  readonly #options: HubRegistryOptions;

  constructor(hub: StreamHub, options: HubRegistryOptions) {
    this.#hub = hub;
    this.#options = options;
  }

  get events(): StreamRegistry['events'] {
    return this.#hub.events;
  }

  list(): readonly StreamView[] {
    const sessions = this.#options.sessions();
    return [...this.#hub.streams.values()].map((stream) => this.#view(stream, sessions));
  }

  async startSource(request: SourceRequest): Promise<StreamView> {
    const { name, url, transport, tlsVerify, graph, options } = request;
    const source = sourceSchema.parse({ name, url, transport, tlsVerify, graph, options });
    const prepared = await prepareGraph(source, { confined: this.#confined });
    return this.#view(this.#hub.startSource(source, prepared, false), []);
  }

  async stopSource(name: string): Promise<boolean> {
    if (this.#hub.streams.get(name)?.kind !== 'fetched') return false;
    await this.#hub.end(name);
    return true;
  }

  async setOptions(name: string, options: readonly string[]): Promise<boolean> {
    const stream = this.#hub.streams.get(name);
    if (stream === undefined) return false;
    const graph = setOptions(stream.graph, options, { confined: this.#confined });
    const all = [...stream.settings.options, ...options];
    try {
      await this.#hub.supervisor.ask(name, { ask: 'options', options: all });
    } catch (error) {
      // Between two processes: the next one begins with them.
      if (!hasCode(error, 'ABORTED')) throw error;
    }
    this.#hub.change(stream, graph, { ...stream.settings, options: all });
    return true;
  }

  async snapshot(name: string, height?: number): Promise<Uint8Array | undefined> {
    try {
      const jpeg = await this.#hub.supervisor.ask(name, { ask: 'snapshot', height });
      return jpeg instanceof Uint8Array ? jpeg : undefined;
    } catch (error) {
      if (hasCode(error, 'ABORTED')) return undefined;
      throw error;
    }
  }

  hls(name: string): HlsStream | undefined {
    return this.#hub.streams.get(name)?.hls ?? this.#hub.ended.get(name)?.hls;
  }

  async refusesViewer(
    name: string,
    query: Readonly<Record<string, string>>,
    ip: string,
  ): Promise<ViewerRefusal | undefined> {
    const path = this.#hub.streams.get(name)?.path ?? this.#hub.ended.get(name)?.path;
    if (path === undefined) return { status: 404, reason: `there is no stream ${name}` };
    const { access } = this.#options;
    const answer = await access.authorize({ action: 'play', path, query, ip, protocol: 'http-flv' });
    if (answer.ok) return undefined;
    const { reason, retryAfterS } = answer;
    return { status: retryAfterS === undefined ? 403 : 429, reason, retryAfterS };
  }

  ready(): boolean {
    return this.#hub.ready;
  }

  get #confined(): boolean {
    return !this.#options.allowFileOptions();
  }

  #view(stream: HubStream, sessions: readonly SessionInfo[]): StreamView {
    const status = this.#hub.supervisor.status(stream.name);
    return viewOf(stream, status, sessions, this.#options.addresses(), this.#hub.nowMs);
  }
}
