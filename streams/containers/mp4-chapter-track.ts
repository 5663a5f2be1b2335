import type { FileHandle } from 'node:fs/promises';
import { MICROSECONDS_PER_SECOND } from '../../pipeline/time.js';
import type { StoredChapter } from './chapter.js';
import { readAt } from './file-bytes.js';
import { boxAt, boxes } from './mp4-boxes.js';

/** Longer titles are damage. */
const MAX_TITLE_BYTES = 65_537;

/**
 * Chapters kept as QuickTime does: a text track, one sample per chapter, that another track names in `tref/chap`.
 *
 * @param movie body of the `moov` box
 */
export async function readChapterTrack(file: FileHandle, movie: Buffer): Promise<StoredChapter[]> {
  const tracks = [...boxes(movie)].filter((box) => box.type === 'trak').map((box) => box.body);
  const named = new Set(tracks.flatMap(referredChapterTracks));
  const track = tracks.find((candidate) => named.has(trackId(candidate) ?? 0) && isText(candidate));
  const table = track && boxAt(track, 'mdia', 'minf', 'stbl');
  const timescale = track && timescaleOf(boxAt(track, 'mdia', 'mdhd'));
  if (track === undefined || table === undefined || timescale === undefined) return [];
  const sizes = sampleSizes(boxAt(table, 'stsz'));
  const offsets = sampleOffsets(table, sizes);
  const durations = sampleDurations(boxAt(table, 'stts'));
  const chapters: StoredChapter[] = [];
  let ticks = 0;
  const delayUs = initialDelayUs(track, movie);
  const toUs = (t: number) => delayUs + Math.round((t * MICROSECONDS_PER_SECOND) / timescale);
  for (const [i, offset] of offsets.entries()) {
    const endTicks = ticks + (durations[i] ?? 0);
    const title = decodeTitle(await readAt(file, offset, Math.min(sizes[i] ?? 0, MAX_TITLE_BYTES)));
    chapters.push({ startUs: toUs(ticks), endUs: endTicks > ticks ? toUs(endTicks) : undefined, title });
    ticks = endTicks;
  }
  return chapters;
}

/** 32-bit words of a box's body from byte `from` on. */
function words(body: Buffer | undefined, from: number): number[] {
  const count = Math.max(0, Math.floor(((body?.length ?? 0) - from) / 4));
  return Array.from({ length: count }, (_, i) => body?.readUInt32BE(from + 4 * i) ?? 0);
}

function referredChapterTracks(track: Buffer): number[] {
  return words(boxAt(track, 'tref', 'chap'), 0);
}

function trackId(track: Buffer): number | undefined {
  const header = boxAt(track, 'tkhd');
  return words(header, header?.[0] === 1 ? 20 : 12)[0];
}

function isText(track: Buffer): boolean {
  const handler = boxAt(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
  return handler === 'text' || handler === 'sbtl';
}

/** Ticks per second that a movie header (`mvhd`) or media header (`mdhd`) states; undefined when it is damaged. */
export function timescaleOf(header: Buffer | undefined): number | undefined {
  const timescale = words(header, header?.[0] === 1 ? 20 : 12)[0];
  return timescale === 0 ? undefined : timescale;
}

/** An edit list that begins with nothing (`media_time` −1) delays the track. */
function initialDelayUs(track: Buffer, movie: Buffer): number {
  const edits = boxAt(track, 'edts', 'elst');
  const timescale = timescaleOf(boxAt(movie, 'mvhd'));
  if (edits === undefined || edits.length < 28 || timescale === undefined) return 0;
  const long = edits[0] === 1;
  const mediaTime = long ? Number(edits.readBigInt64BE(16)) : edits.readInt32BE(12);
  const duration = long ? Number(edits.readBigUInt64BE(8)) : edits.readUInt32BE(8);
  return mediaTime === -1 ? Math.round((duration * MICROSECONDS_PER_SECOND) / timescale) : 0;
}

function sampleSizes(box: Buffer | undefined): number[] {
  const [common = 0, count = 0] = words(box, 4);
  return common === 0 ? words(box, 12).slice(0, count) : new Array<number>(Math.min(count, 65_536)).fill(common);
}

function sampleDurations(box: Buffer | undefined): number[] {
  const entries = words(box, 8);
  const durations: number[] = [];
  for (let i = 0; i + 1 < entries.length; i += 2) {
    const count = Math.min(entries[i] ?? 0, 65_536);
    for (let k = 0; k < count; k++) durations.push(entries[i + 1] ?? 0);
  }
  return durations;
}

function chunkOffsets(table: Buffer): number[] {
  const long = boxAt(table, 'co64');
  if (long === undefined) return words(boxAt(table, 'stco'), 8);
  const halves = words(long, 8);
  return Array.from(
    { length: halves.length >> 1 },
    (_, i) => (halves[2 * i] ?? 0) * 2 ** 32 + (halves[2 * i + 1] ?? 0),
  );
}

function sampleOffsets(table: Buffer, sizes: readonly number[]): number[] {
  const runs = words(boxAt(table, 'stsc'), 8);
  const offsets: number[] = [];
  let samplesPerChunk = 0;
  for (const [chunk, chunkOffset] of chunkOffsets(table).entries()) {
    const run = runs.findIndex((first, i) => i % 3 === 0 && first === chunk + 1);
    if (run >= 0) samplesPerChunk = runs[run + 1] ?? 0;
    let offset = chunkOffset;
    for (let i = 0; i < samplesPerChunk && offsets.length < sizes.length; i++) {
      offset += sizes[offsets.push(offset) - 1] ?? 0;
    }
  }
  return offsets;
}

/** A length of two bytes, then UTF-8, or UTF-16 when it begins with a byte order mark. */
function decodeTitle(sample: Buffer): string {
  if (sample.length < 2) return '';
  const title = sample.subarray(2, 2 + sample.readUInt16BE(0));
  const mark = title.length >= 2 ? title.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return title.toString('utf16le', 2);
  if (mark !== 0xfeff) return title.toString('utf8');
  const even = title.subarray(2, 2 + ((title.length - 2) & ~1));
  return Buffer.from(even).swap16().toString('utf16le');
}
