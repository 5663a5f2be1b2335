import { open, stat } from 'node:fs/promises';
import type { Chapter } from '../containers/chapter.js';
import { readMatroskaChapters } from '../containers/matroska-chapters-read.js';
import { readMp4Chapters } from '../containers/mp4-chapters.js';

export type { Chapter } from '../containers/chapter.js';

/** What the first bytes of an EBML file are. */
const EBML_MAGIC = 0x1a45dfa3;

/**
 * The chapters of a Matroska, WebM, MP4 or QuickTime file, in order of time; none for whatever else it is, for a damaged part
 * of the file that should hold them, and for a path that is no file (an address, a pattern of image names, a device).
 *
 * The containers are parsed here because node-av does not expose `AVFormatContext.chapters`. FFmpeg's `av_dump_format` prints
 * them, but node-av delivers log messages later and aborts the process when one is still on its way as the process ends.
 */
export async function readChapters(path: string): Promise<Chapter[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || !info.isFile() || info.size < 8) return [];
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    return head.readUInt32BE(0) === EBML_MAGIC ? await readMatroskaChapters(file) : await readMp4Chapters(file);
  } finally {
    await file.close();
  }
}
