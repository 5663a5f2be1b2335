import { Observable, type Subscriber } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';
import { closeSample, emitFrame, FrameSubscriber } from './frame-subscriber.js';

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
  count: 2,
): readonly [Observable<S>, Observable<S>];
export function branchFrames<S extends Sample<Closeable>>(
  source: Observable<S>,
  count: number,
): readonly Observable<S>[];
export function branchFrames<S extends Sample<Closeable>>(
  source: Observable<S>,
  count: number,
): readonly Observable<S>[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new VitascopeError('OPTION_INVALID', `branchFrames: count must be an integer of at least 1, got ${count}`);
  }
  const present = new Map<number, Subscriber<S>>();
  const taken = new Set<number>();
  const inner = new FrameSubscriber<S>(
    {
      next: (sample) => deliver(sample, [...present.values()]),
      error: (error: unknown) => {
        for (const branch of [...present.values()]) branch.error(error);
      },
      complete: () => {
        for (const branch of [...present.values()]) branch.complete();
      },
    },
    closeSample,
  );

  const branchOf = (i: number): Observable<S> =>
    new Observable<S>((subscriber) => {
      if (taken.has(i)) {
        throw new VitascopeError(
          'OPTION_INVALID',
          `branchFrames: branch ${i} was subscribed twice; ask for one more branch instead`,
        );
      }
      taken.add(i);
      present.set(i, subscriber);
      subscriber.add(() => {
        present.delete(i);
        if (present.size === 0 && taken.size === count) inner.unsubscribe();
      });
      if (taken.size === count) source.subscribe(inner);
    });
  return Array.from({ length: count }, (_, i) => branchOf(i));
}

function deliver<S extends Sample<Closeable>>(sample: S, branches: readonly Subscriber<S>[]): void {
  if (branches.length === 0) sample.frame.close();
  for (let i = 1; i < branches.length; i++) sample.frame.retain();
  for (const branch of branches) emitFrame(branch, sample);
}
