/**
 * The part of EBML (RFC 8794) that chapters need: element headers, and encoding and decoding of small elements held in memory.
 * The npm libraries for it decode whole files as streams and re-encode them; patching a finished file in place needs neither.
 */

/** An element's place: `id` with its length marker, as in the Matroska tables; `size` undefined means "unknown". */
export interface ElementHeader {
  readonly id: number;
  readonly headerLength: number;
  readonly size: number | undefined;
}

export interface Element {
  readonly id: number;
  readonly body: Buffer;
}

/** Longest header: four bytes of identifier, eight of size. */
export const MAX_HEADER_BYTES = 12;

function vintLength(firstByte: number): number {
  return firstByte === 0 ? 9 : Math.clz32(firstByte) - 23;
}

/** Reads an element header at `offset`; undefined when there is none, or only a part of one. */
export function readHeader(bytes: Buffer, offset: number): ElementHeader | undefined {
  const idLength = vintLength(bytes[offset] ?? 0);
  if (idLength > 4 || offset + idLength >= bytes.length) return undefined;
  const id = bytes.readUIntBE(offset, idLength);
  const sizeAt = offset + idLength;
  const sizeLength = vintLength(bytes[sizeAt] ?? 0);
  if (sizeLength > 8 || sizeAt + sizeLength > bytes.length) return undefined;
  return { id, headerLength: idLength + sizeLength, size: readSize(bytes, sizeAt, sizeLength) };
}

function readSize(bytes: Buffer, offset: number, length: number): number | undefined {
  let value = (bytes[offset] ?? 0) & (0xff >> length);
  let allOnes = value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = bytes[offset + i] ?? 0;
    allOnes &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return allOnes ? undefined : value;
}

/** The elements inside a body, in order; stops at damage. */
export function* elements(body: Buffer): Generator<Element> {
  let offset = 0;
  while (offset < body.length) {
    const header = readHeader(body, offset);
    if (header?.size === undefined) return;
    const start = offset + header.headerLength;
    if (start + header.size > body.length) return;
    yield { id: header.id, body: body.subarray(start, start + header.size) };
    offset = start + header.size;
  }
}

/** The first child with this identifier. */
export function child(body: Buffer, id: number): Buffer | undefined {
  for (const element of elements(body)) if (element.id === id) return element.body;
  return undefined;
}

/** An unsigned integer of up to eight bytes. Values beyond 2^53 lose their last bits. */
export function unsigned(body: Buffer | undefined): number | undefined {
  if (body === undefined || body.length > 8) return undefined;
  return body.reduce((value, byte) => value * 256 + byte, 0);
}

/** A float of four or eight bytes. */
export function float(body: Buffer | undefined): number | undefined {
  if (body?.length === 4) return body.readFloatBE(0);
  return body?.length === 8 ? body.readDoubleBE(0) : undefined;
}

/** A UTF-8 string, ended by its length or by a zero byte. */
export function text(body: Buffer | undefined): string | undefined {
  if (body === undefined) return undefined;
  const end = body.indexOf(0);
  return body.toString('utf8', 0, end < 0 ? body.length : end);
}

function idBytes(id: number): Buffer {
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(id, 0, length);
  return bytes;
}

/** A size field; as short as fits, or of exactly `length` bytes. */
export function sizeBytes(size: number, length?: number): Buffer {
  let chosen = length ?? 1;
  if (length === undefined) while (size >= 2 ** (7 * chosen) - 1) chosen++;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) | (1n << BigInt(7 * chosen)));
  return bytes.subarray(8 - chosen);
}

export function encodeElement(id: number, body: Buffer): Buffer {
  return Buffer.concat([idBytes(id), sizeBytes(body.length), body]);
}

export function encodeMaster(id: number, children: readonly Buffer[]): Buffer {
  return encodeElement(id, Buffer.concat(children));
}

export function encodeUnsigned(id: number, value: number | bigint): Buffer {
  const hex = value.toString(16);
  return encodeElement(id, Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

export function encodeText(id: number, value: string): Buffer {
  return encodeElement(id, Buffer.from(value, 'utf8'));
}

/** An identifier as the body of an element that refers to it (`SeekID`). */
export function encodeId(id: number, referred: number): Buffer {
  return encodeElement(id, idBytes(referred));
}

/** Filler of exactly `length` bytes; at least two, and few enough that the header is two bytes or nine. */
export function encodeVoid(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes[0] = 0xec;
  sizeBytes(length < 10 ? length - 2 : length - 9, length < 10 ? 1 : 8).copy(bytes, 1);
  return bytes;
}
