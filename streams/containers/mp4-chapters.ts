import { type FileHandle, open } from 'node:fs/promises';
import { VitascopeError } from '../../pipeline/errors.js';
import { MICROSECONDS_PER_SECOND } from '../../pipeline/time.js';
import { type Chapter, completeChapters } from './chapter.js';
import { writeAt } from './file-bytes.js';
import { boxAt, boxes, encodeBox, type PlacedBox, readBoxBody, topLevelBoxes } from './mp4-boxes.js';
import { decodeChapterList, encodeChapterList } from './mp4-chapter-list.js';
import { readChapterTrack, timescaleOf } from './mp4-chapter-track.js';

/** Starts of the same chapter differ by less than this between track and list, which have different time scales. */
const SAME_START_US = 2000;

/**
 * Chapters of an MP4 or QuickTime file: its chapter track, which keeps ends too, and what only its Nero chapter list has
 * (FFmpeg leaves chapters without a title out of the track).
 */
export async function readMp4Chapters(file: FileHandle): Promise<Chapter[]> {
  const place = (await topLevelBoxes(file)).find((box) => box.type === 'moov');
  const movie = place && (await readBoxBody(file, place));
  if (movie === undefined) return [];
  const track = await readChapterTrack(file, movie);
  const listed = decodeChapterList(boxAt(movie, 'udta') ?? Buffer.alloc(0));
  const inTrack = (startUs: number) => track.some((chapter) => Math.abs(chapter.startUs - startUs) < SAME_START_US);
  const stored = [...track, ...listed.filter((chapter) => !inTrack(chapter.startUs))];
  return completeChapters(stored, durationUs(boxAt(movie, 'mvhd')));
}

function durationUs(header: Buffer | undefined): number | undefined {
  const timescale = timescaleOf(header);
  if (header === undefined || header.length < 32 || timescale === undefined) return undefined;
  const duration = header[0] === 1 ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  return Math.round((duration * MICROSECONDS_PER_SECOND) / timescale);
}

/**
 * Gives a finished MP4 or QuickTime file a Nero chapter list, replacing the chapters it had. The media data stay where they are:
 * a new `moov` goes to the end of the file, then four bytes turn the old one into `free` space. Until those are written the
 * file plays as it did before. A `moov` that stood first ("fast start") is last afterwards. The list keeps starts and titles,
 * not ends: a chapter ends where the next one starts.
 *
 * @throws VitascopeError `OUTPUT_UNWRITABLE` for a file that is not MP4, is fragmented, or ends in a box of open size.
 */
export async function writeMp4Chapters(path: string, chapters: readonly Chapter[]): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const place = await findMovie(file, path);
    const body = await readBoxBody(file, place);
    if (body === undefined) throw refusal(path, 'the movie header is incomplete');
    if (boxAt(body, 'mvex') !== undefined) throw refusal(path, 'a fragmented file has no room for chapters');
    await writeAt(file, (await file.stat()).size, withChapters(body, chapters));
    await writeAt(file, place.offset + 4, Buffer.from('free', 'latin1'));
  } finally {
    await file.close();
  }
}

function refusal(path: string, reason: string): VitascopeError {
  return new VitascopeError('OUTPUT_UNWRITABLE', `writeMp4Chapters: ${reason}: ${path}`, { context: { path } });
}

async function findMovie(file: FileHandle, path: string): Promise<PlacedBox> {
  const top = await topLevelBoxes(file);
  const last = top.at(-1);
  const fileSize = (await file.stat()).size;
  const movie = top.find((box) => box.type === 'moov');
  if (movie === undefined || last === undefined) throw refusal(path, 'a file with a movie header was expected');
  if (last.size === undefined || last.offset + last.size !== fileSize) {
    throw refusal(path, 'the last box does not end where the file ends');
  }
  return movie;
}

function withChapters(movie: Buffer, chapters: readonly Chapter[]): Buffer {
  const children = [...boxes(movie)];
  const kept = children.filter((box) => box.type !== 'udta');
  const userData = [...boxes(boxAt(movie, 'udta') ?? Buffer.alloc(0))].filter((box) => box.type !== 'chpl');
  const list = encodeBox('udta', [...userData.map((box) => box.bytes), encodeChapterList(chapters)]);
  return encodeBox('moov', [
    ...kept.map((box) => (box.type === 'trak' ? withoutChapterReference(box.bytes) : box.bytes)),
    list,
  ]);
}

/** Readers prefer a chapter track to the list, so no track may go on naming one. */
function withoutChapterReference(track: Buffer): Buffer {
  const copy = Buffer.from(track);
  const references = boxAt(copy.subarray(8), 'tref') ?? Buffer.alloc(0);
  for (const box of boxes(references)) if (box.type === 'chap') box.bytes.write('free', 4, 'latin1');
  return copy;
}
