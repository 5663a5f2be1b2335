import { packetFlag } from './media-packet.js';
import type { SessionInfo } from './session-info.js';
import type { StreamProtocol } from './stream-request.js';

/** How bytes get to a player. None of these throws. */
export interface PlayerTransport {
  write(bytes: Buffer): void;
  /** Bytes that were written and have not left. */
  queuedBytes(): number;
  /** Ends in good order: what waits is sent. */
  end(reason: string): void;
  destroy(reason: string): void;
}

export interface PlayerOptions {
  readonly id: string;
  readonly ip: string;
  readonly protocol: StreamProtocol;
  readonly path: string;
  /** One of the server's own. */
  readonly internal?: boolean;
  readonly maxQueueBytes: number;
  readonly slowPlayerMs: number;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly transport: PlayerTransport;
}

/** What a message is, and what the player may need before it. */
export interface MessageKind {
  /** One of `packetFlag`; nothing for what a player is sent when it comes. */
  readonly flag: number | undefined;
  /** When the stream has pictures, skipping ends at a key frame. */
  readonly hasVideo: boolean;
  /** Metadata and codec headers as they are now. */
  readonly headers: () => readonly Buffer[];
}

/**
 * One player. When more than `maxQueueBytes` wait for it, packets are left out up to the key frame that comes after half of them are gone, and
 * counted. It is too slow when its queue stays more than half full for `slowPlayerMs`.
 */
export class Player {
  readonly id: string;
  readonly wire: 'rtmp' | 'flv';
  bytesOut = 0;
  packetsDropped = 0;
  bytesIn = 0;
  readonly #options: PlayerOptions;
  readonly #startedAt: number;
  #skipping: 'slow' | 'waiting' | undefined;
  #headersMissed = false;
  #fullSince: number | undefined;

  constructor(options: PlayerOptions) {
    this.id = options.id;
    this.wire = options.protocol.startsWith('rtmp') ? 'rtmp' : 'flv';
    this.#options = options;
    this.#startedAt = options.now();
  }

  /** Leaves everything out until the next key frame. */
  waitForKeyFrame(): void {
    this.#skipping ??= 'waiting';
  }

  /** Sends the message or leaves it out. */
  offer(message: Buffer, kind: MessageKind): void {
    const queued = this.#options.transport.queuedBytes();
    this.#watch(queued);
    if (this.#skipping ? !this.#mayResume(queued, kind) : this.#isTooMuch(queued, message)) {
      this.#skipping ??= 'slow';
      this.#leaveOut(kind);
      return;
    }
    if (this.#skipping) this.#resume(kind);
    this.#write(message);
  }

  /** True when the player does not keep up and is to be disconnected. */
  isTooSlow(): boolean {
    this.#watch(this.#options.transport.queuedBytes());
    return this.#fullSince !== undefined && this.#options.now() - this.#fullSince >= this.#options.slowPlayerMs;
  }

  get isInternal(): boolean {
    return this.#options.internal === true;
  }

  end(reason: string): void {
    this.#options.transport.end(reason);
  }

  destroy(reason: string): void {
    this.#options.transport.destroy(reason);
  }

  info(): SessionInfo {
    const { id, path, ip, protocol, internal, now, transport } = this.#options;
    return {
      id,
      action: 'play',
      path,
      ip,
      protocol,
      ...(internal && { internal }),
      ageMs: Math.round(now() - this.#startedAt),
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      packetsDropped: this.packetsDropped,
      queuedBytes: transport.queuedBytes(),
    };
  }

  /** An empty queue takes any message, or one above the limit could never be sent. */
  #isTooMuch(queued: number, message: Buffer): boolean {
    return queued > 0 && queued + message.length > this.#options.maxQueueBytes;
  }

  #mayResume(queued: number, { flag, hasVideo }: MessageKind): boolean {
    if (queued > this.#options.maxQueueBytes / 2) return false;
    return flag === packetFlag.keyFrame || (flag === packetFlag.audio && !hasVideo);
  }

  #resume(kind: MessageKind): void {
    this.#skipping = undefined;
    if (!this.#headersMissed) return;
    this.#headersMissed = false;
    for (const header of kind.headers()) this.#write(header);
  }

  #leaveOut({ flag }: MessageKind): void {
    if (flag === packetFlag.audioHeader || flag === packetFlag.videoHeader || flag === packetFlag.metadata) {
      this.#headersMissed = true;
    }
    if (flag !== undefined && this.#skipping === 'slow') this.packetsDropped += 1;
  }

  #watch(queued: number): void {
    if (queued <= this.#options.maxQueueBytes / 2) this.#fullSince = undefined;
    else this.#fullSince ??= this.#options.now();
  }

  #write(message: Buffer): void {
    this.bytesOut += message.length;
    this.#options.transport.write(message);
  }
}
