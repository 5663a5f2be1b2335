import { describe, expect, it } from 'vitest';
import { readChapters } from '../../../streams/libav/chapters.js';
import * as media from '../../fixtures/media.js';

describe('readChapters', () => {
  it('reads the chapters of a film with everything', async () => {
    expect(await readChapters(await media.richFilm())).toEqual(media.richFilmChapters);
  });

  it.each([
    ['a clip without chapters', () => media.h264Clip()],
    ['a transport stream', () => media.palInterlacedClip()],
    ['a picture', () => media.stillPng()],
    ['an image sequence', () => media.imageSequence()],
    ['random bytes', () => media.randomBytesFile()],
    ['an empty file', () => media.emptyFile()],
    ['a truncated Matroska file', () => media.truncatedFile('mkv')],
    ['an MP4 without its index', () => media.unreadableMp4()],
    ['an address', async () => 'rtmp://localhost/live'],
  ])('finds none in %s', async (_, make) => {
    expect(await readChapters(await make())).toEqual([]);
  });

  it('reads several files at once', async () => {
    const path = await media.richFilm();
    const all = await Promise.all(Array.from({ length: 8 }, () => readChapters(path)));
    expect(all).toEqual(Array.from({ length: 8 }, () => media.richFilmChapters));
  });
});
