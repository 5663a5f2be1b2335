import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach } from 'vitest';
import { type FetchFile, proxiedFetch } from '../../models/library/http.js';

/** What a served file does wrong. */
export interface Faults {
  /**
   * Cuts connections after so many bytes of the body, one number a request, once `server.fetch` has handed them on; later requests are
   * served whole.
   */
  readonly cuts?: number[];
  /** Answers with these statuses first, one a request. */
  readonly statuses?: number[];
  /** Adds this to the true Content-Length. */
  readonly lengthError?: number;
  /** Sends everything whatever range is asked for. */
  readonly ignoresRange?: boolean;
  /** Sends so many bytes, then a byte at a time for ever. */
  readonly dripsAfter?: number;
  /** Sends nothing but headers until this is settled. */
  readonly gate?: Promise<void>;
}

interface ServedFile {
  content: Buffer;
  etag: string | undefined;
  type: string;
  faults: Faults;
}

/** A request that the server saw. */
export interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly host: string | undefined;
}

/** A web server for files of models, which can do most things that servers do wrong. */
export class ModelServer {
  readonly seen: SeenRequest[] = [];
  /** Bytes of bodies that were sent. */
  sent = 0;
  /** Bytes that readers of {@link fetch} are done with. */
  #taken = 0;
  #onTaken: (() => void) | undefined;
  readonly #files = new Map<string, ServedFile>();
  readonly #redirects = new Map<string, string>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  /** A `fetch` that tells the server which bytes were taken, so that it cuts connections without losing any of them. */
  readonly fetch: FetchFile = async (url, init) => {
    const fetch = await proxiedFetch({});
    const { status, headers, body } = await fetch(url, init);
    return { status, headers, body: body === null ? null : this.#counted(body) };
  };

  static async start(): Promise<ModelServer> {
    const server = new ModelServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path: string): string {
    return `http://${this.host}${path}`;
  }

  /** Serves a file, from the next request on. @returns Its address. */
  serve(path: string, content: Buffer, options: Faults & { etag?: string; type?: string } = {}): string {
    const { etag, type = 'application/octet-stream', ...faults } = options;
    this.#files.set(path, { content, etag, type, faults });
    return this.url(path);
  }

  redirect(path: string, location: string): string {
    this.#redirects.set(path, location);
    return this.url(path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A proxy asks for whole addresses.
    const path = new URL(request.url ?? '/', 'http://here').pathname;
    const { range, host } = request.headers;
    const ifRange = request.headers['if-range'];
    this.seen.push({ path, range, ifRange: typeof ifRange === 'string' ? ifRange : undefined, host });
    const location = this.#redirects.get(path);
    if (location !== undefined) return void response.writeHead(302, { location }).end('moved');
    const file = this.#files.get(path);
    if (file === undefined) return void response.writeHead(404).end('no such file');
    const status = file.faults.statuses?.shift();
    if (status !== undefined) return void response.writeHead(status).end('later, perhaps');
    const start = startOf(file, range, ifRange as string | undefined);
    if (start > file.content.length) return void response.writeHead(416).end();
    await this.#send(response, file, start);
  }

  async #send(response: ServerResponse, { content, etag, type, faults }: ServedFile, start: number): Promise<void> {
    const body = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-type': type,
      'content-length': body.length + (faults.lengthError ?? 0),
      ...(etag !== undefined && { etag }),
      ...(start > 0 && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    const cut = faults.cuts?.shift() ?? Number.POSITIVE_INFINITY;
    response.flushHeaders();
    await faults.gate;
    if (faults.dripsAfter !== undefined) return this.#drip(response, body, faults.dripsAfter);
    const part = body.subarray(0, cut);
    this.sent += part.length;
    const broken = part.length < body.length || (faults.lengthError ?? 0) > 0;
    if (!broken) return void response.end(part);
    response.write(part);
    if (cut < Number.POSITIVE_INFINITY) await this.#allTaken();
    response.destroy();
  }

  async *#counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      yield chunk;
      this.#taken += chunk.length;
      this.#onTaken?.();
    }
  }

  async #allTaken(): Promise<void> {
    while (this.#taken < this.sent) {
      await new Promise<void>((resolve) => {
        this.#onTaken = resolve;
      });
    }
  }

  #drip(response: ServerResponse, body: Buffer, after: number): void {
    response.write(body.subarray(0, after));
    let at = after;
    const timer = setInterval(() => response.write(body.subarray(at, ++at)), 5);
    response.once('close', () => clearInterval(timer));
  }
}

function startOf(
  { content, etag, faults }: ServedFile,
  range: string | undefined,
  ifRange: string | undefined,
): number {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (faults.ignoresRange === true || (ifRange !== undefined && ifRange !== etag)) return 0;
  return start === content.length ? start + 1 : start;
}

/** A proxy that forwards plain requests and opens tunnels, and says which hosts it was asked for. */
export class ProxyServer {
  /** `GET http://…` or `CONNECT host:port`, in order. */
  readonly asked: string[] = [];
  readonly #server: Server;

  /** @param target Where everything goes, whatever host was asked for: `host:port`. */
  private constructor(target: string) {
    const [hostname, port] = target.split(':');
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      const { pathname } = new URL(request.url ?? '/');
      void fetch(`http://${target}${pathname}`).then(async (answer) => {
        response.writeHead(answer.status);
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    this.#server.on('connect', (request, socket) => {
      this.asked.push(`CONNECT ${request.url}`);
      const tunnel = connect(Number(port), hostname, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
      tunnel.pipe(socket).pipe(tunnel);
      socket.on('error', () => tunnel.destroy());
      tunnel.on('error', () => socket.destroy());
    });
  }

  static async start(target: string): Promise<ProxyServer> {
    const proxy = new ProxyServer(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Starts servers that end with the test. Call inside `describe`. */
export function servers(): { model: () => Promise<ModelServer>; proxy: (target: string) => Promise<ProxyServer> } {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });
  const keep = <T extends { stop(): Promise<void> }>(server: T): T => {
    running.push(server);
    return server;
  };
  return {
    model: async () => keep(await ModelServer.start()),
    proxy: async (target) => keep(await ProxyServer.start(target)),
  };
}
