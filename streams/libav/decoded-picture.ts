import type { Frame } from 'node-av/lib';
import type { Microseconds } from '../../pipeline/index.js';

/** A picture as a decoder yields it, timed. Whoever receives it frees {@link frame}. */
export interface DecodedPicture {
  readonly frame: Frame;
  readonly ptsUs: Microseconds;
  /** 0 when unknown. */
  readonly durationUs: Microseconds;
}
