import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from '../config/server/server-config.js';
import type { ProviderWish } from '../models/providers/provider.js';
import { VitascopeError } from '../pipeline/errors.js';
import { RtmpServer, type RtmpServerEvent } from '../streams/rtmp-server/index.js';
import { Access, PROCESSED, withoutProcessed } from './access.js';
import { addressesOf, localHost, type ViewerAddresses } from './addresses.js';
import { restartNeeded, rtmpLimitsOf } from './apply-config.js';
import { systemClock } from './clock.js';
import { createHttpApp } from './http/app.js';
import type { StreamRegistry } from './http/stream-registry.js';
import { HubRegistry } from './hub-registry.js';
import { createLog, type Logger } from './log.js';
import { StreamHub } from './stream-hub.js';
import { StreamLog } from './stream-log.js';

/** What a media server is made of. */
export interface MediaServerOptions {
  readonly config: ServerConfig;
  /** Who computes the models. Default `auto`. */
  readonly provider?: ProviderWish | undefined;
  /** Default: one made from the configuration, to standard error. */
  readonly log?: Logger | undefined;
  /** The module that runs in the process of a stream. @internal */
  readonly entry?: string | undefined;
}

/** The ports that a server listens on. */
export interface MediaServerPorts {
  readonly rtmp: number;
  readonly rtmps: number | undefined;
  readonly http: number;
}

interface Parts {
  readonly hub: StreamHub;
  readonly streams: StreamRegistry;
  readonly rtmp: RtmpServer;
  readonly http: FastifyInstance;
  readonly log: Logger;
  readonly lines: StreamLog;
}

/** Last answers to viewers, such as the end of a playlist, have so long to leave. */
const LAST_ANSWERS_MS = 500;

/**
 * The live server: RTMP in, each stream through its graph in a process of its own, RTMP, HTTP-FLV, WS-FLV and HLS out, and the HTTP API.
 *
 * @example
 * const server = await MediaServer.start({ config: defaultServerConfig() });
 * process.once('SIGTERM', () => void server.close());
 */
export class MediaServer {
  /** Streams, as the HTTP API has them. */
  readonly streams: StreamRegistry;
  readonly #hub: StreamHub;
  readonly #rtmp: RtmpServer;
  readonly #http: FastifyInstance;
  readonly #log: Logger;
  readonly #lines: StreamLog;
  /** Changed in place, as all parts look at it. */
  readonly #config: ServerConfig;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts, config: ServerConfig) {
    this.streams = parts.streams;
    this.#hub = parts.hub;
    this.#rtmp = parts.rtmp;
    this.#http = parts.http;
    this.#log = parts.log;
    this.#lines = parts.lines;
    this.#config = config;
  }

  /**
   * Listens, and starts what the configuration wants fetched. When it fails, nothing is left open.
   *
   * @throws VitascopeError `LISTEN_FAILED`, `CONFIG_INVALID` (certificates), and what `loadGraph` throws.
   */
  static async start(options: MediaServerOptions): Promise<MediaServer> {
    const config = { ...options.config };
    const log = options.log ?? createLog(config);
    const lines = new StreamLog(log, systemClock);
    const secret = randomBytes(32).toString('hex');
    const access: Access = new Access({
      config: () => config,
      playOf: (path) => hub.playOf(path),
      refusesPublish: (path) => hub.refusesPublish(path),
      secret,
      now: Date.now,
    });
    const rtmp = await startRtmp(config, access);
    const hub: StreamHub = new StreamHub({
      config,
      entry: options.entry ?? defaultEntry(),
      internalUrl: (path) => `rtmp://${localHost(config.rtmp.host)}:${rtmp.ports.rtmp}/${path}?internal=${secret}`,
      hangUp: (path, reason) =>
        void rtmp.disconnect(({ action, path: own }) => action === 'publish' && own === path, reason),
      isPublished: (path) => rtmp.sessions().some(({ action, path: own }) => action === 'publish' && own === path),
      provider: options.provider ?? 'auto',
      log: (level, stream, message) => lines.say(level, stream, message),
    });
    rtmp.events.subscribe((event) => hear(event, hub, lines));
    let http: FastifyInstance | undefined;
    const registry = new HubRegistry(hub, {
      access,
      sessions: () => rtmp.sessions(),
      addresses: () => addressesOf(config, { rtmp: rtmp.ports.rtmp, http: portOf(http) }),
      allowFileOptions: () => config.http.allowFileOptions,
    });
    try {
      http = await createHttpApp({
        streams: registry,
        config,
        media: rtmp,
        rtmp: () => rtmp.metrics(),
        tls: await pem(config.http.tls),
        log,
      });
      await listen(http, config.http);
      await hub.open();
    } catch (error) {
      await Promise.all([hub.close(), http?.close(), rtmp.stop()]);
      throw error;
    }
    return new MediaServer({ hub, streams: registry, rtmp, http, log, lines }, config);
  }

  get ports(): MediaServerPorts {
    const { rtmp, rtmps } = this.#rtmp.ports;
    return { rtmp, rtmps, http: portOf(this.#http) };
  }

  /** Where viewers find streams, without the path. */
  get addresses(): ViewerAddresses {
    return addressesOf(this.#config, this.ports);
  }

  /**
   * Goes over to another configuration: streams that it does not concern go on. Addresses, ports and rates of requests stay as they are until the next start.
   *
   * @returns what applies only after a restart, in words.
   * @throws VitascopeError when a graph or a certificate cannot be loaded; everything stays as it was then.
   */
  async reload(config: ServerConfig): Promise<readonly string[]> {
    const certificate = await pem(config.rtmp.tls);
    await pem(config.http.tls);
    const later = restartNeeded(this.#config, config);
    await this.#hub.apply(config);
    if (certificate !== undefined && this.#rtmp.ports.rtmps !== undefined) this.#rtmp.setCertificate(certificate);
    this.#rtmp.setLimits(rtmpLimitsOf(config));
    const { rtmp, http } = this.#config;
    Object.assign(this.#config, config, {
      rtmp: { ...config.rtmp, host: rtmp.host, port: rtmp.port, tls: rtmp.tls },
      http: { ...config.http, host: http.host, port: http.port, tls: http.tls },
    });
    this.#http.server.maxConnections = config.limits.httpConnections;
    return later;
  }

  /** Takes no more streams, ends those that run in good order, and closes everything. Calling it again waits for the same. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#hub.close();
    await new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS_MS));
    await Promise.all([this.#http.close(), this.#rtmp.stop()]);
    this.#lines.close();
    this.#log.flush?.();
  }
}

async function startRtmp(config: ServerConfig, access: Access): Promise<RtmpServer> {
  const { host, port, tls } = config.rtmp;
  const certificate = await pem(tls);
  return await RtmpServer.start({
    host,
    rtmpPort: port,
    ...(tls === null || certificate === undefined ? {} : { rtmps: { port: tls.port, ...certificate } }),
    authorize: (request) => access.authorize(request),
    limits: rtmpLimitsOf(config),
  });
}

function hear(event: RtmpServerEvent, hub: StreamHub, lines: StreamLog): void {
  if (event.kind === 'refused') {
    const { ip, protocol, action = 'connect', path = '', reason } = event;
    const what = path === '' ? action : `${action} ${path}`;
    lines.say(
      'warn',
      hub.nameOf(withoutProcessed(path)) ?? path,
      `${protocol} client ${ip} may not ${what}: ${reason}`,
    );
    return;
  }
  const { path, ip, protocol } = event.session;
  if (path.endsWith(PROCESSED)) return;
  const stream = hub.nameOf(path) ?? path;
  if (event.kind === 'publish-start') {
    lines.say('info', stream, `${ip} publishes ${path} by ${protocol}`);
    hub.published(path);
  }
  if (event.kind === 'publish-stop') {
    lines.say('info', stream, `${ip} publishes ${path} no more: ${event.reason}`);
    hub.unpublished(path);
  }
}

async function listen(http: FastifyInstance, { host, port }: ServerConfig['http']): Promise<void> {
  try {
    await http.listen({ host, port });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VitascopeError('LISTEN_FAILED', `HTTP: cannot listen on ${host}:${port}: ${why}`, {
      context: { host, port },
      cause,
    });
  }
}

/** @throws VitascopeError `CONFIG_INVALID`. */
async function pem(
  tls: { readonly certFile: string; readonly keyFile: string } | null,
): Promise<{ cert: string; key: string } | undefined> {
  if (tls === null) return undefined;
  try {
    const [cert, key] = await Promise.all([readFile(tls.certFile, 'utf8'), readFile(tls.keyFile, 'utf8')]);
    return { cert, key };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VitascopeError('CONFIG_INVALID', `the certificate or its key cannot be read: ${why}`, { cause });
  }
}

function portOf(http: FastifyInstance | undefined): number {
  return (http?.server.address() as AddressInfo | null)?.port ?? 0;
}

function defaultEntry(): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = fromSource ? './stream/stream-entry-from-source.mjs' : './stream/stream-entry.js';
  return fileURLToPath(new URL(entry, import.meta.url));
}
