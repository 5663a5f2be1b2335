import type { Chapter } from './chapter.js';
import { writeMatroskaChapters } from './matroska-chapters.js';
import { writeMp4Chapters } from './mp4-chapters.js';

type ChapterWriter = (path: string, chapters: readonly Chapter[]) => Promise<void>;

const writers: Readonly<Record<string, ChapterWriter>> = {
  matroska: writeMatroskaChapters,
  mkv: writeMatroskaChapters,
  webm: writeMatroskaChapters,
  mp4: writeMp4Chapters,
  m4v: writeMp4Chapters,
  mov: writeMp4Chapters,
  ipod: writeMp4Chapters,
};

/** True when {@link writeChapters} can write chapters into this container. */
export function holdsChapters(containerName: string): boolean {
  return containerName.split(',').some((name) => Object.hasOwn(writers, name));
}

/**
 * Writes chapters into a finished file, which must not be open for writing elsewhere. The file is patched, never rewritten, and a
 * failure leaves it as playable as it was; still, apply it before the file gets its final name.
 *
 * @param containerName FFmpeg's muxer or demuxer name or a file extension without dot (`matroska`, `mkv`, `mov,mp4,m4a,…`)
 * @returns false when the container holds no chapters, so that the caller can say that they were lost; true otherwise,
 *   also when there were none to write
 * @throws VitascopeError `OUTPUT_UNWRITABLE` when the file is not a complete file of that container
 */
export async function writeChapters(
  path: string,
  containerName: string,
  chapters: readonly Chapter[],
): Promise<boolean> {
  const name = containerName.split(',').find((candidate) => Object.hasOwn(writers, candidate));
  const write = name === undefined ? undefined : writers[name];
  if (write === undefined) return false;
  if (chapters.length > 0) await write(path, chapters);
  return true;
}
