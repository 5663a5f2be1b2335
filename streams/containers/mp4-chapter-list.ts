import type { Chapter, StoredChapter } from './chapter.js';
import { boxes, encodeBox } from './mp4-boxes.js';

/**
 * Nero's chapter list, the `chpl` box in `moov/udta`: up to 255 starts in units of 100 ns, each with a title of up to 255
 * bytes of UTF-8. It keeps no ends. There is no public specification; the layout is the one FFmpeg reads and writes.
 */
export const MAX_LISTED_CHAPTERS = 255;

const MAX_TITLE_BYTES = 255;
const UNITS_PER_MICROSECOND = 10;

/** The chapters of a `udta` body; none when it has no list, or a damaged one. */
export function decodeChapterList(udta: Buffer): StoredChapter[] {
  const list = [...boxes(udta)].find((box) => box.type === 'chpl')?.body;
  if (list === undefined || list.length < 5) return [];
  const countAt = list[0] === 0 ? 4 : 8;
  const count = list[countAt] ?? 0;
  const chapters: StoredChapter[] = [];
  let offset = countAt + 1;
  while (chapters.length < count && offset + 9 <= list.length) {
    const startUs = Math.round(Number(list.readBigUInt64BE(offset)) / UNITS_PER_MICROSECOND);
    const titleEnd = offset + 9 + (list[offset + 8] ?? 0);
    chapters.push({ startUs, endUs: undefined, title: list.toString('utf8', offset + 9, titleEnd) });
    offset = titleEnd;
  }
  return chapters;
}

/** The `chpl` box of these chapters; those past the 255th are left out, and long titles are cut between characters. */
export function encodeChapterList(chapters: readonly Chapter[]): Buffer {
  const listed = chapters.slice(0, MAX_LISTED_CHAPTERS);
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, listed.length]);
  return encodeBox('chpl', [head, ...listed.map(encodeEntry)]);
}

function encodeEntry(chapter: Chapter): Buffer {
  const title = cutTitle(chapter.title);
  const head = Buffer.alloc(9);
  head.writeBigUInt64BE(BigInt(Math.max(0, Math.round(chapter.startUs))) * BigInt(UNITS_PER_MICROSECOND));
  head[8] = title.length;
  return Buffer.concat([head, title]);
}

function cutTitle(title: string): Buffer {
  const bytes = Buffer.from(title, 'utf8');
  if (bytes.length <= MAX_TITLE_BYTES) return bytes;
  let end = MAX_TITLE_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
