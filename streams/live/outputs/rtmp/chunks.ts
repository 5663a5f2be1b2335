import { VitascopeError } from '../../../../pipeline/index.js';

/** One message of RTMP. */
export interface RtmpMessage {
  readonly type: number;
  /** Message stream: 0 for the connection itself. */
  readonly streamId: number;
  /** Milliseconds, modulo 2³². */
  readonly timestamp: number;
  readonly body: Buffer;
}

/** Bytes of a message in a chunk, unless told otherwise (Adobe's RTMP specification 1.0, 5.4.1). */
const DEFAULT_CHUNK_BYTES = 128;
/** Servers send a publisher commands only; what is larger is not RTMP. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const EXTENDED = 0xffffff;

/** A message as chunks. @param chunkStream 2 to 63. */
export function encodeChunks(message: RtmpMessage, chunkStream: number, chunkBytes = DEFAULT_CHUNK_BYTES): Buffer {
  const { body, timestamp } = message;
  const extended = timestamp >= EXTENDED;
  const tail = Buffer.alloc(extended ? 4 : 0);
  if (extended) tail.writeUInt32BE(timestamp);
  const head = Buffer.alloc(12);
  head.writeUInt8(chunkStream);
  head.writeUIntBE(extended ? EXTENDED : timestamp, 1, 3);
  head.writeUIntBE(body.length, 4, 3);
  head.writeUInt8(message.type, 7);
  head.writeUInt32LE(message.streamId, 8);
  const parts = [head, tail, body.subarray(0, chunkBytes)];
  for (let at = chunkBytes; at < body.length; at += chunkBytes) {
    parts.push(Buffer.from([0xc0 | chunkStream]), tail, body.subarray(at, at + chunkBytes));
  }
  return Buffer.concat(parts);
}

interface ChunkStream {
  header: { type: number; streamId: number; timestamp: number; delta: number; length: number; extended: boolean };
  parts: Buffer[];
  received: number;
}

/** Bytes of a server → messages. What is held is bounded. */
export class ChunkReader {
  readonly #streams = new Map<number, ChunkStream>();
  #bytes = Buffer.alloc(0);
  /** As the server said last. */
  chunkBytes = DEFAULT_CHUNK_BYTES;

  /**
   * Takes bytes as they came, and gives each message when it is whole.
   *
   * @throws VitascopeError `OUTPUT_UNWRITABLE` for what is not RTMP.
   */
  push(bytes: Buffer, onMessage: (message: RtmpMessage) => void): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const taken = this.#chunk(onMessage);
      if (taken === 0) return;
      this.#bytes = this.#bytes.subarray(taken);
    }
  }

  /** How many bytes a whole chunk takes, 0 when more must come first. */
  #chunk(onMessage: (message: RtmpMessage) => void): number {
    const bytes = this.#bytes;
    const basic = basicHeader(bytes);
    if (basic === undefined) return 0;
    const { format, id } = basic;
    const known = this.#streams.get(id);
    if (known === undefined && format !== 0) throw notRtmp('a chunk continues what never began');
    let at = basic.length;
    const headerBytes = [11, 7, 3, 0][format] as number;
    if (bytes.length < at + headerBytes) return 0;
    const time = format < 3 ? bytes.readUIntBE(at, 3) : 0;
    const extended = format < 3 ? time === EXTENDED : (known?.header.extended ?? false);
    const size = format < 2 ? bytes.readUIntBE(at + 3, 3) : (known?.header.length ?? 0);
    if (size > MAX_MESSAGE_BYTES) throw notRtmp(`a message of ${size} bytes`);
    const type = format < 2 ? bytes.readUInt8(at + 6) : (known?.header.type ?? 0);
    const streamId = format === 0 ? bytes.readUInt32LE(at + 7) : (known?.header.streamId ?? 0);
    at += headerBytes;
    if (bytes.length < at + (extended ? 4 : 0)) return 0;
    const fullTime = extended ? bytes.readUInt32BE(at) : time;
    at += extended ? 4 : 0;
    const stream = known ?? {
      header: { type, streamId, timestamp: 0, delta: 0, length: size, extended },
      parts: [],
      received: 0,
    };
    const left = Math.min(this.chunkBytes, (format < 2 ? size : stream.header.length) - stream.received);
    if (left < 0) throw notRtmp('a message changes its length');
    if (bytes.length < at + left) return 0;
    this.#streams.set(id, stream);
    if (stream.received === 0) {
      const delta = format === 0 ? 0 : format === 3 ? stream.header.delta : fullTime;
      const timestamp = format === 0 ? fullTime : (stream.header.timestamp + delta) >>> 0;
      stream.header = { type, streamId, timestamp, delta, length: size, extended };
    }
    stream.parts.push(Buffer.from(bytes.subarray(at, at + left)));
    stream.received += left;
    if (stream.received >= stream.header.length) {
      const body = Buffer.concat(stream.parts.splice(0));
      stream.received = 0;
      onMessage({
        type: stream.header.type,
        streamId: stream.header.streamId,
        timestamp: stream.header.timestamp,
        body,
      });
    }
    return at + left;
  }
}

/** Format and number of a chunk; nothing when bytes are missing. */
function basicHeader(bytes: Buffer): { format: number; id: number; length: number } | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const format = first >> 6;
  const short = first & 63;
  if (short > 1) return { format, id: short, length: 1 };
  const length = short + 2;
  if (bytes.length < length) return undefined;
  const id = short === 0 ? bytes.readUInt8(1) + 64 : bytes.readUInt16LE(1) + 64;
  return { format, id, length };
}

function notRtmp(what: string): VitascopeError {
  return new VitascopeError('OUTPUT_UNWRITABLE', `the server does not speak RTMP: ${what}`);
}
