import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A client that says what a test wants it to, on a real socket. */
export class RtmpClient {
  readonly socket: Socket;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  #received = '';
  #bytes = 0;
  #wake: () => void = () => undefined;
  #keeps = true;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (bytes) => {
      this.#bytes += bytes.length;
      if (this.#keeps) this.#received = (this.#received + bytes.toString('latin1')).slice(-100_000);
      this.#wake();
    });
    void this.closed.then(() => this.#wake());
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RtmpClient> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new RtmpClient(socket);
  }

  /** Over TLS; the certificate is not looked at. */
  static async connectTls(port: number, host = '127.0.0.1'): Promise<RtmpClient> {
    const socket = connectTls({ port, host, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return new RtmpClient(socket);
  }

  /** Connected, with the handshake and `connect` behind it. */
  static async ready(port: number, app = 'live', host = '127.0.0.1'): Promise<RtmpClient> {
    const client = await RtmpClient.connect(port, host);
    await client.greet(app);
    return client;
  }

  /** Publishing, if the server lets it. */
  static async publishing(port: number, name: string, app = 'live'): Promise<RtmpClient> {
    const client = await RtmpClient.ready(port, app);
    client.command('publish', 3, null, name, 'live');
    await client.until('NetStream.Publish');
    return client;
  }

  /** Playing, if the server lets it. */
  static async playing(port: number, name: string, app = 'live'): Promise<RtmpClient> {
    const client = await RtmpClient.ready(port, app);
    client.command('play', 3, null, name);
    await client.until('NetStream.Play.');
    return client;
  }

  /** Handshake and `connect`. */
  async greet(app = 'live'): Promise<void> {
    this.handshake();
    this.command('connect', 1, { app, tcUrl: `rtmp://127.0.0.1/${app}` });
    this.command('createStream', 2, null);
    await this.until('NetConnection.Connect.Success');
  }

  handshake(): void {
    this.socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536, 7), Buffer.alloc(1536, 7)]));
  }

  command(name: string, transaction: number, ...values: unknown[]): void {
    this.socket.write(message(3, 20, 0, amf(name, transaction, ...values)));
  }

  /** Sends FLV tag data; type 8 is sound, 9 pictures. Chunks are as large as the message. */
  media(type: 8 | 9, timestampMs: number, data: Buffer): void {
    this.chunkSize(65_536);
    this.socket.write(message(type, type, timestampMs, data));
  }

  /** An H.264 header of nothing in particular. */
  videoHeader(): void {
    this.media(9, 0, Buffer.from([0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1f, 0xff, 0xe0, 0]));
  }

  /** A picture of so many bytes, below 65,000. */
  picture(timestampMs: number, isKey: boolean, bytes: number): void {
    this.media(
      9,
      timestampMs,
      Buffer.concat([Buffer.from([isKey ? 0x17 : 0x27, 1, 0, 0, 0]), Buffer.alloc(bytes, 0x5a)]),
    );
  }

  chunkSize(size: number): void {
    const data = Buffer.alloc(4);
    data.writeUInt32BE(size);
    this.socket.write(message(2, 1, 0, data));
  }

  /** What comes from now on is counted only. */
  forget(): void {
    this.#keeps = false;
  }

  has(text: string): boolean {
    return this.#received.includes(text);
  }

  /** Waits until the text has come, or fails when the connection ends before. */
  async until(text: string): Promise<void> {
    while (!this.has(text)) {
      if (this.socket.destroyed) throw new Error(`the server closed before it sent "${text}"`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async untilBytes(bytes: number): Promise<void> {
    while (this.#bytes < bytes) {
      if (this.socket.destroyed) throw new Error(`the server closed after ${this.#bytes} bytes`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** One RTMP message in one chunk. */
export function message(chunkStream: number, type: number, timestampMs: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head[0] = chunkStream;
  head.writeUIntBE(timestampMs, 1, 3);
  head.writeUIntBE(data.length, 4, 3);
  head[7] = type;
  head.writeUInt32LE(type === 20 ? 0 : 1, 8);
  const parts: Buffer[] = [head];
  const most = type === 20 ? 128 : 65_536;
  for (let at = 0; at < data.length; at += most) {
    if (at > 0) parts.push(Buffer.from([0xc0 | chunkStream]));
    parts.push(data.subarray(at, at + most));
  }
  return Buffer.concat(parts);
}

/** Values in AMF0. */
export function amf(...values: unknown[]): Buffer {
  return Buffer.concat(values.map(amfValue));
}

function amfValue(value: unknown): Buffer {
  if (value === null) return Buffer.from([5]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), amfName(value)]);
  const fields = Object.entries(value as object).flatMap(([name, field]) => [amfName(name), amfValue(field)]);
  return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])]);
}

function amfName(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}
