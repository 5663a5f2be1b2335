import { copyFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chapter } from '../../../streams/containers/chapter.js';
import { encodeBox } from '../../../streams/containers/mp4-boxes.js';
import { decodeChapterList, encodeChapterList } from '../../../streams/containers/mp4-chapter-list.js';
import { writeMp4Chapters } from '../../../streams/containers/mp4-chapters.js';
import { readChapters } from '../../../streams/libav/chapters.js';
import { fingerprint } from '../../fixtures/look.js';
import { fastStartClip, h264Clip, unreadableMp4, zeroFrameFile } from '../../fixtures/media.js';
import { chaptersThatFfmpegSees } from '../../helpers/ffmpeg-dump.js';

const chapters: readonly Chapter[] = [
  { startUs: 0, endUs: 700_001, title: 'One: the start' },
  { startUs: 700_001, endUs: 2_000_000, title: 'Ünïcode – 日本' },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function copy(path: string): Promise<string> {
  const target = join(folder, 'film.mp4');
  await copyFile(path, target);
  return target;
}

describe('writeMp4Chapters', () => {
  it.each([
    ['MP4', () => h264Clip({ audio: true }), '2.000000'],
    ['QuickTime', () => h264Clip({ container: 'mov' }), '2.000000'],
    ['MP4 with its index in front', () => fastStartClip(), '5.000000'],
  ] as const)('adds chapters to %s that FFmpeg and we read back, and changes no frame', async (_, make, filmEnd) => {
    const original = await make();
    const path = await copy(original);
    await writeMp4Chapters(path, chapters);
    expect((await readChapters(path)).map(({ startUs, title }) => ({ startUs, title }))).toEqual(
      chapters.map(({ startUs, title }) => ({ startUs, title })),
    );
    const seen = await chaptersThatFfmpegSees(path);
    expect(seen.slice(0, 2)).toEqual(['start 0.000000, end 0.700001', 'One: the start']);
    expect(seen[2]).toBe(`start 0.700001, end ${filmEnd}`);
    expect(fingerprint(path)).toBe(fingerprint(original));
  });

  it('ends a chapter where the next one starts, and the last one with the film', async () => {
    const path = await copy(await h264Clip());
    await writeMp4Chapters(path, chapters);
    expect(await readChapters(path)).toEqual(chapters);
  });

  it('replaces the chapters that were there', async () => {
    const path = await copy(await h264Clip());
    await writeMp4Chapters(path, chapters);
    await writeMp4Chapters(path, chapters.slice(1));
    expect((await readChapters(path)).map((chapter) => chapter.title)).toEqual(['Ünïcode – 日本']);
  });

  it('leaves a playable file when it is interrupted before the old index is freed', async () => {
    const original = await h264Clip();
    const path = await copy(original);
    await writeMp4Chapters(path, chapters);
    const oldIndex = (await readFile(original)).indexOf('moov');
    const file = await open(path, 'r+');
    await file.write(Buffer.from('moov'), 0, 4, oldIndex);
    await file.close();
    expect(fingerprint(path)).toBe(fingerprint(original));
  });

  it('finds its way in a file of many gigabytes', async () => {
    const path = join(folder, 'huge.mp4');
    const mediaBytes = 6 * 2 ** 30;
    const mediaHeader = Buffer.alloc(16);
    mediaHeader.writeUInt32BE(1);
    mediaHeader.write('mdat', 4, 'latin1');
    mediaHeader.writeBigUInt64BE(BigInt(mediaBytes), 8);
    await writeFile(path, mediaHeader);
    // Sparse: no disk is used.
    await truncate(path, mediaBytes);
    const file = await open(path, 'r+');
    const movie = encodeBox('moov', [encodeBox('mvhd', [movieHeader(1000, 2000)])]);
    await file.write(movie, 0, movie.length, mediaBytes);
    await file.close();
    await writeMp4Chapters(path, chapters);
    expect(await readChapters(path)).toEqual(chapters);
  });

  it.each([
    ['a fragmented file', () => zeroFrameFile('mp4')],
    ['a file without index', () => unreadableMp4()],
    ['a file that is not MP4', () => h264Clip({ container: 'ts' })],
  ] as const)('refuses %s and leaves it as it is', async (_, make) => {
    const path = await copy(await make());
    const before = await readFile(path);
    await expect(writeMp4Chapters(path, chapters)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(before.equals(await readFile(path))).toBe(true);
  });
});

describe('reading MP4 chapters', () => {
  it('survives any damage', async () => {
    const path = join(folder, 'damaged.mov');
    const bytes = fileWithChapterTrack();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (offset, value) => {
        const damaged = Buffer.from(bytes);
        damaged[offset] = value;
        await writeFile(path, damaged);
        await expect(readChapters(path)).resolves.toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the Nero chapter list', () => {
  it('brings back any starts and titles', () => {
    const entry = fc.record({
      startUs: fc.integer({ min: 0, max: 10_000_000_000 }),
      title: fc.string({ unit: 'grapheme', maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 255 }), (entries) => {
        const list = encodeChapterList(entries.map((chapter) => ({ ...chapter, endUs: chapter.startUs })));
        expect(decodeChapterList(list)).toEqual(entries.map((chapter) => ({ ...chapter, endUs: undefined })));
      }),
    );
  });

  it('cuts long titles between characters', () => {
    const [chapter] = decodeChapterList(encodeChapterList([{ startUs: 0, endUs: 1, title: `a${'日'.repeat(100)}` }]));
    expect(chapter?.title).toBe(`a${'日'.repeat(84)}`);
  });

  it('stops at damage', () => {
    const list = encodeChapterList(chapters);
    expect(decodeChapterList(Buffer.concat([encodeBox('chpl', [list.subarray(8, 20)])]))).toEqual([]);
  });
});

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeInt32BE(value, 4 * i);
  });
  return bytes;
}

function movieHeader(timescale: number, duration: number): Buffer {
  return Buffer.concat([words(0, 0, 0, timescale, duration), Buffer.alloc(80)]);
}

/** A file with a QuickTime chapter track of three titles, delayed by half a second, in two chunks. */
function fileWithChapterTrack(): Buffer {
  const utf16 = Buffer.from('\ufeffZwei ü', 'utf16le').swap16();
  const sample = (title: Buffer) => Buffer.concat([Buffer.from([0, title.length]), title]);
  const samples = [sample(Buffer.from('One')), sample(utf16), sample(Buffer.from('日本'))];
  const [first = 0, second = 0, third = 0] = samples.map((bytes) => bytes.length);
  const table = encodeBox('stbl', [
    encodeBox('stts', [words(0, 2, 2, 1000, 1, 500)]),
    encodeBox('stsc', [words(0, 2, 1, 2, 1, 2, 1, 1)]),
    encodeBox('stsz', [words(0, 0, 3, first, second, third)]),
    encodeBox('stco', [words(0, 2, 8, 8 + first + second)]),
  ]);
  const handler = encodeBox('hdlr', [words(0, 0), Buffer.from('text')]);
  const media = encodeBox('mdia', [
    encodeBox('mdhd', [words(0, 0, 0, 1000, 2500)]),
    handler,
    encodeBox('minf', [table]),
  ]);
  const edits = encodeBox('edts', [encodeBox('elst', [words(0, 2, 300, -1, 1, 1500, 0, 1)])]);
  const chapterTrack = encodeBox('trak', [encodeBox('tkhd', [words(0, 0, 0, 7)]), edits, media]);
  const video = encodeBox('trak', [
    encodeBox('tkhd', [words(0, 0, 0, 1)]),
    encodeBox('tref', [encodeBox('chap', [words(7)])]),
  ]);
  const movie = encodeBox('moov', [encodeBox('mvhd', [movieHeader(600, 1800)]), video, chapterTrack]);
  return Buffer.concat([encodeBox('mdat', samples), movie]);
}

describe('the QuickTime chapter track', () => {
  it('is read with its delay, its ends and both encodings of titles', async () => {
    const path = join(folder, 'track.mov');
    await writeFile(path, fileWithChapterTrack());
    expect(await readChapters(path)).toEqual([
      { startUs: 500_000, endUs: 1_500_000, title: 'One' },
      { startUs: 1_500_000, endUs: 2_500_000, title: 'Zwei ü' },
      { startUs: 2_500_000, endUs: 3_000_000, title: '日本' },
    ]);
  });

  it('gives way to chapters that are written', async () => {
    const path = join(folder, 'track.mov');
    await writeFile(path, fileWithChapterTrack());
    await writeMp4Chapters(path, chapters);
    expect((await readChapters(path)).map((chapter) => chapter.title)).toEqual(['One: the start', 'Ünïcode – 日本']);
  });
});
