import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Subject } from 'rxjs';
import { defaultServerConfig, type ServerConfig } from '../../config/server/server-config.js';
import { createHttpApp } from '../../server/http/app.js';
import type { HttpAppOptions } from '../../server/http/http-app-options.js';
import type { StreamEvent, StreamRegistry, StreamView } from '../../server/http/stream-registry.js';

/** A stream as the API shows it. */
export const cam: StreamView = {
  name: 'cam1',
  path: 'live/cam1',
  kind: 'published',
  state: 'running',
  words: ['runs', 'colorize runs on 1 of 3 frames'],
  pid: 7,
  graph: 'colorize',
  options: { colorize: { strength: 1, tint: null } },
  ageMs: 61_000,
  restarts: 2,
  lastFailure: 'it hung',
  rssBytes: 1000,
  players: 3,
  outputs: [
    {
      kind: 'hls',
      url: 'http://localhost:8080/hls/cam1/index.m3u8',
      state: 'open',
      bytesOut: 5,
      packetsDropped: 1,
      reconnects: 0,
      trouble: null,
    },
  ],
  figures: [],
  metrics: { input: { framesIn: 3 } },
};

/** What {@link serveHttp} may be told. */
export interface ServeHttpOptions extends Omit<Partial<HttpAppOptions>, 'streams' | 'config'> {
  readonly token?: string | null;
  readonly allowOrigin?: string | null;
  readonly trustProxy?: ServerConfig['http']['trustProxy'];
  readonly limits?: Partial<ServerConfig['limits']>;
  readonly metrics?: Partial<ServerConfig['metrics']>;
  readonly level?: ServerConfig['log']['level'];
  readonly streams?: Partial<StreamRegistry>;
}

/** The HTTP app over a registry with one stream, `cam1`. */
export interface ServedHttp {
  readonly app: FastifyInstance;
  /** Of the log. */
  readonly lines: string[];
  /** What sources were asked for. */
  readonly started: unknown[];
  /** What options were asked for. */
  readonly changed: unknown[];
  readonly events: Subject<StreamEvent>;
  /** Listens on a free port of this machine; gives it. */
  listen(): Promise<number>;
}

/** Makes an app; the caller closes it. */
export async function serveHttp(options: ServeHttpOptions = {}): Promise<ServedHttp> {
  const {
    token = null,
    allowOrigin = null,
    trustProxy = [],
    limits,
    metrics,
    level = 'info',
    streams,
    ...rest
  } = options;
  const events = new Subject<StreamEvent>();
  const [lines, started, changed]: [string[], unknown[], unknown[]] = [[], [], []];
  const registry: StreamRegistry = {
    list: () => [cam],
    startSource: async (request) => {
      started.push(request);
      return { ...cam, name: request.name };
    },
    stopSource: async (name) => name === 'cam1',
    setOptions: async (name, texts) => {
      changed.push([name, texts]);
      return name === 'cam1';
    },
    snapshot: async () => new Uint8Array([255, 216]),
    hls: () => undefined,
    refusesViewer: async () => undefined,
    events,
    ready: () => true,
    ...streams,
  };
  const defaults = defaultServerConfig();
  const app = await createHttpApp({
    streams: registry,
    config: {
      ...defaults,
      http: { ...defaults.http, token, allowOrigin, trustProxy },
      limits: { ...defaults.limits, ...limits },
      metrics: { ...defaults.metrics, ...metrics },
      log: { level },
    },
    resolve: async () => ['93.184.215.14'],
    logTo: { write: (line) => lines.push(line) },
    ...rest,
  });
  const listen = async (): Promise<number> => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    return (app.server.address() as AddressInfo).port;
  };
  return { app, lines, started, changed, events, listen };
}
