import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { localhostCertificate, localhostKey } from './localhost-certificate.js';

/** What a {@link LiveServer} does with one request, the first being number 0. */
export type Answer = (response: ServerResponse, request: number) => void;

/** A server of live streams on a free port of this machine. */
export interface LiveServer {
  readonly url: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Answers `http://127.0.0.1:…/live.ts` (or, with a certificate that nobody has signed, `https://localhost:…`) with whatever a test wants to happen. */
export async function liveServer(answer: Answer, { tls = false } = {}): Promise<LiveServer> {
  let requests = 0;
  const listener: RequestListener = (_, response) => answer(response, requests++);
  const server = tls
    ? createTlsServer({ key: localhostKey, cert: localhostCertificate }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/live.ts`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Sends a file whole and ends. */
export const whole = (path: string): Answer => {
  const bytes = readFileSync(path);
  return (response) => void response.end(bytes);
};

/** Sends a share of a file, 0–1, and then `after` happens: nothing, unless told. */
export const part = (path: string, share: number, after: (response: ServerResponse) => void = () => {}): Answer => {
  const bytes = readFileSync(path);
  return (response) => {
    response.write(bytes.subarray(0, Math.floor(bytes.length * share)), () => after(response));
  };
};
