import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';
import { emitFrame, subscribeFrames } from './frame-subscriber.js';

/**
 * Forwards the first `count` samples, then unsubscribes and completes; a sample that arrives after that is closed.
 *
 * @throws VitascopeError `OPTION_INVALID` when `count` is not an integer of at least 0.
 */
export function takeFrames<S extends Sample<Closeable>>(count: number): MonoTypeOperatorFunction<S> {
  if (!Number.isInteger(count) || count < 0) {
    throw new VitascopeError('OPTION_INVALID', `takeFrames: count must be an integer of at least 0, got ${count}`);
  }
  return (source) =>
    new Observable<S>((subscriber) => {
      if (count === 0) {
        subscriber.complete();
        return;
      }
      let left = count;
      subscribeFrames(source, subscriber, {
        next: (sample) => {
          if (left === 0) {
            sample.frame.close();
            return;
          }
          left--;
          emitFrame(subscriber, sample);
          if (left === 0) subscriber.complete();
        },
      });
    });
}
