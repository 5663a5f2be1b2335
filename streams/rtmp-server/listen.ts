import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { VitascopeError } from '../../pipeline/index.js';
import { requestAddress } from './client-address.js';
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

/** Key and certificate as PEM text. */
export interface Certificate {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/**
 * Clients that do not finish the TLS handshake in time are dropped before they count.
 *
 * @param mayTry Asked before the handshake, which is what costs.
 */
export function rtmpsListener(
  certificate: Certificate,
  handshakeTimeout: number,
  mayTry: (socket: Socket) => boolean,
  accept: (socket: Socket) => void,
): TlsServer {
  checkCertificate(certificate);
  const { key, cert } = certificate;
  const options = { key, cert, handshakeTimeout, keepAlive: true, keepAliveInitialDelay: 30_000 };
  const server = createTlsServer(options, accept);
  server.prependListener('connection', (socket: Socket) => {
    if (!mayTry(socket)) socket.destroy();
  });
  return server;
}

/** @throws VitascopeError `OPTION_INVALID` when the two are none, or do not belong together. */
export function checkCertificate({ key, cert }: Certificate): void {
  try {
    createSecureContext({ key, cert });
    // It takes a pair of different kinds of keys.
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) throw new Error('they are not a pair');
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new VitascopeError('OPTION_INVALID', `RtmpServer: the key or certificate cannot be used: ${words}`, {
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
    if (!flv.serve(request, response, requestAddress(request))) response.writeHead(404, { connection: 'close' }).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!flv.upgrade(request, socket as Socket, head, requestAddress(request))) socket.destroy();
  });
  return server;
}
