import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { VitascopeError } from '../../../../pipeline/index.js';
import { type AmfObject, type AmfValue, decodeAmf, encodeAmf } from './amf.js';
import { ChunkReader, encodeChunks } from './chunks.js';
import type { PublishTarget } from './publish-url.js';

/** How a connection is made, and how much may wait in it. */
export interface RtmpPublisherOptions {
  /** Milliseconds until the server must have let the stream in. */
  readonly connectTimeoutMs: number;
  /** Milliseconds without a byte taken until a connection counts as dead. */
  readonly stallTimeoutMs: number;
  /** For `rtmps`. */
  readonly tls?: ConnectionOptions | undefined;
  /** There is room again after {@link RtmpPublisher.send} has said no. */
  readonly onDrain: () => void;
  /** The connection is over, for whatever reason; called once. */
  readonly onClosed: (error: VitascopeError) => void;
}

const HANDSHAKE_BYTES = 1536;
const CHUNK_BYTES = 64 * 1024;
/** Bytes that the socket holds for a receiver before packets wait in the queue, where they can be dropped. */
const SOCKET_BYTES = 256 * 1024;
const CONTROL_STREAM = 2;
const COMMAND_STREAM = 3;
const MEDIA_STREAM = 4;

/** Codecs of enhanced RTMP that may come. */
const fourCcs = ['avc1', 'hvc1', 'av01', 'vp09', 'Opus', 'mp4a'];

/**
 * One connection that publishes a stream by RTMP (Adobe's specification 1.0). Its sockets are Node's, not FFmpeg's: a receiver that stops
 * reading then blocks no thread, and FFmpeg's calls could not be interrupted.
 */
export class RtmpPublisher {
  readonly #target: PublishTarget;
  readonly #options: RtmpPublisherOptions;
  readonly #socket: Socket;
  readonly #reader = new ChunkReader();
  readonly #published: Promise<void>;
  #settle!: { resolve(): void; reject(error: VitascopeError): void };
  #handshake = Buffer.alloc(0);
  #handshaken = false;
  #streamId = 0;
  #ready = false;
  #over = false;

  private constructor(target: PublishTarget, options: RtmpPublisherOptions) {
    this.#target = target;
    this.#options = options;
    this.#published = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const { host, port } = target;
    this.#socket = target.tls
      ? connectTls({ host, port, ...(/[a-z]/i.test(host) ? { servername: host } : {}), ...options.tls }, () =>
          this.#greet(),
        )
      : connectTcp({ host, port }, () => this.#greet());
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('drain', () => options.onDrain());
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? 'the connection failed', error));
    this.#socket.on('close', () => this.#end('the server closed the connection'));
  }

  /** Connects and begins to publish. @throws VitascopeError `OUTPUT_UNWRITABLE` when the server does not let it. */
  static async open(target: PublishTarget, options: RtmpPublisherOptions, signal: AbortSignal): Promise<RtmpPublisher> {
    const publisher = new RtmpPublisher(target, options);
    const deadline = setTimeout(() => publisher.#end('no answer in time'), options.connectTimeoutMs);
    const onAbort = (): void => publisher.#end('stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) onAbort();
      await publisher.#published;
      return publisher;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Whether {@link send} may be called: the socket holds little. */
  get hasRoom(): boolean {
    return !this.#over && this.#socket.writableLength < SOCKET_BYTES;
  }

  /** Bytes given to the system so far. */
  get bytesOut(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  /** @param timestamp Milliseconds; wraps at 2³². */
  send(type: number, timestamp: number, body: Buffer): void {
    this.#write({ type, streamId: this.#streamId, timestamp: timestamp >>> 0, body }, MEDIA_STREAM);
  }

  /** Says goodbye, and resolves when the socket is closed, with force after the time to connect. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#command('FCUnpublish', 6, null, this.#target.streamKey);
    this.#command('deleteStream', 7, null, this.#streamId);
    const socket = this.#socket;
    if (socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), Math.min(2000, this.#options.connectTimeoutMs));
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end();
      socket.resume();
    });
  }

  #end(reason: string, cause?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.destroy();
    const error = new VitascopeError('OUTPUT_UNWRITABLE', `${this.#target.name}: ${reason}`, cause && { cause });
    if (this.#ready) this.#options.onClosed(error);
    else this.#settle.reject(error);
  }

  #greet(): void {
    this.#socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(8), randomBytes(HANDSHAKE_BYTES - 8)]));
  }

  #receive(bytes: Buffer): void {
    if (this.#over) return;
    try {
      const rest = this.#handshaken ? bytes : this.#shakeHands(bytes);
      if (rest !== undefined) this.#reader.push(rest, (message) => this.#answer(message.type, message.body));
    } catch (error) {
      this.#end(error instanceof VitascopeError ? error.message : 'the server does not speak RTMP', error as Error);
    }
  }

  /** What comes after the handshake; nothing before it is over. */
  #shakeHands(bytes: Buffer): Buffer | undefined {
    this.#handshake = Buffer.concat([this.#handshake, bytes]);
    if (this.#handshake[0] !== 3) throw new VitascopeError('OUTPUT_UNWRITABLE', 'the server does not speak RTMP');
    const length = 1 + 2 * HANDSHAKE_BYTES;
    if (this.#handshake.length < length) return undefined;
    this.#handshaken = true;
    this.#socket.write(this.#handshake.subarray(1, 1 + HANDSHAKE_BYTES));
    this.#connect();
    return this.#handshake.subarray(length);
  }

  #connect(): void {
    const { app, tls, host, port } = this.#target;
    const chunkBytes = Buffer.alloc(4);
    chunkBytes.writeUInt32BE(CHUNK_BYTES);
    this.#socket.write(encodeChunks({ type: 1, streamId: 0, timestamp: 0, body: chunkBytes }, CONTROL_STREAM));
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const tcUrl = `${tls ? 'rtmps' : 'rtmp'}://${address}/${app}`;
    this.#command('connect', 1, {
      app,
      type: 'nonprivate',
      flashVer: 'FMLE/3.0 (compatible; Vitascope)',
      tcUrl,
      fourCcList: fourCcs,
    });
  }

  #answer(type: number, body: Buffer): void {
    if (type === 1) this.#reader.chunkBytes = Math.max(1, body.readUInt32BE() & 0x7fffffff);
    if (type === 4 && body.readUInt16BE() === 6) this.#pong(body.subarray(2));
    if (type === 20 || type === 17) this.#onCommand(decodeAmf(type === 17 ? body.subarray(1) : body));
  }

  #pong(time: Buffer): void {
    const body = Buffer.concat([Buffer.from([0, 7]), time]);
    this.#write({ type: 4, streamId: 0, timestamp: 0, body }, CONTROL_STREAM);
  }

  #onCommand([command, transaction, , info]: readonly AmfValue[]): void {
    const { streamKey } = this.#target;
    if (command === '_result' && transaction === 1) {
      this.#command('releaseStream', 2, null, streamKey);
      this.#command('FCPublish', 3, null, streamKey);
      this.#command('createStream', 4, null);
    } else if (command === '_result' && transaction === 4) {
      if (typeof info !== 'number') throw new VitascopeError('OUTPUT_UNWRITABLE', 'the server gave no stream');
      this.#streamId = info;
      this.#command('publish', 5, null, streamKey, 'live');
    } else if (command === '_error' && (transaction === 1 || transaction === 4 || transaction === 5)) {
      this.#end(`the server refused: ${this.#reasonOf(info)}`);
    } else if (command === 'onStatus') this.#onStatus(info);
  }

  #onStatus(info: AmfValue | undefined): void {
    const code = codeOf(info);
    if (code === 'NetStream.Publish.Start' && !this.#ready) {
      this.#ready = true;
      this.#watch();
      this.#settle.resolve();
    } else if (isObject(info) && info.level === 'error') this.#end(`the server refused: ${this.#reasonOf(info)}`);
  }

  /** What the server says, without the key, which it may repeat. */
  #reasonOf(info: AmfValue | undefined): string {
    const { streamKey } = this.#target;
    const description = isObject(info) && typeof info.description === 'string' ? info.description : '';
    const [name = ''] = streamKey.split('?');
    const text = [streamKey, name]
      .filter((secret) => secret.length > 3)
      .reduce((rest, secret) => rest.replaceAll(secret, '…'), description)
      .replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ')
      .slice(0, 200)
      .trim();
    return text === '' ? codeOf(info) : `${text} (${codeOf(info)})`;
  }

  /** Ends a connection whose receiver has taken nothing for too long while something waited. */
  #watch(): void {
    let before = this.bytesOut;
    const timer = setInterval(() => {
      const { bytesOut } = this;
      if (this.#socket.writableLength > 0 && bytesOut === before) this.#end('the receiver takes nothing');
      before = bytesOut;
    }, this.#options.stallTimeoutMs);
    timer.unref();
    this.#socket.once('close', () => clearInterval(timer));
  }

  #command(name: string, transaction: number, ...values: readonly AmfValue[]): void {
    const streamId = name === 'publish' ? this.#streamId : 0;
    const body = encodeAmf(name, transaction, ...values);
    this.#write({ type: 20, streamId, timestamp: 0, body }, COMMAND_STREAM);
  }

  #write(message: Parameters<typeof encodeChunks>[0], chunkStream: number): void {
    if (!this.#socket.destroyed) this.#socket.write(encodeChunks(message, chunkStream, CHUNK_BYTES));
  }
}

const isObject = (value: AmfValue | undefined): value is AmfObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The code alone: descriptions may repeat the key. */
function codeOf(info: AmfValue | undefined): string {
  const code = isObject(info) ? info.code : undefined;
  return typeof code === 'string' && /^[A-Za-z.]{1,80}$/.test(code) ? code : 'no reason given';
}
