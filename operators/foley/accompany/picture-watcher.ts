import type { Microseconds, VideoFrame } from '../../../pipeline/index.js';
import { HardCut } from '../../shot-change/hard-cut.js';
import { type LumaGrid, lumaGrid } from '../../shot-change/luma-grid.js';
import type { MusicMeta } from '../cues.js';
import { brightnessOf, motionOf } from './picture-facts.js';

/** Motion is seen between pictures that are at least so far apart, or fast films would seem still. */
const LEAST_APART_US: Microseconds = 33_000;
/** Frames a second up to which a watcher that begins late comes to see the same. */
const FASTEST_FPS = 240;

/** Pictures that a watcher must have seen to tell the same of the next one as another who has seen all. */
export const WATCHER_MEMORY = 1 + Math.ceil((LEAST_APART_US * FASTEST_FPS) / 1_000_000);

/** Looks at picture after picture as an accompanist does: where shots begin, how much moves, how bright it is. Keeps the luma grids of the last 33 ms. */
export class PictureWatcher {
  readonly #cuts = new HardCut();
  /** Of this shot: one that is old enough to be compared with, and those after it. */
  #shot: { readonly grid: LumaGrid; readonly ptsUs: Microseconds }[] = [];

  /** What is to be told of the next picture; figures have three decimals. The frame stays the caller's. */
  watch(frame: VideoFrame): MusicMeta['music'] {
    const { ptsUs } = frame;
    const grid = lumaGrid(frame);
    const cut = this.#cuts.isFirst(grid);
    const isOld = (one: { readonly ptsUs: Microseconds }): boolean => ptsUs - one.ptsUs >= LEAST_APART_US;
    const from = cut ? this.#shot.length : Math.max(0, this.#shot.findLastIndex(isOld));
    this.#shot = [...this.#shot.slice(from), { grid, ptsUs }];
    const [before] = this.#shot;
    const motion = before !== undefined && isOld(before) ? motionOf(before.grid, grid) : 0;
    return { cut, motion: rounded(motion), brightness: rounded(brightnessOf(grid)) };
  }
}

function rounded(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}
