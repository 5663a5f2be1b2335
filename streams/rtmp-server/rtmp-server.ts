import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Server as TlsServer } from 'node:tls';
import { type Observable, Subject } from 'rxjs';
import { VitascopeError } from '../../pipeline/index.js';
import { clientAddress, requestAddress } from './client-address.js';
import { ClientGate } from './client-gate.js';
import { type FlvHost, FlvServer } from './flv-server.js';
import { type RtmpLimits, rtmpLimits } from './limits.js';
import {
  type Certificate,
  checkCertificate,
  closed,
  flvListener,
  listen,
  rtmpListener,
  rtmpsListener,
} from './listen.js';
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
  readonly rtmps?: { readonly port: number } & Certificate;
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
  /** Clients that were turned away because `maxConnections` were there, or because their address came too often. */
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
  #limits: RtmpLimits;
  readonly #options: RtmpServerOptions;
  readonly #now: () => number;
  readonly #streams: StreamTable;
  readonly #gate: ClientGate;
  readonly #host: FlvHost;
  readonly #flv: FlvServer;
  readonly #listeners: Server[] = [];
  #tls: TlsServer | undefined;
  #flvListener: Server | undefined;
  /** Those of HTTP, upgraded or not. */
  readonly #httpSockets = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  #ports: RtmpServerPorts = { rtmp: 0 };
  #refused = 0;
  #stopping: Promise<void> | undefined;

  private constructor(options: RtmpServerOptions) {
    this.#options = options;
    this.#limits = rtmpLimits(options.limits);
    this.#now = options.now ?? (() => performance.now());
    this.#gate = new ClientGate(() => this.#limits, this.#now);
    this.#streams = new StreamTable(
      () => this.#limits,
      this.#now,
      (event) => this.#events.next(event),
    );
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
      connections: this.#gate.size,
      turnedAway: this.#gate.turnedAway,
      refused: this.#refused,
      slowPlayers: this.#streams.slowPlayers,
    };
  }

  /**
   * Closes the publishers and players that match, and tells them why. They may come back if `authorize` lets them.
   *
   * @returns how many there were.
   */
  disconnect(predicate: (session: SessionInfo) => boolean, reason: string): number {
    return this.#streams.disconnect(predicate, reason);
  }

  /**
   * Changes limits. Nobody is closed at once: publishers are measured by them from the next byte, picture or header on, players keep the queue that they
   * began with.
   *
   * @throws VitascopeError `OPTION_INVALID`, and nothing is changed.
   */
  setLimits(limits: Partial<RtmpLimits>): void {
    this.#limits = rtmpLimits(limits, this.#limits);
    if (this.#flvListener !== undefined) this.#flvListener.maxConnections = this.#limits.maxConnections;
    if (this.#timer !== undefined) this.#schedule();
  }

  /**
   * What new RTMPS clients are shown from now on. Those that are connected stay.
   *
   * @throws VitascopeError `OPTION_INVALID` when it cannot be used, or there is no RTMPS; the one from before stays.
   */
  setCertificate(certificate: Certificate): void {
    if (this.#tls === undefined) throw new VitascopeError('OPTION_INVALID', 'RtmpServer: there is no RTMPS');
    checkCertificate(certificate);
    this.#tls.setSecureContext({ key: certificate.key, cert: certificate.cert });
  }

  /**
   * Answers `GET /live/cam1.flv` for an HTTP server of somebody else. Returns false, with nothing done, for other URLs.
   *
   * @param ip Of the viewer, where a proxy in front has told. Default: the other end of the socket.
   */
  serveFlv(request: IncomingMessage, response: ServerResponse, ip = requestAddress(request)): boolean {
    return this.#stopping === undefined && this.#flv.serve(request, response, ip);
  }

  /** Answers a WebSocket for `/live/cam1.flv` for an HTTP server of somebody else. Returns false, with nothing done, for other URLs. @param ip As above. */
  upgradeFlv(request: IncomingMessage, socket: Socket, head: Buffer, ip = requestAddress(request)): boolean {
    return this.#stopping === undefined && this.#flv.upgrade(request, socket, head, ip);
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
      const mayTry = (socket: Socket): boolean => this.#gate.tooMany(clientAddress(socket.remoteAddress)) === undefined;
      this.#tls = rtmpsListener(rtmps, handshakeMs, mayTry, (socket) => this.#accept(socket, 'rtmps'));
      this.#ports = { ...this.#ports, rtmps: await this.#open(this.#tls, host, rtmps.port) };
    }
    if (httpPort !== undefined) {
      const listener = flvListener(this.#flv, handshakeMs);
      listener.maxConnections = this.#limits.maxConnections;
      listener.on('connection', (socket: Socket) => {
        this.#httpSockets.add(socket);
        socket.once('close', () => this.#httpSockets.delete(socket));
      });
      this.#flvListener = listener;
      this.#ports = { ...this.#ports, http: await this.#open(listener, host, httpPort) };
    }
    this.#schedule();
  }

  /** Looks after clients often enough for the shortest of the limits. */
  #schedule(): void {
    const { handshakeMs, publisherIdleMs, slowPlayerMs, playersWaitMs } = this.#limits;
    const shortest = Math.min(handshakeMs, publisherIdleMs, slowPlayerMs, playersWaitMs);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#sweep(), Math.min(1_000, Math.max(20, shortest / 4)));
    this.#timer.unref();
  }

  async #open(server: Server, host: string, port: number): Promise<number> {
    const listening = await listen(server, host, port);
    this.#listeners.push(server);
    return listening;
  }

  #accept(socket: Socket, protocol: 'rtmp' | 'rtmps'): void {
    // Those over TLS were counted before their handshake.
    const tooMany = protocol === 'rtmp' ? this.#gate.tooMany(clientAddress(socket.remoteAddress)) : undefined;
    const comesIn = tooMany === undefined ? this.#gate.hasRoom() : this.#gate.mayExplain;
    if (comesIn) this.#gate.enter(new RtmpConnection(socket, protocol, this.#host, tooMany), tooMany);
    else socket.on('error', () => undefined).destroy();
  }

  #asHost(): FlvHost {
    const limits = (): RtmpLimits => this.#limits;
    return {
      get limits() {
        return limits();
      },
      streams: this.#streams,
      allowOrigin: this.#options.allowOrigin,
      now: this.#now,
      authorize: (request) => this.#authorize(request),
      tooMany: (ip) => this.#gate.tooMany(ip),
      refused: (client) => {
        this.#refused += 1;
        this.#events.next({ kind: 'refused', ...client });
      },
      joined: (connection) => {
        const hasRoom = this.#gate.hasRoom();
        if (hasRoom) this.#gate.enter(connection);
        return hasRoom;
      },
      left: (connection) => this.#gate.left(connection),
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
    for (const client of this.#gate.clients) client.sweep();
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    const gone = this.#listeners.map(closed);
    this.#gate.close('the server stops');
    for (const socket of this.#httpSockets) socket.destroy();
    await Promise.all(gone);
    this.#events.complete();
  }
}
