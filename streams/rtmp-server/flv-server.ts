import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection, ConnectionHost } from './connection-host.js';
import { FlvConnection, type FlvOut, httpOut, webSocketOut } from './flv-connection.js';
import { type AllowedRequest, allowedRequest, flvTarget, type StreamRequest } from './stream-request.js';
import { webSocketServer } from './web-socket.js';

/** What the FLV side needs besides a {@link ConnectionHost}. */
export interface FlvHost extends ConnectionHost {
  /** The `access-control-allow-origin` of answers. */
  readonly allowOrigin: string | undefined;
  /** Counts an attempt; the reason why an address may not come now, or nothing. */
  tooMany(ip: string): string | undefined;
  /** Counts a client in; false when there are too many. */
  joined(connection: Connection): boolean;
}

/** Plays streams over HTTP and WebSocket. Nobody publishes this way. */
export class FlvServer {
  readonly #host: FlvHost;
  readonly #webSockets = webSocketServer();

  constructor(host: FlvHost) {
    this.#host = host;
  }

  /** Answers `GET /live/cam1.flv`. Returns false, with nothing done, when the URL is not one of `.flv`. @param ip Of the viewer. */
  serve(request: IncomingMessage, response: ServerResponse, ip: string): boolean {
    const target = flvTarget(request.url ?? '');
    if (target === undefined) return false;
    if (request.method !== 'GET') {
      answer(response, 405, 'only GET plays a stream', { allow: 'GET' });
      return true;
    }
    const { path, query } = target;
    if (path === undefined) {
      answer(response, 404, 'this is not a valid name of a stream');
      return true;
    }
    const asked: StreamRequest = { action: 'play', path, query, ip, protocol: 'http-flv' };
    const tooMany = this.#host.tooMany(asked.ip);
    if (tooMany !== undefined) {
      answer(response, 429, tooMany, { 'retry-after': '60' });
      return true;
    }
    void this.#play(asked, request.socket, () => httpOut(request, response, this.#host.allowOrigin)).then((refusal) => {
      if (refusal !== undefined) answer(response, refusal.status, refusal.reason, refusal.headers);
    });
    return true;
  }

  /** Answers a WebSocket for `/live/cam1.flv`. Returns false, with nothing done, when the URL is not one of `.flv`. @param ip Of the viewer. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, ip: string): boolean {
    const target = flvTarget(request.url ?? '');
    if (target === undefined) return false;
    socket.on('error', () => undefined);
    const { path, query } = target;
    if (path === undefined) {
      turnDown(socket, 404, 'Not Found');
      return true;
    }
    const asked: StreamRequest = { action: 'play', path, query, ip, protocol: 'ws-flv' };
    if (this.#host.tooMany(asked.ip) !== undefined) {
      turnDown(socket, 429, 'Too Many Requests', 'retry-after: 60\r\n');
      return true;
    }
    void this.#host.authorize(asked).then((decision) => {
      if (socket.destroyed) return;
      if (!decision.ok) {
        this.#refused(asked, decision.reason);
        const { retryAfterS } = decision;
        if (retryAfterS === undefined) turnDown(socket, 403, 'Forbidden');
        else turnDown(socket, 429, 'Too Many Requests', `retry-after: ${retryAfterS}\r\n`);
        return;
      }
      const allowed = allowedRequest(asked, decision);
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', () => socket.destroy());
        const refusal = this.#start(allowed, socket, webSocketOut(webSocket));
        if (refusal !== undefined) webSocket.close(1013, refusal.slice(0, 100));
      });
    });
    return true;
  }

  async #play(
    asked: StreamRequest,
    socket: Socket,
    out: () => FlvOut,
  ): Promise<{ status: number; reason: string; headers?: Record<string, string> } | undefined> {
    const decision = await this.#host.authorize(asked);
    if (socket.destroyed) return undefined;
    if (!decision.ok) {
      this.#refused(asked, decision.reason);
      const { reason, retryAfterS } = decision;
      return retryAfterS === undefined
        ? { status: 403, reason }
        : { status: 429, reason, headers: { 'retry-after': String(retryAfterS) } };
    }
    const reason = this.#start(allowedRequest(asked, decision), socket, out());
    return reason === undefined ? undefined : { status: 503, reason };
  }

  #start(request: AllowedRequest, socket: Socket, out: FlvOut): string | undefined {
    const connection = new FlvConnection(request, socket, out, this.#host);
    if (connection.refusal !== undefined) {
      this.#refused(request, connection.refusal);
      return connection.refusal;
    }
    if (!this.#host.joined(connection)) connection.destroy('too many connections');
    return undefined;
  }

  #refused({ ip, protocol, path, action }: StreamRequest, reason: string): void {
    this.#host.refused({ ip, protocol, path, action, reason });
  }
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close', ...headers });
  response.end(`${text}\n`);
}

/** @param headers Further ones, each with its line end. */
function turnDown(socket: Socket, status: number, words: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status} ${words}\r\n${headers}connection: close\r\ncontent-length: 0\r\n\r\n`);
}
