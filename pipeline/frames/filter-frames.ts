import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';

/**
 * Forwards the samples that a predicate accepts and closes the others. RxJS's `filter` would leak them.
 *
 * @example frames.pipe(filterFrames(({ frame }) => frame.ptsUs >= 1_000_000))
 */
export function filterFrames<S extends Sample<Closeable>>(
  accept: (sample: S, index: number) => boolean,
): MonoTypeOperatorFunction<S> {
  return (source) =>
    new Observable<S>((subscriber) => {
      let index = 0;
      return source.subscribe({
        next: (sample) => {
          let accepted: boolean;
          try {
            accepted = accept(sample, index++);
          } catch (error) {
            sample.frame.close();
            return subscriber.error(error);
          }
          if (accepted && !subscriber.closed) subscriber.next(sample);
          else sample.frame.close();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}
