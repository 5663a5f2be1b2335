import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type Observable, Subject } from 'rxjs';
import { VitascopeError } from '../../pipeline/index.js';
import type { Connection } from './connection-host.js';
import { type FlvHost, FlvServer } from './flv-server.js';
import { type RtmpLimits, rtmpLimits } from './limits.js';
import { closed, flvListener, listen, rtmpListener, rtmpsListener } from './listen.js';
import { RtmpConnection } from './rtmp-connection.js';
import type { RtmpServerEvent, SessionInfo } from './session-info.js';
import { type Authorization, type Authorize, type StreamRequest, streamPath } from './stream-request.js';
import { StreamTable } from './stream-table.js';

export interface RtmpServerOptions {
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly rtmpPort: number;
  /** RTMP over TLS; key and certificate as PEM text, not as file names. */
  readonly rtmps?: { readonly port: number; readonly key: string | Buffer; readonly cert: string | Buffer };
  /** HTTP-FLV and WS-FLV on a port of their own. Without it they are served by {@link RtmpServer.serveFlv} alone. */
  readonly httpPort?: number;
  /** Which pages of other origins may read HTTP-FLV, as `access-control-allow-origin`. Default none. */
  readonly allowOrigin?: string;
  readonly authorize: Authorize;
  readonly limits?: Partial<RtmpLimits>;
  /** Milliseconds, never going back. Default the clock of the process. */
  readonly now?: () => number;
}

/** The ports that a server listens on. */
export interface RtmpServerPorts {
  readonly rtmp: number;
  readonly rtmps?: number;
  readonly http?: number;
}

/** What a server has done so far. Plain JSON. */
export interface RtmpServerMetrics {
  readonly connections: number;
  /** Clients that were turned away because `maxConnections` were there. */
  readonly turnedAway: number;
  readonly refused: number;
  /** Players that were disconnected because they did not keep up. */
  readonly slowPlayers: number;
}

/**
 * RTMP in, RTMP, HTTP-FLV and WS-FLV out, with the protocol code of node-media-server and without its server: no web admin, no store, no log.
 * One publisher per path. Players wait for a publisher, and stay when it comes back within `playersWaitMs`. Who does not keep up loses packets,
 * and after a while the connection; see {@link RtmpLimits}.
 *
 * @example
 * const server = await RtmpServer.start({ rtmpPort: 1935, authorize: () => ({ ok: true }) });
 * server.events.subscribe((event) => console.log(event.kind));
 * await server.stop();
 */
export class RtmpServer {
  readonly #events = new Subject<RtmpServerEvent>();
  /** What happens from now on; completes after `stop`. */
  readonly events: Observable<RtmpServerEvent> = this.#events.asObservable();
  readonly #limits: RtmpLimits;
  readonly #options: RtmpServerOptions;
  readonly #now: () => number;
  readonly #streams: StreamTable;
  readonly #connections = new Set<Connection>();
  readonly #host: FlvHost;
  readonly #flv: FlvServer;
  readonly #listeners: Server[] = [];
  /** Those of HTTP, upgraded or not. */
  readonly #httpSockets = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  #ports: RtmpServerPorts = { rtmp: 0 };
  #turnedAway = 0;
  #refused = 0;
  #stopping: Promise<void> | undefined;

  private constructor(options: RtmpServerOptions) {
    this.#options = options;
    this.#limits = rtmpLimits(options.limits);
    this.#now = options.now ?? (() => performance.now());
    this.#streams = new StreamTable(this.#limits, this.#now, (event) => this.#events.next(event));
    this.#host = this.#asHost();
    this.#flv = new FlvServer(this.#host);
  }

  /**
   * Listens on all ports, or on none.
   *
   * @throws VitascopeError `LISTEN_FAILED`, `OPTION_INVALID`.
   */
  static async start(options: RtmpServerOptions): Promise<RtmpServer> {
    const server = new RtmpServer(options);
    try {
      await server.#listen();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get ports(): RtmpServerPorts {
    return this.#ports;
  }

  /** Who publishes and who plays. */
  sessions(): SessionInfo[] {
    return this.#streams.sessions();
  }

  metrics(): RtmpServerMetrics {
    return {
      connections: this.#connections.size,
      turnedAway: this.#turnedAway,
      refused: this.#refused,
      slowPlayers: this.#streams.slowPlayers,
    };
  }

  /** Answers `GET /live/cam1.flv` for an HTTP server of somebody else. Returns false, with nothing done, for other URLs. */
  serveFlv(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#stopping === undefined && this.#flv.serve(request, response);
  }

  /** Answers a WebSocket for `/live/cam1.flv` for an HTTP server of somebody else. Returns false, with nothing done, for other URLs. */
  upgradeFlv(request: IncomingMessage, socket: Socket, head: Buffer): boolean {
    return this.#stopping === undefined && this.#flv.upgrade(request, socket, head);
  }

  /** Closes every connection and port. Resolves when all of them are gone; calling it again waits for the same. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #listen(): Promise<void> {
    const { rtmpPort, rtmps, httpPort, host = '127.0.0.1' } = this.#options;
    const { handshakeMs } = this.#limits;
    const rtmp = await this.#open(
      rtmpListener((socket) => this.#accept(socket, 'rtmp')),
      host,
      rtmpPort,
    );
    this.#ports = { rtmp };
    if (rtmps !== undefined) {
      const listener = rtmpsListener(rtmps, handshakeMs, (socket) => this.#accept(socket, 'rtmps'));
      this.#ports = { ...this.#ports, rtmps: await this.#open(listener, host, rtmps.port) };
    }
    if (httpPort !== undefined) {
      const listener = flvListener(this.#flv, handshakeMs);
      listener.maxConnections = this.#limits.maxConnections;
      listener.on('connection', (socket: Socket) => {
        this.#httpSockets.add(socket);
        socket.once('close', () => this.#httpSockets.delete(socket));
      });
      this.#ports = { ...this.#ports, http: await this.#open(listener, host, httpPort) };
    }
    const { publisherIdleMs, slowPlayerMs, playersWaitMs } = this.#limits;
    const shortest = Math.min(handshakeMs, publisherIdleMs, slowPlayerMs, playersWaitMs);
    this.#timer = setInterval(() => this.#sweep(), Math.min(1_000, Math.max(20, shortest / 4)));
    this.#timer.unref();
  }

  async #open(server: Server, host: string, port: number): Promise<number> {
    const listening = await listen(server, host, port);
    this.#listeners.push(server);
    return listening;
  }

  #accept(socket: Socket, protocol: 'rtmp' | 'rtmps'): void {
    if (this.#connections.size >= this.#limits.maxConnections || this.#stopping !== undefined) {
      this.#turnedAway += 1;
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    this.#connections.add(new RtmpConnection(socket, protocol, this.#host));
  }

  #asHost(): FlvHost {
    return {
      limits: this.#limits,
      streams: this.#streams,
      allowOrigin: this.#options.allowOrigin,
      now: this.#now,
      authorize: (request) => this.#authorize(request),
      refused: (client) => {
        this.#refused += 1;
        this.#events.next({ kind: 'refused', ...client });
      },
      joined: (connection) => {
        if (this.#connections.size >= this.#limits.maxConnections || this.#stopping !== undefined) {
          this.#turnedAway += 1;
          return false;
        }
        this.#connections.add(connection);
        return true;
      },
      left: (connection) => void this.#connections.delete(connection),
    };
  }

  /** A decision that fails lets nobody in. */
  async #authorize(request: StreamRequest): Promise<Authorization> {
    try {
      const decision = await this.#options.authorize(request);
      if (!decision.ok || decision.path === undefined || streamPath(decision.path) === decision.path) return decision;
      throw new VitascopeError('OPTION_INVALID', `RtmpServer: authorize gave the path ${decision.path}`);
    } catch {
      return { ok: false, reason: 'it could not be decided whether this is allowed' };
    }
  }

  #sweep(): void {
    this.#streams.sweep();
    for (const connection of this.#connections) connection.sweep();
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    const gone = this.#listeners.map(closed);
    for (const connection of [...this.#connections]) connection.destroy('the server stops');
    for (const socket of this.#httpSockets) socket.destroy();
    await Promise.all(gone);
    this.#events.complete();
  }
}
