import { writeFile as writeBytes } from 'node:fs/promises';
import { from, type Observable } from 'rxjs';
import { filterVideo } from '../operators/ffmpeg/ffmpeg-filter.js';
import type { Graph } from '../pipeline/graph/graph.js';
import {
  consumeFrames,
  FramePool,
  type Microseconds,
  mapOrdered,
  rationalValue,
  takeFrames,
  type VideoFrame,
  type VideoSample,
  VitascopeError,
} from '../pipeline/index.js';
import { openFile } from '../streams/file/open-file.js';
import type { OpenFileOptions } from '../streams/file/open-options.js';
import type { FilmInfo } from '../streams/film.js';
import { encodePicture } from '../streams/libav/encode-picture.js';
import { FrameFilter } from '../streams/libav/frame-filter.js';

/** Which film, which graph, where the sheet goes, and how many moments it shows. */
export interface PreviewOptions extends OpenFileOptions {
  readonly input: string;
  readonly graph: Graph;
  /** PNG file to write. */
  readonly output: string;
  /** Moments shown, each before and after. Default 6. */
  readonly moments?: number | undefined;
  /** Width of one picture in the sheet, pixels. Default 480. */
  readonly tileWidth?: number | undefined;
  readonly onMoment?: ((done: number, of: number) => void) | undefined;
}

/** Frames that run through the graph before the one that is shown, so that operators with memory have settled. */
const LEAD_FRAMES = 6;

interface Pair {
  readonly before: VideoFrame;
  readonly after: VideoFrame;
}

/**
 * Writes a contact sheet: moments spread over the film, each as it is (left) and as the graph makes it (right). Only a few frames
 * around each moment are decoded.
 *
 * @throws VitascopeError what reading and the graph fail with; `INPUT_NO_VIDEO`, `INPUT_EMPTY`, `OUTPUT_UNWRITABLE`.
 */
export async function previewFilm(
  options: PreviewOptions,
): Promise<{ path: string; momentsUs: readonly Microseconds[] }> {
  const { info } = await openFile(options.input, options);
  if (info.video === undefined)
    throw new VitascopeError('INPUT_NO_VIDEO', `${options.input} holds no video to preview`);
  const momentsUs = chooseMoments(info, options);
  const pairs: Pair[] = [];
  try {
    for (const [i, momentUs] of momentsUs.entries()) {
      const pair = await pairAt(momentUs, info, options);
      if (pair !== undefined) pairs.push(pair);
      options.onMoment?.(i + 1, momentsUs.length);
    }
    if (pairs.length === 0)
      throw new VitascopeError('INPUT_EMPTY', `${options.input}: no frame came at any of the moments`);
    const png = await encodeSheet(pairs, info, options.tileWidth ?? 480);
    await writeBytes(options.output, png).catch((cause: unknown) => {
      throw new VitascopeError('OUTPUT_UNWRITABLE', `cannot write ${options.output}`, { cause });
    });
    return { path: options.output, momentsUs };
  } finally {
    for (const { before, after } of pairs) {
      before.close();
      after.close();
    }
  }
}

/** Moments in the middle of equal parts of the film, so that titles and fades at its ends are avoided. */
function chooseMoments(info: FilmInfo, options: PreviewOptions): Microseconds[] {
  const fromUs = options.fromUs ?? 0;
  const endUs = options.toUs ?? info.durationUs ?? fromUs;
  const frames = info.video?.frames?.count ?? Number.POSITIVE_INFINITY;
  const count = Math.max(1, Math.min(options.moments ?? 6, frames));
  return Array.from({ length: count }, (_, i) => Math.round(fromUs + ((endUs - fromUs) * (i + 0.5)) / count));
}

/** The frame at a moment, before and after the graph, as copies that outlive the streams. The caller owns both. */
async function pairAt(momentUs: Microseconds, info: FilmInfo, options: PreviewOptions): Promise<Pair | undefined> {
  const rate = rationalValue(info.video?.frameRate ?? { num: 0, den: 1 }) || 25;
  const fromUs = Math.max(options.fromUs ?? 0, momentUs - Math.round((LEAD_FRAMES * 1e6) / rate));
  const film = await openFile(options.input, { ...options, fromUs });
  const pool = new FramePool({ slots: 4, name: 'preview' });
  let before: VideoFrame | undefined;
  let after: VideoFrame | undefined;
  const source = film.video.pipe(
    takeFrames(LEAD_FRAMES + 1),
    mapOrdered(async (sample) => {
      const copy = await sample.frame.copy(pool);
      before?.close();
      before = copy;
      return sample;
    }),
  );
  try {
    await consumeFrames(options.graph.build(source), async ({ frame }) => {
      const copy = await frame.copy(pool);
      after?.close();
      after = copy;
    });
  } catch (error) {
    before?.close();
    after?.close();
    throw error;
  }
  if (before !== undefined && after !== undefined) return { before, after };
  before?.close();
  return undefined;
}

/** One PNG of all pairs, a row each, turned upright and with square pixels. */
async function encodeSheet(pairs: readonly Pair[], info: FilmInfo, tileWidth: number): Promise<Buffer> {
  const tile = tileFilters(info, tileWidth);
  const tiles: VideoFrame[] = [];
  let png: Buffer | undefined;
  try {
    for (const { before, after } of pairs) {
      for (const frame of [before, after]) {
        await consumeFrames(
          oneFrame(frame).pipe(filterVideo(() => new FrameFilter({ chain: tile }))),
          async (sample) => {
            tiles.push(sample.frame.retain());
          },
        );
      }
    }
    const chain = `tile=2x${pairs.length}:padding=8:margin=8:color=0x181818`;
    await consumeFrames(
      inOrder(tiles.splice(0)).pipe(filterVideo(() => new FrameFilter({ chain }))),
      async ({ frame }) => {
        png = await encodePicture(frame);
      },
    );
  } finally {
    for (const frame of tiles) frame.close();
  }
  if (png === undefined) throw new VitascopeError('FILTER_INVALID', 'previewFilm: the sheet could not be put together');
  return png;
}

function tileFilters(info: FilmInfo, tileWidth: number): string {
  const turns: Readonly<Record<number, string>> = { 90: 'transpose=1,', 180: 'hflip,vflip,', 270: 'transpose=2,' };
  const { width = 4, height = 3, sampleAspectRatio, rotation = 0 } = info.video ?? {};
  const sar = rationalValue(sampleAspectRatio ?? { num: 1, den: 1 }) || 1;
  const turned = rotation === 90 || rotation === 270;
  const aspect = turned ? height / (width * sar) : (width * sar) / height;
  const [w, h] = [Math.round(tileWidth / 2) * 2, Math.round(tileWidth / aspect / 2) * 2];
  return `${turns[rotation] ?? ''}scale=${w}:${h}:flags=bicubic,setsar=1,format=yuv444p`;
}

/** A stream of one frame that stays the caller's. */
function oneFrame(frame: VideoFrame): Observable<VideoSample> {
  return from([{ frame: frame.retain(), meta: {} }]);
}

/** Tiles as a stream, which takes them over, timed one after another: their own times repeat. */
function inOrder(frames: readonly VideoFrame[]): Observable<VideoSample> {
  const pool = new FramePool({ slots: Math.max(1, frames.length), name: 'sheet' });
  return from(frames.map((frame) => ({ frame, meta: {} }))).pipe(
    mapOrdered(async ({ frame, meta }) => {
      const index = frames.indexOf(frame);
      const timed = await frame.copy(pool, { ptsUs: index * 40_000, durationUs: 40_000, index });
      frame.close();
      return { frame: timed, meta };
    }),
  );
}
