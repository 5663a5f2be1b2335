import { Observable, type Observer } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';

/**
 * Splits a stream into `count` branches that all receive every sample. Each branch owns the frames it receives (they are
 * retained once a branch), so each must be consumed or unsubscribed; a frame that several branches hold is not
 * {@link VideoFrame.writable}, and an operator that writes pixels copies it first. RxJS's `share` would leak and double-close.
 *
 * The source is subscribed when every branch has been, and unsubscribed when every branch has left.
 *
 * @throws VitascopeError `OPTION_INVALID` when `count` is not a positive integer, or when a branch is subscribed twice.
 */
export function branchFrames<S extends Sample<Closeable>>(
  source: Observable<S>,
  count: number,
): readonly Observable<S>[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new VitascopeError('OPTION_INVALID', `branchFrames: count must be an integer of at least 1, got ${count}`);
  }
  const observers: (Observer<S> | undefined)[] = new Array<undefined>(count).fill(undefined);
  const taken = new Array<boolean>(count).fill(false);
  let left = count;
  let subscription: { unsubscribe(): void } | undefined;

  const connect = (): void => {
    subscription = source.subscribe({
      next: (sample) => {
        const receivers = observers.filter((o) => o !== undefined);
        for (let i = 1; i < receivers.length; i++) sample.frame.retain();
        if (receivers.length === 0) sample.frame.close();
        for (const receiver of receivers) receiver.next(sample);
      },
      error: (error: unknown) => {
        for (const o of observers) o?.error(error);
      },
      complete: () => {
        for (const o of observers) o?.complete();
      },
    });
    if (observers.every((o) => o === undefined)) subscription.unsubscribe();
  };

  return observers.map(
    (_, i) =>
      new Observable<S>((subscriber) => {
        if (taken[i]) {
          throw new VitascopeError(
            'OPTION_INVALID',
            `branchFrames: branch ${i} was subscribed twice; ask for one more branch instead`,
          );
        }
        taken[i] = true;
        observers[i] = {
          next: (sample) => {
            if (subscriber.closed) sample.frame.close();
            else subscriber.next(sample);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        };
        if (--left === 0) connect();
        return () => {
          observers[i] = undefined;
          if (observers.every((o) => o === undefined)) subscription?.unsubscribe();
        };
      }),
  );
}
