import type { FileHandle } from 'node:fs/promises';
import { child, type ElementHeader, elements, MAX_HEADER_BYTES, readHeader, unsigned } from './ebml.js';
import { readAt } from './file-bytes.js';

/** Identifiers from the Matroska element tables (RFC 9559). */
export const matroskaIds = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  void: 0xec,
  crc32: 0xbf,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  cluster: 0x1f43b675,
  chapters: 0x1043a770,
  edition: 0x45b9,
  editionDefault: 0x45db,
  chapterAtom: 0xb6,
  chapterUid: 0x73c4,
  chapterStart: 0x91,
  chapterEnd: 0x92,
  chapterDisplay: 0x80,
  chapterString: 0x85,
  chapterLanguage: 0x437c,
  tags: 0x1254c367,
  tag: 0x7373,
  targets: 0x63c0,
  targetChapterUid: 0x63c4,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagString: 0x4487,
} as const;

/** An element of the Segment's first level, by its place in the file. */
export interface PlacedElement {
  readonly id: number;
  /** Where its identifier starts. */
  readonly offset: number;
  readonly bodyOffset: number;
  readonly size: number;
}

/** Where the parts of a Matroska file lie. */
export interface MatroskaLayout {
  readonly fileSize: number;
  /** Where the Segment's size field starts, how long it is, and what it says. */
  readonly segmentSizeField: { readonly offset: number; readonly length: number; readonly size: number | undefined };
  /** Where the Segment's body starts: what seek positions count from. */
  readonly segmentBody: number;
  /** Elements before the first cluster, and those elsewhere that a seek head names; in order of discovery, none twice. */
  readonly elements: readonly PlacedElement[];
}

/** Bodies larger than this are damage, not chapters. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

async function headerAt(file: FileHandle, offset: number): Promise<ElementHeader | undefined> {
  return readHeader(await readAt(file, offset, MAX_HEADER_BYTES), 0);
}

async function placedAt(file: FileHandle, offset: number): Promise<PlacedElement | undefined> {
  const header = await headerAt(file, offset);
  if (header?.size === undefined) return undefined;
  return { id: header.id, offset, bodyOffset: offset + header.headerLength, size: header.size };
}

/** The body of an element; undefined when the file ends before it does. */
export async function readBody(file: FileHandle, element: PlacedElement): Promise<Buffer | undefined> {
  if (element.size > MAX_BODY_BYTES) return undefined;
  const body = await readAt(file, element.bodyOffset, element.size);
  return body.length === element.size ? body : undefined;
}

/** Finds the parts of a Matroska or WebM file, reading headers only; undefined when it is not one. */
export async function readMatroskaLayout(file: FileHandle): Promise<MatroskaLayout | undefined> {
  const ebml = await headerAt(file, 0);
  if (ebml?.id !== matroskaIds.ebml || ebml.size === undefined) return undefined;
  const segmentOffset = ebml.headerLength + ebml.size;
  const segment = await headerAt(file, segmentOffset);
  if (segment?.id !== matroskaIds.segment) return undefined;
  const fileSize = (await file.stat()).size;
  const segmentBody = segmentOffset + segment.headerLength;
  const segmentEnd = segment.size === undefined ? fileSize : Math.min(fileSize, segmentBody + segment.size);
  return {
    fileSize,
    segmentSizeField: { offset: segmentOffset + 4, length: segment.headerLength - 4, size: segment.size },
    segmentBody,
    elements: await findElements(file, segmentBody, segmentEnd),
  };
}

async function findElements(file: FileHandle, segmentBody: number, segmentEnd: number): Promise<PlacedElement[]> {
  const found = new Map<number, PlacedElement>();
  for (let offset = segmentBody; offset < segmentEnd; ) {
    const element = await placedAt(file, offset);
    if (element === undefined || element.id === matroskaIds.cluster) break;
    found.set(offset, element);
    offset = element.bodyOffset + element.size;
  }
  // A map visits what is added to it on the way: seek heads that name further seek heads are followed too.
  for (const element of found.values()) {
    if (element.id !== matroskaIds.seekHead) continue;
    for (const target of await seekTargets(file, element)) {
      const offset = segmentBody + target.position;
      if (found.has(offset) || offset >= segmentEnd) continue;
      const named = await placedAt(file, offset);
      if (named !== undefined && named.id === target.id) found.set(offset, named);
    }
  }
  return [...found.values()];
}

async function seekTargets(file: FileHandle, seekHead: PlacedElement): Promise<{ id: number; position: number }[]> {
  const body = await readBody(file, seekHead);
  const targets: { id: number; position: number }[] = [];
  for (const entry of elements(body ?? Buffer.alloc(0))) {
    if (entry.id !== matroskaIds.seek) continue;
    const id = unsigned(child(entry.body, matroskaIds.seekId));
    const position = unsigned(child(entry.body, matroskaIds.seekPosition));
    if (id !== undefined && position !== undefined) targets.push({ id, position });
  }
  return targets;
}
