import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection, ConnectionHost } from './connection-host.js';
import type { PlayerTransport } from './player.js';
import type { AllowedRequest } from './stream-request.js';
import type { Playing } from './stream-table.js';
import type { FlvWebSocket } from './web-socket.js';

/** For what waits to be sent, before the connection is torn down. */
const goodbyeMs = 2_000;

/** One player over HTTP or WebSocket, already let in. */
export class FlvConnection implements Connection {
  readonly #host: ConnectionHost;
  readonly #socket: Socket;
  readonly #playing: Playing | undefined;
  #reason = 'the client left';
  #closingSince: number | undefined;
  /** Why it may not play, or nothing. */
  readonly refusal: string | undefined;

  constructor(request: AllowedRequest, socket: Socket, out: FlvOut, host: ConnectionHost) {
    this.#host = host;
    this.#socket = socket;
    const transport: PlayerTransport = {
      write: (bytes) => out.write(bytes),
      queuedBytes: () => out.queuedBytes(),
      end: (reason) => {
        if (this.#closingSince !== undefined) return;
        this.#closingSince = host.now();
        this.#reason = reason;
        this.#playing?.stop(reason);
        out.end(reason);
      },
      destroy: (reason) => this.destroy(reason),
    };
    const playing = host.streams.play(request, transport, () => out.begin());
    this.refusal = typeof playing === 'string' ? playing : undefined;
    if (typeof playing === 'string') return;
    this.#playing = playing;
    socket.once('close', () => {
      playing.stop(this.#reason);
      host.left(this);
    });
  }

  sweep(): void {
    if (this.#closingSince !== undefined && this.#host.now() - this.#closingSince >= goodbyeMs) this.#socket.destroy();
  }

  destroy(reason: string): void {
    this.#reason = reason;
    this.#playing?.stop(reason);
    this.#socket.destroy();
  }
}

/** Where FLV goes. */
export interface FlvOut {
  begin(): void;
  write(bytes: Buffer): void;
  queuedBytes(): number;
  /** The reason goes as far as the protocol can carry it. */
  end(reason: string): void;
}

/** The answer to an HTTP request. `begin` sends the head. */
export function httpOut(request: IncomingMessage, response: ServerResponse, allowOrigin: string | undefined): FlvOut {
  return {
    begin: () => {
      // A stream has no end that is known, and the connection is not used again: no chunks around each packet.
      response.useChunkedEncodingByDefault = false;
      response.shouldKeepAlive = false;
      response.writeHead(200, {
        'content-type': 'video/x-flv',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(allowOrigin !== undefined && { 'access-control-allow-origin': allowOrigin }),
      });
      response.flushHeaders();
      request.socket.setNoDelay(true);
      request.socket.setTimeout(0);
    },
    write: (bytes) => {
      if (!response.writableEnded && !response.destroyed) response.write(bytes);
    },
    queuedBytes: () => response.writableLength,
    end: () => response.end(),
  };
}

/** A WebSocket that is open; each message of FLV is a binary message. */
export function webSocketOut(webSocket: FlvWebSocket): FlvOut {
  return {
    begin: () => undefined,
    write: (bytes) => {
      if (webSocket.readyState === 1) webSocket.send(bytes, () => undefined);
    },
    queuedBytes: () => webSocket.bufferedAmount,
    end: (reason) => webSocket.close(1001, closeReason(reason)),
  };
}

/** A WebSocket's closing frame holds 123 bytes of reason. */
function closeReason(reason: string): string {
  return Buffer.from(reason).length <= 123 ? reason : reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 123);
}
