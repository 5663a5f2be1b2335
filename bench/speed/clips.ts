import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { h264Clip } from '../../tests/fixtures/media.js';
import { runCommand } from './time-command.js';

/** A film to be measured on. */
export interface Clip {
  readonly path: string;
  readonly frames: number;
  /** For the report. */
  readonly description: string;
}

export interface ClipSource {
  /** Folder that holds `video/woman-walking.mp4`. */
  readonly data: string;
  /** Where clips are kept from one run to the next. */
  readonly work: string;
}

/** H.264 of `height` rows, 16:9, silent, of at least `frames` frames; black and white with `gray`. */
export async function clip(
  source: ClipSource,
  { frames, height = 720, gray = false }: { frames: number; height?: number; gray?: boolean },
): Promise<Clip> {
  await mkdir(source.work, { recursive: true });
  const real = join(source.data, 'video', 'woman-walking.mp4');
  const isReal = existsSync(real);
  const original = isReal ? real : await h264Clip({ width: 1280, height: 720, frames: 300, fps: 30, gop: 250 });
  const kind = `${isReal ? 'walk' : 'pattern'}-${height}${gray ? '-gray' : ''}`;
  const once = await made(join(source.work, `${kind}.mp4`), (path) => reencode(original, path, height, gray));
  const framesOnce = await countFrames(once);
  const loops = Math.ceil(frames / framesOnce);
  const path = await made(join(source.work, `${kind}-x${loops}.mp4`), (looped) =>
    runCommand(['ffmpeg', '-v', 'error', '-y', '-stream_loop', `${loops - 1}`, '-i', once, '-c', 'copy', looped]),
  );
  const name = isReal ? 'woman-walking.mp4' : "FFmpeg's test pattern";
  const description = `${name} ${loops} times, ${height}p${gray ? ' grey' : ''}, ${loops * framesOnce} frames of H.264`;
  return { path, frames: loops * framesOnce, description };
}

function reencode(from: string, to: string, height: number, gray: boolean): Promise<string> {
  const filter = `scale=-2:${height}${gray ? ',format=gray' : ''},format=yuv420p`;
  const coding = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '20'];
  return runCommand(['ffmpeg', '-v', 'error', '-y', '-i', from, '-an', '-vf', filter, ...coding, to]);
}

async function countFrames(path: string): Promise<number> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'stream=nb_frames', '-of', 'csv=p=0'];
  return Number(await runCommand(['ffprobe', '-v', 'error', ...entries, path]));
}

/** Makes a file unless it is there; a half-made one never counts. */
async function made(path: string, make: (path: string) => Promise<unknown>): Promise<string> {
  if (existsSync(path)) return path;
  const temporary = path.replace(/\.mp4$/, '.new.mp4');
  await make(temporary);
  await rename(temporary, path);
  return path;
}
