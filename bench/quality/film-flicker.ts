import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ColorizeOptions, colorize } from '../../operators/colorize/colorize.js';
import { ffmpegFilter } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { consumeFrames, type VideoFrame } from '../../pipeline/index.js';
import { openFile } from '../../streams/file/open-file.js';
import { chromaFlicker, type FlickerFrame } from './chroma-flicker.js';

/** Mean absolute change of chroma between successive frames where luma is static, 8-bit codes. */
export interface FilmFlicker {
  readonly film: string;
  readonly frames: number;
  readonly steadied: number;
  readonly unsteadied: number;
}

/** Only so much of a film is looked at, seconds. */
const SECONDS = 6;

/** Colours the beginning of a film with and without stabilisation and compares how much it flickers. */
export async function filmFlicker(film: string, options: ColorizeOptions): Promise<FilmFlicker> {
  const steadied = await flickerOf(film, options);
  const unsteadied = await flickerOf(film, { ...options, temporal: 0 });
  return { film, frames: steadied.frames, steadied: steadied.mean, unsteadied: unsteadied.mean };
}

/** The films of a folder, less those that only show another in its true colours. */
export async function listFilms(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mp4') && !name.includes('reference'));
  return names.sort().map((name) => join(folder, name));
}

async function flickerOf(path: string, options: ColorizeOptions): Promise<{ frames: number; mean: number }> {
  let [change, count, frames] = [0, 0, 0];
  let before: FlickerFrame | undefined;
  const film = await openFile(path, { toUs: SECONDS * 1e6 });
  const colored = film.video.pipe(ffmpegFilter({ chain: 'format=yuv420p' }), colorize({ ...options, when: 'always' }));
  await consumeFrames(colored, async ({ frame }) => {
    const after = copyOf(frame);
    if (before !== undefined) {
      const flicker = chromaFlicker(before, after);
      change += flicker.change;
      count += flicker.count;
    }
    before = after;
    frames++;
  });
  return { frames, mean: count === 0 ? 0 : change / count };
}

function copyOf(frame: VideoFrame): FlickerFrame {
  const [luma, cb, cr] = ([0, 1, 2] as const).map((plane) => Uint8Array.from(frame.plane(plane)));
  const { width, height } = frame;
  return { luma, cb, cr, width, height } as FlickerFrame;
}
