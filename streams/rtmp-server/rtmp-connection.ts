import type { Socket } from 'node:net';
import type AVPacket from 'node-media-server/src/core/avpacket.js';
import { clientAddress } from './client-address.js';
import type { ConnectionHost } from './connection-host.js';
import { BoundedRtmp } from './rtmp-protocol.js';
import { type AllowedRequest, allowedRequest, rtmpTarget, type StreamRequest } from './stream-request.js';
import type { Playing, Publication } from './stream-table.js';

/** Answers to a client that does not read them. */
const maxAnswerBytes = 256 * 1024;
/** For a refusal to arrive, before the connection is torn down. */
const goodbyeMs = 2_000;

/** One RTMP client: lets it in or not, and then publishes or plays. It owns the socket. */
export class RtmpConnection {
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #ip: string;
  readonly #protocol: 'rtmp' | 'rtmps';
  readonly #rtmp: BoundedRtmp;
  readonly #openedAt: number;
  /** Why it may do nothing, whatever it asks for. */
  readonly #refusal: string | undefined;
  #asked = false;
  #publication: Publication | undefined;
  #playing: Playing | undefined;
  #closingSince: number | undefined;
  #reason = 'the client left';

  /** @param refusal Lets the client ask, and then tells it why not. */
  constructor(socket: Socket, protocol: 'rtmp' | 'rtmps', host: ConnectionHost, refusal?: string) {
    this.#socket = socket;
    this.#host = host;
    this.#protocol = protocol;
    this.#ip = clientAddress(socket.remoteAddress);
    this.#refusal = refusal;
    this.#openedAt = host.now();
    this.#rtmp = new BoundedRtmp(() => host.limits, {
      output: (bytes) => this.#answer(bytes),
      publish: (app, name) => this.#ask('publish', app, name),
      play: (app, name) => this.#ask('play', app, name),
      packet: (packet) => this.#packet(packet),
      ended: () => this.#leave('the client ended its stream'),
    });
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#data(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
  }

  /** Closes a client that does not get to the point, or does not leave. */
  sweep(): void {
    const now = this.#host.now();
    const { handshakeMs } = this.#host.limits;
    if (this.#closingSince !== undefined) {
      if (now - this.#closingSince >= goodbyeMs) this.#socket.destroy();
    } else if (this.#publication === undefined && this.#playing === undefined && now - this.#openedAt >= handshakeMs) {
      this.#close(`neither published nor played within ${handshakeMs} ms`);
      this.#socket.destroy();
    }
  }

  destroy(reason: string): void {
    this.#close(reason);
    this.#socket.destroy();
  }

  #data(bytes: Buffer): void {
    if (this.#closingSince !== undefined) return;
    if (this.#playing !== undefined) this.#playing.player.bytesIn += bytes.length;
    const tooMany = this.#publication?.received(bytes.length);
    const reason = tooMany ?? this.#rtmp.parserData(bytes);
    if (reason !== null) this.#close(reason);
  }

  #ask(action: 'publish' | 'play', app: string, name: string): void {
    if (this.#asked) {
      this.#close('one connection publishes or plays one stream');
      return;
    }
    this.#asked = true;
    const { path, query } = rtmpTarget(app, name);
    if (path === undefined) {
      this.#refuse(action, 'this is not a valid name of a stream');
      return;
    }
    if (this.#refusal !== undefined) {
      this.#refuse(action, this.#refusal, path);
      return;
    }
    // What comes before the answer stays in the kernel.
    this.#socket.pause();
    const request: StreamRequest = { action, path, query, ip: this.#ip, protocol: this.#protocol };
    void this.#host.authorize(request).then((answer) => {
      this.#socket.resume();
      if (this.#closingSince !== undefined || this.#socket.destroyed) return;
      if (!answer.ok) this.#refuse(action, answer.reason, path);
      else this.#begin(allowedRequest(request, answer));
    });
  }

  #begin(request: AllowedRequest): void {
    const { action, path } = request;
    const refusal = action === 'publish' ? this.#publish(request) : this.#play(request);
    if (refusal !== undefined) this.#refuse(action, refusal, path);
  }

  #publish(request: AllowedRequest): string | undefined {
    const publication = this.#host.streams.publish(request, (reason) => this.#close(reason));
    if (typeof publication === 'string') return publication;
    this.#publication = publication;
    this.#rtmp.accept('publish');
    return undefined;
  }

  #play(request: AllowedRequest): string | undefined {
    const socket = this.#socket;
    const transport = {
      write: (bytes: Buffer) => {
        if (socket.writable) socket.write(bytes);
      },
      queuedBytes: () => socket.writableLength,
      end: (reason: string) => this.#close(reason),
      destroy: (reason: string) => this.destroy(reason),
    };
    const playing = this.#host.streams.play(request, transport, () => this.#rtmp.accept('play'));
    if (typeof playing === 'string') return playing;
    this.#playing = playing;
    return undefined;
  }

  #packet(packet: AVPacket): void {
    if (this.#closingSince !== undefined) return;
    const reason = this.#publication?.send(packet);
    if (reason !== undefined) this.#close(reason);
  }

  #answer(bytes: Buffer): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    const queue =
      this.#playing === undefined ? 0 : Math.max(this.#host.limits.maxQueueBytes, this.#host.limits.maxMessageBytes);
    if (this.#socket.writableLength > queue + maxAnswerBytes) {
      this.#leave('the client does not read answers');
      this.#socket.destroy();
    }
  }

  #refuse(action: 'publish' | 'play', reason: string, path?: string): void {
    this.#rtmp.refuse(action, reason);
    this.#leave(reason, { action, ...(path !== undefined && { path }) });
  }

  /** Ends the connection, and tells a client that publishes or plays why. */
  #close(reason: string): void {
    if (this.#closingSince !== undefined) return;
    if (this.#publication !== undefined || this.#playing !== undefined) this.#rtmp.cutOff(reason);
    this.#leave(reason);
  }

  #leave(reason: string, refused: { action?: 'publish' | 'play'; path?: string } = {}): void {
    if (this.#closingSince !== undefined) return;
    this.#closingSince = this.#host.now();
    this.#reason = reason;
    if (this.#publication === undefined && this.#playing === undefined) {
      this.#host.refused({ ip: this.#ip, protocol: this.#protocol, reason, ...refused });
    }
    this.#stop();
    this.#socket.end();
  }

  #closed(): void {
    this.#closingSince ??= this.#host.now();
    this.#stop();
    this.#host.left(this);
  }

  #stop(): void {
    this.#publication?.stop(this.#reason);
    this.#playing?.stop(this.#reason);
  }
}
