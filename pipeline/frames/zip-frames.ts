import { Observable } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';
import type { Microseconds } from '../time.js';
import { subscribeFrames } from './frame-subscriber.js';

interface Timed extends Closeable {
  readonly ptsUs: Microseconds;
}

/**
 * Joins streams by time: emits one array for each `ptsUs` that every input has; the receiver owns all its frames.
 * A sample whose time some other input has already passed has no partner and is closed. Completes when an input
 * has ended and nothing of it is left to pair; what waits on the others is closed. What waits is bounded by the producers' pools:
 * an input that lags by n frames needs n more slots in the pool of the others.
 *
 * Times within an input must grow. @throws VitascopeError `OPTION_INVALID` when there are no inputs.
 */
export function zipFrames<S extends Sample<Timed>>(inputs: readonly Observable<S>[]): Observable<readonly S[]> {
  if (inputs.length === 0) {
    throw new VitascopeError('OPTION_INVALID', 'zipFrames: needs at least one input, got none');
  }
  return new Observable<readonly S[]>((subscriber) => {
    const queues: S[][] = inputs.map(() => []);
    const ended = inputs.map(() => false);
    let stopped = false;

    const stop = (): void => {
      stopped = true;
      for (const queue of queues) for (const sample of queue.splice(0)) sample.frame.close();
    };
    const pair = (): void => {
      while (!stopped && queues.every((q) => q.length > 0)) {
        const heads = queues.map((q) => q[0] as S);
        const latest = Math.max(...heads.map((s) => s.frame.ptsUs));
        if (heads.every((s) => s.frame.ptsUs === latest)) {
          for (const queue of queues) queue.shift();
          subscriber.next(heads);
        } else {
          for (const queue of queues) {
            if ((queue[0] as S).frame.ptsUs < latest) queue.shift()?.frame.close();
          }
        }
      }
      if (!stopped && queues.some((q, i) => q.length === 0 && ended[i])) {
        stop();
        subscriber.complete();
      }
    };

    subscriber.add(stop);
    for (const [i, input] of inputs.entries()) {
      subscribeFrames(input, subscriber, {
        next: (sample) => {
          queues[i]?.push(sample);
          pair();
        },
        complete: () => {
          ended[i] = true;
          pair();
        },
      });
    }
  });
}
