import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { VitascopeError } from '../../pipeline/errors.js';
import type { Chapter } from './chapter.js';
import {
  child,
  elements,
  encodeElement,
  encodeId,
  encodeMaster,
  encodeText,
  encodeUnsigned,
  encodeVoid,
  sizeBytes,
  unsigned,
} from './ebml.js';
import { writeAt } from './file-bytes.js';
import { matroskaIds as ids, type MatroskaLayout, readBody, readMatroskaLayout } from './matroska-layout.js';

/**
 * Gives a finished Matroska or WebM file its chapters, replacing those it had. Nothing is moved: the `Chapters` element (and a
 * `Tags` element, when chapters carry metadata) goes behind the last element, and its address into the filler that FFmpeg's
 * muxer leaves behind the seek head. Until that last small write the file plays as it did before.
 *
 * @throws VitascopeError `OUTPUT_UNWRITABLE` when the file is not a complete Matroska file, or its seek head has no room.
 */
export async function writeMatroskaChapters(path: string, chapters: readonly Chapter[]): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await addChapters(file, path, chapters);
  } finally {
    await file.close();
  }
}

async function addChapters(file: FileHandle, path: string, chapters: readonly Chapter[]): Promise<void> {
  const layout = await readMatroskaLayout(file);
  if (layout === undefined) throw refusal(path, 'a Matroska file was expected');
  const appended = encodeAppended(chapters);
  const added = Buffer.concat(appended.map((element) => element.bytes));
  const segmentSize = encodeSegmentSize(layout, added.length, path);
  let position = layout.fileSize - layout.segmentBody;
  const entries = appended.map(({ id, bytes }) => {
    const entry = encodeMaster(ids.seek, [encodeId(ids.seekId, id), encodeUnsigned(ids.seekPosition, position)]);
    position += bytes.length;
    return entry;
  });
  const seekHead = await encodeSeekHead(file, layout, entries, path);
  await writeAt(file, layout.fileSize, added);
  if (segmentSize !== undefined) await writeAt(file, layout.segmentSizeField.offset, segmentSize);
  await writeAt(file, seekHead.offset, seekHead.bytes);
  await voidOldChapters(file, layout);
}

function refusal(path: string, reason: string): VitascopeError {
  return new VitascopeError('OUTPUT_UNWRITABLE', `writeMatroskaChapters: ${reason}: ${path}`, { context: { path } });
}

interface Appended {
  readonly id: number;
  readonly bytes: Buffer;
}

function encodeAppended(chapters: readonly Chapter[]): Appended[] {
  const atoms = chapters.map((chapter, i) => encodeAtom(chapter, uidOf(chapter, i)));
  const tags = chapters.flatMap((chapter, i) => encodeTags(chapter, uidOf(chapter, i)));
  const appended: Appended[] = [
    { id: ids.chapters, bytes: encodeMaster(ids.chapters, [encodeMaster(ids.edition, atoms)]) },
  ];
  if (tags.length > 0) appended.push({ id: ids.tags, bytes: encodeMaster(ids.tags, tags) });
  return appended;
}

/** Unique in the file, not zero, and the same each time the same chapters are written, so that outputs can be compared. */
function uidOf(chapter: Chapter, index: number): bigint {
  const checksum = crc32(`${chapter.startUs} ${chapter.endUs} ${chapter.title}`);
  return BigInt(checksum) * 65536n + BigInt(index) + 1n;
}

function encodeAtom(chapter: Chapter, uid: bigint): Buffer {
  const nanoseconds = (us: number) => BigInt(Math.max(0, Math.round(us))) * 1000n;
  return encodeMaster(ids.chapterAtom, [
    encodeUnsigned(ids.chapterUid, uid),
    encodeUnsigned(ids.chapterStart, nanoseconds(chapter.startUs)),
    encodeUnsigned(ids.chapterEnd, nanoseconds(chapter.endUs)),
    encodeMaster(ids.chapterDisplay, [
      encodeText(ids.chapterString, chapter.title),
      encodeText(ids.chapterLanguage, 'und'),
    ]),
  ]);
}

function encodeTags(chapter: Chapter, uid: bigint): Buffer[] {
  const entries = Object.entries(chapter.metadata ?? {});
  if (entries.length === 0) return [];
  const simple = entries.map(([name, value]) =>
    encodeMaster(ids.simpleTag, [encodeText(ids.tagName, name), encodeText(ids.tagString, value)]),
  );
  return [encodeMaster(ids.tag, [encodeMaster(ids.targets, [encodeUnsigned(ids.targetChapterUid, uid)]), ...simple])];
}

/** The new size field of the Segment; undefined when it says "unknown", which stays true. */
function encodeSegmentSize(layout: MatroskaLayout, addedBytes: number, path: string): Buffer | undefined {
  const { size, length } = layout.segmentSizeField;
  if (size === undefined) return undefined;
  if (layout.segmentBody + size !== layout.fileSize) {
    throw refusal(path, `the Segment ends at ${layout.segmentBody + size} and the file at ${layout.fileSize}`);
  }
  if (size + addedBytes >= 2 ** (7 * length) - 1) throw refusal(path, 'the size field of the Segment is too short');
  return sizeBytes(size + addedBytes, length);
}

async function encodeSeekHead(
  file: FileHandle,
  layout: MatroskaLayout,
  entries: readonly Buffer[],
  path: string,
): Promise<{ offset: number; bytes: Buffer }> {
  const seekHead = layout.elements.find((element) => element.id === ids.seekHead);
  const body = seekHead && (await readBody(file, seekHead));
  if (seekHead === undefined || body === undefined) throw refusal(path, 'the file has no seek head');
  const end = seekHead.bodyOffset + seekHead.size;
  const filler = layout.elements.find((element) => element.id === ids.void && element.offset === end);
  const room = (filler === undefined ? end : filler.bodyOffset + filler.size) - seekHead.offset;
  const kept = keptEntries(body);
  const hasChecksum = child(body, ids.crc32) !== undefined;
  const bytes = padTo(room, withChecksum([...kept, ...entries], hasChecksum));
  if (bytes === undefined) throw refusal(path, `the seek head has ${room} bytes, too few to name the chapters`);
  return { offset: seekHead.offset, bytes };
}

function keptEntries(seekHeadBody: Buffer): Buffer[] {
  return [...elements(seekHeadBody)]
    .filter((element) => element.id === ids.seek)
    .filter((element) => unsigned(child(element.body, ids.seekId)) !== ids.chapters)
    .map((element) => encodeElement(element.id, element.body));
}

function withChecksum(children: readonly Buffer[], hasChecksum: boolean): Buffer {
  const body = Buffer.concat(children);
  if (!hasChecksum) return body;
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(body));
  return Buffer.concat([encodeElement(ids.crc32, checksum), body]);
}

function padTo(room: number, seekHeadBody: Buffer): Buffer | undefined {
  const seekHead = encodeElement(ids.seekHead, seekHeadBody);
  const left = room - seekHead.length;
  if (left < 0) return undefined;
  if (left >= 2) return Buffer.concat([seekHead, encodeVoid(left)]);
  // One byte is too short for filler: a size field may be longer than it need be.
  const sizeLength = seekHead.length - seekHeadBody.length - 4 + left;
  return Buffer.concat([seekHead.subarray(0, 4), sizeBytes(seekHeadBody.length, sizeLength), seekHeadBody]);
}

async function voidOldChapters(file: FileHandle, layout: MatroskaLayout): Promise<void> {
  for (const old of layout.elements.filter((element) => element.id === ids.chapters)) {
    const length = old.bodyOffset - old.offset + old.size;
    await writeAt(file, old.offset, encodeVoid(length));
  }
}
