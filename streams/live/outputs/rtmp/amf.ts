/** A value of AMF0, as far as RTMP's commands use it. */
export type AmfValue = string | number | boolean | null | AmfObject | readonly AmfValue[];
/** An AMF0 object. */
export interface AmfObject {
  readonly [key: string]: AmfValue;
}

/** Values that lie deeper than this are refused. */
const MAX_DEPTH = 16;

/** Values as AMF0 writes them, one after another. */
export function encodeAmf(...values: readonly AmfValue[]): Buffer {
  return Buffer.concat(values.map(encode));
}

function encode(value: AmfValue): Buffer {
  if (value === null) return Buffer.from([5]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'boolean') return Buffer.from([1, value ? 1 : 0]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), name(value)]);
  if (isList(value)) {
    const head = Buffer.from([10, 0, 0, 0, 0]);
    head.writeUInt32BE(value.length, 1);
    return Buffer.concat([head, ...value.map(encode)]);
  }
  const entries = Object.entries(value).flatMap(([key, inner]) => [name(key), encode(inner)]);
  return Buffer.concat([Buffer.from([3]), ...entries, Buffer.from([0, 0, 9])]);
}

const isList = (value: AmfValue): value is readonly AmfValue[] => Array.isArray(value);

function name(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** All values in a message. @throws RangeError when it is cut off or holds what AMF0 does not know. */
export function decodeAmf(bytes: Buffer): AmfValue[] {
  const reader = new AmfReader(bytes);
  const values: AmfValue[] = [];
  while (!reader.atEnd) values.push(reader.value(0));
  return values;
}

class AmfReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(depth: number): AmfValue {
    if (depth > MAX_DEPTH) throw new RangeError('AMF0: values lie too deep');
    const marker = this.#skip(1).readUInt8();
    switch (marker) {
      case 0:
        return this.#skip(8).readDoubleBE();
      case 1:
        return this.#skip(1).readUInt8() !== 0;
      case 2:
        return this.#text(this.#skip(2).readUInt16BE());
      case 3:
        return this.#object(depth);
      case 5:
      case 6:
        return null;
      case 8:
        this.#skip(4);
        return this.#object(depth);
      case 10:
        return this.#list(this.#skip(4).readUInt32BE(), depth);
      case 11:
        return this.#skip(10).readDoubleBE();
      case 12:
        return this.#text(this.#skip(4).readUInt32BE());
      default:
        throw new RangeError(`AMF0: unknown marker ${marker}`);
    }
  }

  #object(depth: number): AmfObject {
    const entries: [string, AmfValue][] = [];
    for (;;) {
      const key = this.#text(this.#skip(2).readUInt16BE());
      if (key === '' && this.#bytes[this.#at] === 9) {
        this.#at++;
        return Object.fromEntries(entries);
      }
      entries.push([key, this.value(depth + 1)]);
    }
  }

  #list(count: number, depth: number): AmfValue[] {
    const values: AmfValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    return values;
  }

  #text(length: number): string {
    return this.#skip(length).toString('utf8');
  }

  #skip(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('AMF0: the message is cut off');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
