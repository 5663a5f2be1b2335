import { Observable } from 'rxjs';
import type { FramePool } from '../../../pipeline/frame-pool.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { VideoFrame } from '../../../pipeline/video-frame.js';
import { frameProperties } from './plane-picture.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './street.js';

/** When pictures are due. */
export interface Pace {
  /** `performance.now()` at which a picture is due; NaN before the source was begun. */
  dueMs(index: number): number;
}

/** Pictures at 25 a second by the clock, as a camera gives them: those for which the pool has no slot are left out. Whoever receives them owns them. */
export class PacedPictures implements Pace {
  readonly video: Observable<VideoSample>;
  #beganMs = Number.NaN;

  /** @param pictures Planes one after the other. @param pool Counts what was left out. */
  constructor(pictures: readonly Uint8Array[], pool: FramePool) {
    this.video = new Observable((subscriber) => {
      this.#beganMs = performance.now();
      let next = 0;
      let timer: NodeJS.Timeout | undefined;
      const show = (): void => {
        while (next < pictures.length && this.dueMs(next) <= performance.now() && !subscriber.closed) {
          const frame = VideoFrame.tryCreate(pool, frameProperties(next, PICTURE_WIDTH, PICTURE_HEIGHT));
          if (frame !== undefined) {
            new Uint8Array(frame.buffer).set(pictures[next] as Uint8Array);
            subscriber.next({ frame, meta: {} });
          }
          next++;
        }
        if (next === pictures.length) subscriber.complete();
        else timer = setTimeout(show, Math.max(0, this.dueMs(next) - performance.now()));
      };
      timer = setTimeout(show, 0);
      return () => clearTimeout(timer);
    });
  }

  dueMs(index: number): number {
    return this.#beganMs + 40 * index;
  }
}
