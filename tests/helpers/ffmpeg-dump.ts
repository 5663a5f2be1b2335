import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const script = `
import { FormatContext, Log } from 'node-av/lib';
Log.setLevel(32);
const input = new FormatContext();
if (input.openInputSync(process.argv[1]) < 0) process.exit(1);
// Fills in the ends of chapters that the container does not keep.
input.findStreamInfoSync(null);
input.dumpFormat(0, process.argv[1], false);
input.closeInputSync();
`;

/**
 * What FFmpeg itself finds in a file, as it prints it: the same text as `ffprobe -hide_banner FILE`. In a process of its own, because FFmpeg
 * prints to standard error. @throws Error when FFmpeg cannot open the file
 */
export async function ffmpegDump(path: string): Promise<string> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, path]);
  return stderr;
}

/** The lines of {@link ffmpegDump} that tell of chapters: times and titles. */
export async function chaptersThatFfmpegSees(path: string): Promise<string[]> {
  const lines = (await ffmpegDump(path)).split('\n').map((line) => line.trim());
  const start = lines.indexOf('Chapters:');
  const end = lines.findIndex((line) => line.startsWith('Stream #'));
  if (start < 0) return [];
  return lines
    .slice(start + 1, end)
    .filter((line) => line !== 'Metadata:')
    .map((line) => line.replace(/^(Chapter #\S+|title +:) */, ''));
}
