import { appendFile, copyFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chapter } from '../../../streams/containers/chapter.js';
import {
  encodeElement,
  encodeMaster,
  encodeUnsigned,
  encodeVoid,
  sizeBytes,
} from '../../../streams/containers/ebml.js';
import { writeMatroskaChapters } from '../../../streams/containers/matroska-chapters.js';
import { matroskaIds as ids } from '../../../streams/containers/matroska-layout.js';
import { readChapters } from '../../../streams/libav/chapters.js';
import { fingerprint } from '../../fixtures/look.js';
import { h264Clip, truncatedFile } from '../../fixtures/media.js';
import { chaptersThatFfmpegSees } from '../../helpers/ffmpeg-dump.js';

const chapters: readonly Chapter[] = [
  { startUs: 0, endUs: 700_001, title: 'One: the start' },
  { startUs: 700_001, endUs: 1_500_000, title: 'Ünïcode – 日本\nsecond line' },
  { startUs: 1_600_000, endUs: 2_000_000, title: '' },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function copy(path: string): Promise<string> {
  const target = join(folder, 'film.mkv');
  await copyFile(path, target);
  return target;
}

describe('writeMatroskaChapters', () => {
  it('adds chapters that FFmpeg and we read back, and changes no frame', async () => {
    const original = await h264Clip({ container: 'mkv', audio: true });
    const path = await copy(original);
    await writeMatroskaChapters(path, chapters);
    expect(await readChapters(path)).toEqual(chapters);
    expect(await chaptersThatFfmpegSees(path)).toEqual([
      'start 0.000000, end 0.700001',
      'One: the start',
      'start 0.700001, end 1.500000',
      'Ünïcode – 日本',
      ': second line',
      'start 1.600000, end 2.000000',
      '',
    ]);
    expect(fingerprint(path)).toBe(fingerprint(original));
  });

  it('keeps what a chapter says besides its title', async () => {
    const path = await copy(await h264Clip({ container: 'mkv' }));
    const told: Chapter[] = [{ startUs: 0, endUs: 1_000_000, title: 'A', metadata: { ARTIST: 'Ä', COMMENT: 'b' } }];
    await writeMatroskaChapters(path, told);
    expect(await readChapters(path)).toEqual(told);
  });

  it('replaces the chapters that were there', async () => {
    const path = await copy(await h264Clip({ container: 'mkv' }));
    await writeMatroskaChapters(path, chapters);
    await writeMatroskaChapters(path, chapters.slice(0, 1));
    expect(await readChapters(path)).toEqual(chapters.slice(0, 1));
    expect(await chaptersThatFfmpegSees(path)).toHaveLength(2);
  });

  it('writes the same bytes for the same chapters', async () => {
    const path = await copy(await h264Clip({ container: 'mkv' }));
    await writeMatroskaChapters(path, chapters);
    const once = await readFile(path);
    const again = await copy(await h264Clip({ container: 'mkv' }));
    await writeMatroskaChapters(again, chapters);
    expect(once.equals(await readFile(again))).toBe(true);
  });

  it('leaves a playable file when it is interrupted before the seek head is patched', async () => {
    const original = await h264Clip({ container: 'mkv' });
    const path = await copy(original);
    await writeMatroskaChapters(path, chapters);
    const appended = (await readFile(path)).subarray((await readFile(original)).length);
    const interrupted = await copy(original);
    await appendFile(interrupted, appended);
    expect(fingerprint(interrupted)).toBe(fingerprint(original));
  });

  it('brings back any chapters', async () => {
    const original = await h264Clip({ container: 'mkv', frames: 2 });
    const title = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
    const spans = fc.uniqueArray(fc.integer({ min: 0, max: 10_000_000_000 }), { minLength: 2, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(spans, fc.array(title, { minLength: 20, maxLength: 20 }), async (times, titles) => {
        const sorted = [...times].sort((a, b) => a - b);
        const wanted = sorted.slice(1).map((endUs, i) => ({ startUs: sorted[i] ?? 0, endUs, title: titles[i] ?? '' }));
        const path = await copy(original);
        await writeMatroskaChapters(path, wanted);
        expect(await readChapters(path)).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  });

  it('finds its way in a file of many gigabytes', async () => {
    const path = join(folder, 'huge.mkv');
    const bigVoidBytes = 6 * 2 ** 30;
    const seekHead = Buffer.concat([encodeElement(ids.seekHead, Buffer.alloc(0)), encodeVoid(120)]);
    const bigVoid = Buffer.concat([Buffer.from([ids.void]), sizeBytes(bigVoidBytes, 8)]);
    const segmentSize = seekHead.length + bigVoid.length + bigVoidBytes;
    const segment = Buffer.concat([Buffer.from('18538067', 'hex'), sizeBytes(segmentSize, 8)]);
    const head = Buffer.concat([encodeMaster(ids.ebml, [encodeUnsigned(0x4286, 1)]), segment, seekHead, bigVoid]);
    await writeFile(path, head);
    // Sparse: no disk is used.
    await truncate(path, head.length + bigVoidBytes);
    await writeMatroskaChapters(path, chapters);
    expect(await readChapters(path)).toEqual(chapters);
  });

  it.each([
    ['a file that is not Matroska', async () => h264Clip()],
    ['a truncated file', () => truncatedFile('mkv')],
  ] as const)('refuses %s and leaves it as it is', async (_, make) => {
    const path = await copy(await make());
    const before = await readFile(path);
    await expect(writeMatroskaChapters(path, chapters)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(before.equals(await readFile(path))).toBe(true);
  });

  it('refuses a file whose seek head has no room', async () => {
    const path = join(folder, 'tight.mkv');
    const body = encodeElement(ids.seekHead, Buffer.alloc(0));
    await writeFile(
      path,
      Buffer.concat([encodeMaster(ids.ebml, []), Buffer.from('1853806701000000000000'.concat('05'), 'hex'), body]),
    );
    await expect(writeMatroskaChapters(path, chapters)).rejects.toThrow('too few to name the chapters');
  });
});

describe('reading Matroska chapters', () => {
  it('fills in ends that are missing from the next start', async () => {
    const atom = (startNs: number, uid: number) =>
      encodeMaster(ids.chapterAtom, [encodeUnsigned(ids.chapterUid, uid), encodeUnsigned(ids.chapterStart, startNs)]);
    const found = encodeMaster(ids.chapters, [encodeMaster(ids.edition, [atom(0, 1), atom(2_000_000_000, 2)])]);
    const path = join(folder, 'open.mkv');
    await writeFile(path, Buffer.concat([encodeMaster(ids.ebml, []), encodeMaster(ids.segment, [found])]));
    expect(await readChapters(path)).toEqual([
      { startUs: 0, endUs: 2_000_000, title: '' },
      { startUs: 2_000_000, endUs: 2_000_000, title: '' },
    ]);
  });

  it('survives any damage', async () => {
    const path = await copy(await h264Clip({ container: 'mkv', frames: 2 }));
    await writeMatroskaChapters(path, chapters);
    const bytes = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (offset, value) => {
        const file = await open(path, 'r+');
        await file.write(Buffer.from([value]), 0, 1, offset);
        await file.close();
        await expect(readChapters(path)).resolves.toBeInstanceOf(Array);
      }),
      { numRuns: 200 },
    );
  });
});
