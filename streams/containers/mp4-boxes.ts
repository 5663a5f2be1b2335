import type { FileHandle } from 'node:fs/promises';
import { readAt } from './file-bytes.js';

/** A box of an MP4 or QuickTime file (ISO/IEC 14496-12), by its place in the file. */
export interface PlacedBox {
  readonly type: string;
  readonly offset: number;
  readonly headerLength: number;
  /** Of the whole box; undefined when it says that it reaches to the end of the file. */
  readonly size: number | undefined;
}

/** A box inside another one that is held in memory. */
export interface Box {
  readonly type: string;
  /** Header included. */
  readonly bytes: Buffer;
  readonly body: Buffer;
}

/** A movie header larger than this is damage. */
const MAX_MOVIE_BYTES = 512 * 1024 * 1024;

function parseHeader(bytes: Buffer, offset: number): Omit<PlacedBox, 'offset'> | undefined {
  if (offset + 8 > bytes.length) return undefined;
  const short = bytes.readUInt32BE(offset);
  const type = bytes.toString('latin1', offset + 4, offset + 8);
  if (short === 0) return { type, headerLength: 8, size: undefined };
  if (short !== 1) return short < 8 ? undefined : { type, headerLength: 8, size: short };
  if (offset + 16 > bytes.length) return undefined;
  const long = Number(bytes.readBigUInt64BE(offset + 8));
  return long < 16 ? undefined : { type, headerLength: 16, size: long };
}

/** The boxes of the top level, reading headers only; stops at damage and at the end of the file. */
export async function topLevelBoxes(file: FileHandle): Promise<PlacedBox[]> {
  const boxes: PlacedBox[] = [];
  const fileSize = (await file.stat()).size;
  for (let offset = 0; offset < fileSize; ) {
    const header = parseHeader(await readAt(file, offset, 16), 0);
    if (header === undefined) break;
    boxes.push({ offset, ...header });
    if (header.size === undefined) break;
    offset += header.size;
  }
  return boxes;
}

/** The body of a box; undefined when the file ends before it does or it is too large to be a header. */
export async function readBoxBody(file: FileHandle, box: PlacedBox): Promise<Buffer | undefined> {
  const size = box.size ?? (await file.stat()).size - box.offset;
  if (size > MAX_MOVIE_BYTES) return undefined;
  const body = await readAt(file, box.offset + box.headerLength, size - box.headerLength);
  return body.length === size - box.headerLength ? body : undefined;
}

/** The boxes inside a body, in order; stops at damage and at QuickTime's closing zero. */
export function* boxes(body: Buffer): Generator<Box> {
  let offset = 0;
  while (offset < body.length) {
    const header = parseHeader(body, offset);
    if (header === undefined) return;
    const end = header.size === undefined ? body.length : offset + header.size;
    if (end > body.length) return;
    const bytes = body.subarray(offset, end);
    yield { type: header.type, bytes, body: bytes.subarray(header.headerLength) };
    offset = end;
  }
}

/** The body of the first box along a path of types, e.g. `mdia`, `minf`, `stbl`. */
export function boxAt(body: Buffer, ...path: readonly string[]): Buffer | undefined {
  let current: Buffer | undefined = body;
  for (const type of path) {
    if (current === undefined) return undefined;
    current = childOfType(current, type);
  }
  return current;
}

function childOfType(body: Buffer, type: string): Buffer | undefined {
  for (const box of boxes(body)) if (box.type === type) return box.body;
  return undefined;
}

export function encodeBox(type: string, children: readonly Buffer[]): Buffer {
  const body = Buffer.concat(children);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}
