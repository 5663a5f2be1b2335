import type { Microseconds, OverloadPolicy } from '../../pipeline/index.js';
import type { MediaEngine } from '../engine.js';
import type { FilmRange, ReadReport } from '../film.js';

/** Which part of a film to read, who decodes it, and how many frames may be open at once. */
export interface OpenFileOptions extends FilmRange {
  /** Frames that may be open at once: the size of the pool and so the bound on memory. Default 16. */
  readonly slots?: number | undefined;
  /**
   * What happens when the operators are slower than the reading: `wait` loses nothing; `drop` leaves pictures out, counted in
   * {@link ReadReport.dropped}, as live streams must. Default `wait`.
   */
  readonly policy?: OverloadPolicy | undefined;
  /** Pictures a second of an image sequence. Default 24. */
  readonly sequenceRate?: number | undefined;
  /** Who decodes. Default the bundled FFmpeg. */
  readonly engine?: MediaEngine | undefined;
  /** Begin in the middle of the range: what came before was done in another run. */
  readonly resume?: ResumePoint | undefined;
}

/** Where another run has stopped. */
export interface ResumePoint {
  /** Every frame before this moment is done. */
  readonly atUs: Microseconds;
  /** Number of the first frame that is not done. */
  readonly index: number;
  /** Frames from this earlier moment on are read as well, so that operators with memory can warm up; they are numbered `index - 1`. */
  readonly warmupFromUs: Microseconds;
}
