import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColorizeOptions } from '../../operators/colorize/colorize.js';
import { colorize } from '../../operators/colorize/colorize.js';
import { ffmpegFilter } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { consumeFrames, type PlaneData, tapFrames, type VideoFrame } from '../../pipeline/index.js';
import { openFile } from '../../streams/file/open-file.js';
import { rgbFromYcbcr } from './color-spaces.js';
import { colorDifference, colorfulness, type Pixels, psnr } from './picture-metrics.js';

/** One line of the table: means over all photographs. */
export interface QualityRow {
  readonly name: string;
  /** dB. */
  readonly psnr: number;
  readonly ciede2000: number;
  readonly colorfulness: number;
}

/** Photographs are judged at this short side, pixels. */
export const PHOTO_SHORT_SIDE = 192;
/** Chroma offsets of the constant tints: a print's sepia, and what the photographs of `bsds500/train` have on average (the best of constants). */
const tints: Readonly<Record<string, readonly [cb: number, cr: number]>> = {
  grey: [0, 0],
  'constant sepia': [-14, 7],
  'constant mean tint': [-9.3, 0.5],
};

/** Runs each photograph through the operator, as a film of one frame, and compares it with its own colours. */
export async function photoQuality(
  photos: readonly string[],
  options: ColorizeOptions,
  onPhoto: (done: number) => void,
): Promise<readonly QualityRow[]> {
  const sums = new Map<string, { psnr: number; ciede2000: number; colorfulness: number }>();
  for (const [i, photo] of photos.entries()) {
    const { truth, candidates } = await candidatesFor(photo, options);
    for (const [name, picture] of Object.entries({ 'true colour': truth, ...candidates })) {
      const sum = sums.get(name) ?? { psnr: 0, ciede2000: 0, colorfulness: 0 };
      sum.psnr += psnr(truth, picture);
      sum.ciede2000 += picture === truth ? 0 : colorDifference(truth, picture);
      sum.colorfulness += colorfulness(picture);
      sums.set(name, sum);
    }
    onPhoto(i + 1);
  }
  return [...sums].map(([name, sum]) => ({
    name,
    psnr: sum.psnr / photos.length,
    ciede2000: sum.ciede2000 / photos.length,
    colorfulness: sum.colorfulness / photos.length,
  }));
}

/** The JPEG files of some folders, in order. */
export async function listPhotos(folders: readonly string[]): Promise<readonly string[]> {
  const lists = folders.map(async (folder) =>
    (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).map((name) => join(folder, name)),
  );
  return (await Promise.all(lists)).flat().sort();
}

async function candidatesFor(
  photo: string,
  options: ColorizeOptions,
): Promise<{ truth: Pixels; candidates: Record<string, Pixels> }> {
  let truth: Pixels | undefined;
  let ours: Pixels | undefined;
  const candidates: Record<string, Pixels> = {};
  const film = await openFile(photo);
  const side = PHOTO_SHORT_SIDE;
  const scale = `scale=w='if(gt(iw,ih),-2,${side})':h='if(gt(iw,ih),${side},-2)':flags=area:out_range=pc:out_color_matrix=bt601`;
  const frames = film.video.pipe(
    ffmpegFilter({ chain: `${scale},format=yuv444p` }),
    tapFrames(({ frame }) => {
      truth = pixelsOf(frame, frame.plane(1), frame.plane(2));
      for (const [name, [cb, cr]] of Object.entries(tints)) candidates[name] = tinted(frame, cb, cr);
    }),
    colorize({ ...options, when: 'always' }),
  );
  await consumeFrames(frames, async ({ frame }) => {
    ours = pixelsOf(frame, frame.plane(1), frame.plane(2));
  });
  if (truth === undefined || ours === undefined) throw new Error(`${photo}: no picture came`);
  return { truth, candidates: { ...candidates, ours } };
}

function tinted(frame: VideoFrame, cb: number, cr: number): Pixels {
  return Array.from(frame.plane(0), (y) => rgbFromYcbcr(y, 128 + cb, 128 + cr));
}

function pixelsOf(frame: VideoFrame, cb: PlaneData, cr: PlaneData): Pixels {
  return Array.from(frame.plane(0), (y, i) => rgbFromYcbcr(y, cb[i] as number, cr[i] as number));
}
