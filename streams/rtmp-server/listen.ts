import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { VitascopeError } from '../../pipeline/index.js';
import type { FlvServer } from './flv-server.js';

/** Waits until the server listens and returns its port. Port 0 takes a free one. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: Error): void => {
      reject(
        new VitascopeError('LISTEN_FAILED', `RtmpServer: cannot listen on ${host}:${port}: ${cause.message}`, {
          context: { host, port },
          cause,
        }),
      );
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      // Such as no file descriptors left for a client: that client is lost, the server is not.
      server.on('error', () => undefined);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** Stops listening and resolves when the last connection is gone. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

export function rtmpListener(accept: (socket: Socket) => void): Server {
  return createServer({ keepAlive: true, keepAliveInitialDelay: 30_000 }, accept);
}

/** Clients that do not finish the TLS handshake in time are dropped before they count. */
export function rtmpsListener(
  tls: { readonly key: string | Buffer; readonly cert: string | Buffer },
  handshakeTimeout: number,
  accept: (socket: Socket) => void,
): Server {
  const options = { key: tls.key, cert: tls.cert, handshakeTimeout, keepAlive: true, keepAliveInitialDelay: 30_000 };
  try {
    return createTlsServer(options, accept);
  } catch (cause) {
    throw new VitascopeError('OPTION_INVALID', `RtmpServer: the key or certificate cannot be used: ${String(cause)}`, {
      cause,
    });
  }
}

export function flvListener(flv: FlvServer, handshakeMs: number): HttpServer {
  const options = {
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    keepAliveTimeout: 1_000,
    keepAlive: true,
  };
  const server = createHttpServer(options, (request, response) => {
    if (!flv.serve(request, response)) response.writeHead(404, { connection: 'close' }).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!flv.upgrade(request, socket as Socket, head)) socket.destroy();
  });
  return server;
}
