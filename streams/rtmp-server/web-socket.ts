import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';

/** The part of a WebSocket of `ws` that players use. */
export interface FlvWebSocket {
  readonly readyState: number;
  /** Bytes. */
  readonly bufferedAmount: number;
  send(bytes: Buffer, done: (error?: Error) => void): void;
  close(code: number, reason?: string): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

interface UpgradeServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (webSocket: FlvWebSocket) => void): void;
}

type Ws = { WebSocketServer: new (options: Record<string, unknown>) => UpgradeServer };

/** Accepts WebSockets on sockets that somebody else listens for. Clients may send next to nothing; nothing is compressed. */
export function webSocketServer(): UpgradeServer {
  // The package's own copy: it depends on `ws`, we do not.
  const ofPackage = createRequire(createRequire(import.meta.url).resolve('node-media-server'));
  const { WebSocketServer } = ofPackage('ws') as Ws;
  // Pongs would queue for a client that sends pings and does not read.
  const options = {
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024,
    clientTracking: false,
    autoPong: false,
  };
  return new WebSocketServer(options);
}
