import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';
import { emitFrame, subscribeFrames } from './frame-subscriber.js';

/**
 * Forwards the samples that a predicate accepts and closes the others. RxJS's `filter` would leak them.
 * When the predicate throws, the frame is closed and the error travels on.
 *
 * @example frames.pipe(filterFrames(({ frame }) => frame.ptsUs >= 1_000_000))
 */
export function filterFrames<S extends Sample<Closeable>>(
  accept: (sample: S, index: number) => boolean,
): MonoTypeOperatorFunction<S> {
  return (source) =>
    new Observable<S>((subscriber) => {
      let index = 0;
      subscribeFrames(source, subscriber, {
        next: (sample) => {
          let accepted: boolean;
          try {
            accepted = accept(sample, index++);
          } catch (error) {
            sample.frame.close();
            throw error;
          }
          if (accepted) emitFrame(subscriber, sample);
          else sample.frame.close();
        },
      });
    });
}
