import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdsChapters, writeChapters } from '../../../streams/containers/write-chapters.js';
import { readChapters } from '../../../streams/libav/chapters.js';
import { h264Clip } from '../../fixtures/media.js';

const chapters = [{ startUs: 0, endUs: 2_000_000, title: 'All of it' }];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeChapters', () => {
  it.each([
    ['mkv', 'matroska'],
    ['mkv', 'matroska,webm'],
    ['mp4', 'mp4'],
    ['mp4', 'mov,mp4,m4a,3gp,3g2,mj2'],
    ['mov', 'mov'],
  ] as const)('writes into a .%s file whose container is called %s', async (extension, name) => {
    const path = join(folder, `film.${extension}`);
    await copyFile(await h264Clip({ container: extension }), path);
    expect(await writeChapters(path, name, chapters)).toBe(true);
    expect(await readChapters(path)).toEqual(chapters);
  });

  it.each(['mpegts', 'ts', 'image2', 'toString'])('says that %s holds no chapters', async (name) => {
    expect(holdsChapters(name)).toBe(false);
    expect(await writeChapters(join(folder, 'none'), name, chapters)).toBe(false);
  });

  it('touches nothing when there are no chapters', async () => {
    const path = join(folder, 'film.mkv');
    await copyFile(await h264Clip({ container: 'mkv' }), path);
    const before = await readFile(path);
    expect(await writeChapters(path, 'matroska', [])).toBe(true);
    expect(before.equals(await readFile(path))).toBe(true);
  });
});
