import type AVPacket from 'node-media-server/src/core/avpacket.js';
import logger from 'node-media-server/src/core/logger.js';
import Flv from 'node-media-server/src/protocol/flv.js';
import Rtmp, { type InvokeMessage } from 'node-media-server/src/protocol/rtmp.js';
import type { RtmpLimits } from './limits.js';
import { normalizePacket } from './media-packet.js';

// It prints to the standard output, names and addresses of clients included.
logger.log = () => undefined;

/** What a connection does with what its client says. */
export interface RtmpHandlers {
  output(bytes: Buffer): void;
  publish(app: string, name: string): void;
  play(app: string, name: string): void;
  packet(packet: AVPacket): void;
  /** The client ends its stream and leaves the connection open. */
  ended(): void;
}

const mediaTypes: readonly number[] = [8, 9];
const setChunkSize = 1;
const lastControlType = 6;
const wholeChunk = 3;
const wrap = 2 ** 32;

/**
 * The RTMP parser of node-media-server within limits. Whatever bytes come, `parserData` returns a reason to close the connection and never
 * throws, and what it holds stays below `maxCommandBytes` four times over until `publishing` is set, then below twice `maxMessageBytes`.
 */
export class BoundedRtmp extends Rtmp {
  /** Set once the client may send media. */
  publishing = false;
  readonly #limits: () => RtmpLimits;
  readonly #handlers: RtmpHandlers;

  constructor(limits: () => RtmpLimits, handlers: RtmpHandlers) {
    super();
    this.#limits = limits;
    this.#handlers = handlers;
    // A parser of FLV files with a buffer of 1 MiB, which RTMP does not need.
    this.flv = undefined;
    this.onOutputCallback = (bytes) => handlers.output(bytes);
  }

  override parserData(bytes: Buffer): string | null {
    if (this.handshakeState === 0 && bytes.length > 0 && bytes[0] !== 3) return 'this is not RTMP';
    try {
      return super.parserData(bytes);
    } catch (error) {
      // The package decodes without checking lengths; whatever it stumbles over is the client's doing.
      return error instanceof Violation ? error.message : 'malformed message';
    }
  }

  override packetParse(): void {
    const known = this.inPackets.size;
    super.packetParse();
    const { header, bytes } = this.parserPacket;
    const isNew = this.inPackets.size > known;
    const { maxChunkStreams } = this.#limits();
    if (this.inPackets.size > maxChunkStreams) throw new Violation(`more than ${maxChunkStreams} chunk streams`);
    if (isNew && header.fmt > 1) throw new Violation('a chunk stream begins in the middle');
    if (bytes > 0 && header.fmt !== wholeChunk) throw new Violation('a message begins inside another');
    const most = this.#maxLength(header.type);
    if (header.length > most) throw new Violation(`a message of ${header.length} bytes, ${most} are allowed`);
  }

  override packetAlloc(): void {
    const packet = this.parserPacket;
    // Sums of deltas pass 32 bits after 49 days; the package would drop everything from there on.
    if (packet.clock >= wrap) packet.clock -= wrap;
    if (packet.capacity < packet.header.length) {
      let held = packet.header.length;
      for (const other of this.inPackets.values()) if (other !== packet) held += other.capacity;
      const { maxMessageBytes, maxCommandBytes } = this.#limits();
      const most = this.publishing ? 2 * maxMessageBytes : 4 * maxCommandBytes;
      if (held > most) throw new Violation('too many unfinished messages');
    }
    super.packetAlloc();
  }

  override controlHandler(): void {
    const { header, payload } = this.parserPacket;
    if (header.type <= lastControlType && header.length < 4) throw new Violation('a control message is cut short');
    if (header.type === setChunkSize) {
      const size = payload.readUInt32BE();
      if (size < 1 || size > this.#limits().maxChunkBytes) throw new Violation(`a chunk size of ${size}`);
    }
    super.controlHandler();
  }

  override dataHandler(): void {
    const { header, clock, payload } = this.parserPacket;
    if (!this.publishing) {
      if (mediaTypes.includes(header.type)) throw new Violation('media before publishing');
      return;
    }
    // The players keep what they are sent; the buffer of the parser is used again for the next message.
    const packet = normalizePacket(Flv.parserTag(header.type, clock, header.length, payload));
    if (packet !== undefined) this.#handlers.packet(packet);
  }

  override onPublish(message: InvokeMessage): void {
    const [app, name] = this.#names(message);
    this.#handlers.publish(app, name);
  }

  override onPlay(message: InvokeMessage): void {
    const [app, name] = this.#names(message);
    this.#handlers.play(app, name);
  }

  override onDeleteStream(): void {
    this.#handlers.ended();
  }

  /** Tells the client that it may go on. */
  accept(action: 'publish' | 'play'): void {
    if (action === 'publish') {
      this.publishing = true;
      this.respondPublish();
    } else this.respondPlay();
  }

  /** Tells the client why it may not. */
  refuse(action: 'publish' | 'play', reason: string): void {
    this.#sendError(action === 'publish' ? 'NetStream.Publish.BadName' : 'NetStream.Play.Failed', reason);
  }

  /** Tells a client that publishes or plays why it may not go on. */
  cutOff(reason: string): void {
    this.#sendError('NetStream.Failed', reason);
  }

  #sendError(code: string, reason: string): void {
    // The package writes the length of strings in characters.
    const ascii = reason.replaceAll('×', 'x').replace(/[^\x20-\x7e]/g, '?');
    this.sendStatusMessage(this.streamId, 'error', code, ascii.slice(0, 200));
  }

  #names(message: InvokeMessage): [string, string] {
    this.streamId = this.parserPacket.header.stream_id;
    const { streamName } = message;
    if (typeof this.streamApp !== 'string' || typeof streamName !== 'string') throw new Violation('no stream name');
    this.streamName = streamName.split('?')[0] ?? '';
    return [this.streamApp, streamName];
  }

  #maxLength(type: number): number {
    const { maxMessageBytes, maxCommandBytes } = this.#limits();
    return this.publishing && mediaTypes.includes(type) ? maxMessageBytes : maxCommandBytes;
  }
}

/** The client does what no client may. */
class Violation extends Error {}
