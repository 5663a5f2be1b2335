import { type Observable, type Observer, Subscriber } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';

/** What a frame operator does with its input; errors and completion pass through unless it says otherwise. */
export interface FrameObserver<S> {
  next(sample: S): void;
  error?: (error: unknown) => void;
  complete?: () => void;
}

/**
 * The receiving end of a frame operator. Unlike RxJS's own, it closes a frame that arrives after it has been left,
 * and turns what `next` throws into a stream error.
 */
export class FrameSubscriber<S extends Sample<Closeable>> extends Subscriber<S> {
  constructor(observer: Observer<S>) {
    super(observer);
  }

  override next(sample: S): void {
    if (this.isStopped) sample.frame.close();
    else super.next(sample);
  }

  protected override _next(sample: S): void {
    try {
      super._next(sample);
    } catch (error) {
      this.error(error);
    }
  }
}

/**
 * Subscribes a frame operator to its source. The two subscriptions are linked before the source runs, so that even a source
 * that emits endlessly inside `subscribe` sees at once that its receiver has left.
 */
export function subscribeFrames<S extends Sample<Closeable>>(
  source: Observable<S>,
  downstream: Subscriber<unknown>,
  observer: FrameObserver<S>,
): void {
  const inner = new FrameSubscriber<S>({
    next: (sample) => observer.next(sample),
    error: (error: unknown) => (observer.error ? observer.error(error) : downstream.error(error)),
    complete: () => (observer.complete ? observer.complete() : downstream.complete()),
  });
  downstream.add(inner);
  source.subscribe(inner);
}

/** Hands a sample on, or closes its frame when the receiver has left. */
export function emitFrame<S extends Sample<Closeable>>(downstream: Subscriber<S>, sample: S): void {
  if (downstream.closed) sample.frame.close();
  else downstream.next(sample);
}
