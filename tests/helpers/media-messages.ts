/** A message of sound (8), pictures (9) or metadata (18) as a player receives it. */
export interface MediaMessage {
  readonly type: number;
  readonly timestampMs: number;
  readonly data: Buffer;
}

type Take = (message: MediaMessage) => void;

const handshakeBytes = 1 + 1536 * 2;
const firstChunkBytes = 128;
const setChunkSize = 1;

/** Reads what an RTMP server of ours sends: messages whose chunks follow each other, each with a whole header. */
export class RtmpMessages {
  readonly #take: Take;
  #rest: Buffer = Buffer.alloc(0);
  #skip = handshakeBytes;
  #chunkBytes = firstChunkBytes;

  constructor(take: Take) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    let all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const skipped = Math.min(this.#skip, all.length);
    this.#skip -= skipped;
    all = all.subarray(skipped);
    for (let used = this.#read(all); used > 0; used = this.#read(all)) all = all.subarray(used);
    this.#rest = all;
  }

  /** Takes one message, and tells how many bytes it had; 0 when it is not whole. */
  #read(bytes: Buffer): number {
    if (bytes.length < 12) return 0;
    if (bytes.readUInt8(0) >> 6 !== 0) throw new Error(`a message begins with ${bytes.toString('hex', 0, 12)}`);
    const size = bytes.readUIntBE(4, 3);
    const type = bytes.readUInt8(7);
    const isLong = bytes.readUIntBE(1, 3) === 0xffffff;
    const extra = isLong ? 4 : 0;
    const data = Buffer.allocUnsafe(size);
    let at = 12 + extra;
    for (let done = 0; done < size; done += this.#chunkBytes) {
      if (done > 0) at += 1 + extra;
      const part = Math.min(this.#chunkBytes, size - done);
      if (at + part > bytes.length) return 0;
      bytes.copy(data, done, at, at + part);
      at += part;
    }
    const timestampMs = isLong ? bytes.readUInt32BE(12) : bytes.readUIntBE(1, 3);
    if (type === setChunkSize) this.#chunkBytes = data.readUInt32BE();
    else if ([8, 9, 18].includes(type)) this.#take({ type, timestampMs, data });
    return at;
  }
}

const fileHeaderBytes = 13;
const tagHeaderBytes = 11;

/** Reads FLV as it comes. */
export class FlvMessages {
  readonly #take: Take;
  #rest: Buffer = Buffer.alloc(0);
  #skip = fileHeaderBytes;

  constructor(take: Take) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    let all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const skipped = Math.min(this.#skip, all.length);
    this.#skip -= skipped;
    all = all.subarray(skipped);
    while (all.length >= tagHeaderBytes) {
      const size = all.readUIntBE(1, 3);
      const end = tagHeaderBytes + size;
      if (all.length < end + 4) break;
      if (all.readUInt32BE(end) !== end) throw new Error(`a tag of ${end} bytes ends with ${all.readUInt32BE(end)}`);
      const timestampMs = all.readUIntBE(4, 3) + all.readUInt8(7) * 2 ** 24;
      this.#take({ type: all.readUInt8(0), timestampMs, data: all.subarray(tagHeaderBytes, end) });
      all = all.subarray(end + 4);
    }
    this.#rest = all;
  }
}
