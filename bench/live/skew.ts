import { median } from '../statistics.js';
import type { Beep } from './beep-finder.js';
import { LOOP_SECONDS } from './sound-loop.js';

const LOOP_US = LOOP_SECONDS * 1e6;

/** A picture that was seen. */
export interface SeenPicture {
  /** On the timeline of the player. */
  readonly ptsUs: number;
  /** Its number at the source. */
  readonly picture: number;
}

/**
 * How much later sound is than the pictures that were taken with it, milliseconds, positive when sound is late; NaN where either is missing. Both are compared
 * by what the source says of them, so that a lost picture does not count as a shift.
 */
export function skewMs(beeps: readonly Beep[], pictures: readonly SeenPicture[], frameRate: number): number {
  const offsets = pictures.map(({ ptsUs, picture }) => ptsUs - (picture * 1e6) / frameRate);
  const videoUs = median(offsets);
  const late = beeps.map(({ ptsUs, second }) => nearest(ptsUs - second * 1e6 - videoUs));
  return median(late) / 1000;
}

/** Beeps are the same again after a round of the loop. */
function nearest(us: number): number {
  return us - Math.round(us / LOOP_US) * LOOP_US;
}
