import { type Microseconds, VitascopeError } from '../../../pipeline/index.js';
import type { LumaGrid } from '../../shot-change/luma-grid.js';

/** What the music hears of a picture. About 25 a second, in order of time. */
export interface PictureFacts {
  readonly ptsUs: Microseconds;
  /** True for the first picture of a shot. */
  readonly cut: boolean;
  /** How much moves since the picture before, 0–1; of no meaning at a cut. See {@link motionOf}. */
  readonly motion: number;
  /** Mean luma, 0–1. */
  readonly brightness: number;
}

/** Mean change of luma that grain and compression make without any motion. */
const STILL = 0.008;
/** Mean change of luma, beyond `STILL`, at which motion is 63 %. */
const BUSY = 0.035;

/**
 * How much moves from one picture to the next: 0 still, 0.6 people walking through the picture, towards 1 for a shaken camera. The change of luma at
 * the grid's points after the change that all of them share is taken out, because the flicker of old films is no motion.
 *
 * @returns 0–1
 */
export function motionOf(before: LumaGrid, now: LumaGrid): number {
  const points = Math.min(before.luma.length, now.luma.length);
  if (points === 0) return 0;
  const gain = (meanOf(now) + 0.02) / (meanOf(before) + 0.02);
  let change = 0;
  for (let i = 0; i < points; i++) {
    change += Math.abs((now.luma[i] as number) - Math.min(1, (before.luma[i] as number) * gain));
  }
  return 1 - Math.exp(-Math.max(0, change / points - STILL) / BUSY);
}

/** Mean luma of a picture: 0–1. */
export function brightnessOf(grid: LumaGrid): number {
  return Math.min(1, Math.max(0, meanOf(grid)));
}

/**
 * The facts with motion and brightness within 0–1.
 *
 * @throws VitascopeError `OPTION_INVALID` for a time or a figure that is not a number.
 */
export function checkedFacts(facts: PictureFacts): PictureFacts {
  const { ptsUs, cut, motion, brightness } = facts;
  for (const [name, value] of Object.entries({ ptsUs, motion, brightness })) {
    if (!Number.isFinite(value)) {
      throw new VitascopeError('OPTION_INVALID', `accompany: ${name} of a picture must be a number, got ${value}`);
    }
  }
  return { ptsUs, cut, motion: within01(motion), brightness: within01(brightness) };
}

function meanOf({ luma }: LumaGrid): number {
  let sum = 0;
  for (const value of luma) sum += value;
  return luma.length === 0 ? 0 : sum / luma.length;
}

function within01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
