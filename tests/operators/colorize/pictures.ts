import { Observable } from 'rxjs';
import { colorCoding } from '../../../operators/colorize/color-coding.js';
import { FramePool } from '../../../pipeline/frame-pool.js';
import { tapFrames } from '../../../pipeline/frames/tap-frames.js';
import { ledger } from '../../../pipeline/ledger.js';
import { chromaShift } from '../../../pipeline/picture.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import type { FrameProperties, VideoFrame } from '../../../pipeline/video-frame.js';
import { testFrame } from '../../helpers/frames.js';

/** Luma 0–1 at a place given as shares of the picture's sides. */
export type Luma = (x: number, y: number) => number;
/** Chroma offsets, 8-bit full-range BT.601 codes, at a place of a given luma. */
export type Chroma = (x: number, y: number, luma: number) => readonly [cb: number, cr: number];

export interface PictureOptions extends Partial<FrameProperties> {
  readonly luma?: Luma;
  readonly chroma?: Chroma;
}

export const WIDTH = 128;
export const HEIGHT = 96;

/** A bright sky over a hill and a dark, textured meadow, with a house: the same in every test. */
export const landscape: Luma = (x, y) => {
  const horizon = 0.5 + 0.08 * Math.sin(x * 7);
  if (x > 0.6 && x < 0.8 && y > 0.4 && y < 0.75) return y < 0.5 ? 0.3 : 0.62;
  if (y < horizon) return 0.7 + 0.2 * y;
  return 0.32 + 0.1 * Math.sin(x * 90 + y * 50) * Math.sin(y * 120);
};

/** A quite different picture: a bright disc in front of vertical stripes. */
export const stage: Luma = (x, y) => {
  if ((x - 0.3) ** 2 + (y - 0.4) ** 2 < 0.05) return 0.85;
  return 0.3 + 0.2 * Math.sign(Math.sin(x * 40));
};

/** Blue above, green below, red where the house stands. */
export const trueColors: Chroma = (x, y) => {
  if (x > 0.6 && x < 0.8 && y > 0.4 && y < 0.75) return [-10, 30];
  return y < 0.5 ? [25, -12] : [-20, -14];
};

/** A print toned brown: chroma that depends on luma alone. */
export const sepia: Chroma = (_x, _y, luma) => [-48 * luma * (1.15 - luma), 24 * luma * (1.15 - luma)];

export const noChroma: Chroma = () => [0, 0];

/** The same numbers −1…1 for the same seed. */
export function noise(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Adds grain of this amplitude, 0–1, another for each seed. The picture must be asked for row by row. */
export function grainy(luma: Luma, amplitude: number, seed: number): Luma {
  const next = noise(seed);
  return (x, y) => luma(x, y) + amplitude * next();
}

/** A picture in the coding of its format and tags, in a pool of its own unless one is given. The caller owns it. */
export function picture(index = 0, options: PictureOptions = {}, pool?: FramePool): VideoFrame {
  const { luma = landscape, chroma = noChroma, ...changes } = options;
  const frame = testFrame(index, { width: WIDTH, height: HEIGHT, ...changes }, pool);
  paint(frame, luma, chroma);
  return frame;
}

export function pictureSample(index = 0, options: PictureOptions = {}, pool?: FramePool): VideoSample {
  return { frame: picture(index, options, pool), meta: {} };
}

/** A film of pictures, each made when there is room for it, not inside `subscribe`. */
export function film(count: number, optionsAt: (index: number) => PictureOptions, slots = 8): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const pool = new FramePool({ slots, name: 'film' });
    const produce = async (): Promise<void> => {
      for (let i = 0; i < count && !subscriber.closed; i++) {
        while (pool.inUse >= slots && !subscriber.closed) await nextTurn();
        if (subscriber.closed) return;
        subscriber.next(pictureSample(i, optionsAt(i), pool));
        await nextTurn();
      }
      subscriber.complete();
    };
    produce().catch((error: unknown) => subscriber.error(error));
  });
}

/** Keeps a share of every frame that passes, as another branch of a graph would. */
export function holdFrames(frames: Observable<VideoSample>, held: VideoFrame[]): Observable<VideoSample> {
  return frames.pipe(tapFrames(({ frame }) => held.push(frame.retain())));
}

/** A plane's samples as they are now. */
export function copyPlane(frame: VideoFrame, plane: 0 | 1 | 2): readonly number[] {
  return Array.from(frame.plane(plane));
}

/** Mean distance of chroma from neutral, codes, over the rows between two shares of the height. */
export function meanChroma(frame: VideoFrame, from = 0, to = 1): number {
  const { chromaZero } = colorCoding(frame);
  const { width, height } = frame.planes[1];
  const [cb, cr] = [frame.plane(1), frame.plane(2)];
  const [start, end] = [Math.ceil(from * height) * width, Math.floor(to * height) * width];
  let sum = 0;
  for (let i = start; i < end; i++) {
    sum += Math.abs((cb[i] as number) - chromaZero) + Math.abs((cr[i] as number) - chromaZero);
  }
  return sum / (2 * (end - start));
}

/** Mean absolute difference of the chroma of two frames' planes, codes. */
export function chromaChange(before: readonly (readonly number[])[], after: readonly (readonly number[])[]): number {
  let sum = 0;
  let count = 0;
  for (const [plane, values] of after.entries()) {
    for (const [i, value] of values.entries()) sum += Math.abs(value - ((before[plane] as number[])[i] as number));
    count += values.length;
  }
  return sum / count;
}

/** Waits for what workers still have in hand, then expects that every frame was closed. */
export async function balancedLedger(body: () => Promise<void>): Promise<void> {
  const before = ledger.balance;
  await body();
  const patience = performance.now() + 10_000;
  while (ledger.balance !== before && performance.now() < patience) await nextTurn();
  if (ledger.balance !== before) throw new Error(`${ledger.balance - before} frames were opened and never closed`);
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function paint(frame: VideoFrame, luma: Luma, chroma: Chroma): void {
  const { lumaScale, lumaZero, chromaGain, chromaZero } = colorCoding(frame);
  const [y, cb, cr] = [frame.plane(0), frame.plane(1), frame.plane(2)];
  const { width, height } = frame;
  const at = (column: number, row: number): number => clamp(luma((column + 0.5) / width, (row + 0.5) / height));
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) y[i] = Math.round(lumaZero + at(column, row) / lumaScale);
  }
  const shift = chromaShift(frame.pixelFormat);
  const size = frame.planes[1];
  for (let row = 0, i = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++, i++) {
      const [px, py] = [((column << shift.x) + 0.5) / width, ((row << shift.y) + 0.5) / height];
      const [b, r] = chroma(
        px,
        py,
        ((y[(row << shift.y) * width + (column << shift.x)] as number) - lumaZero) * lumaScale,
      );
      cb[i] = Math.round(chromaZero + b * chromaGain[0]);
      cr[i] = Math.round(chromaZero + r * chromaGain[1]);
    }
  }
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
