import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';

/**
 * Looks at each sample as it passes. The callback borrows the frame: it neither closes it nor keeps it.
 * When it throws, the frame is closed and the error travels on.
 */
export function tapFrames<S extends Sample<Closeable>>(look: (sample: S) => void): MonoTypeOperatorFunction<S> {
  return (source) =>
    new Observable<S>((subscriber) =>
      source.subscribe({
        next: (sample) => {
          try {
            look(sample);
          } catch (error) {
            sample.frame.close();
            return subscriber.error(error);
          }
          if (subscriber.closed) sample.frame.close();
          else subscriber.next(sample);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
}
