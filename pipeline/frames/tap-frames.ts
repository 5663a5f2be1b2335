import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';
import { emitFrame, subscribeFrames } from './frame-subscriber.js';

/**
 * Looks at each sample as it passes. The callback borrows the frame: it neither closes it nor keeps it.
 * When it throws, the frame is closed and the error travels on.
 */
export function tapFrames<S extends Sample<Closeable>>(look: (sample: S) => void): MonoTypeOperatorFunction<S> {
  return (source) =>
    new Observable<S>((subscriber) =>
      subscribeFrames(source, subscriber, {
        next: (sample) => {
          try {
            look(sample);
          } catch (error) {
            sample.frame.close();
            throw error;
          }
          emitFrame(subscriber, sample);
        },
      }),
    );
}
