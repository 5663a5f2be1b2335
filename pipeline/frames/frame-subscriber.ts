import { type Observable, type Observer, Subscriber } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';

/** What a frame operator does with its input; errors and completion pass through unless it says otherwise. */
export interface FrameObserver<S> {
  next(sample: S): void;
  error?: (error: unknown) => void;
  complete?: () => void;
}

/**
 * The receiving end of a frame operator. Unlike RxJS's own, it frees what arrives after it has been left, and turns what
 * `next` throws into a stream error.
 */
export class FrameSubscriber<T> extends Subscriber<T> {
  readonly #discard: (input: T) => void;

  /** @param discard Frees an input: {@link closeSample}, where inputs are samples. */
  constructor(observer: Observer<T>, discard: (input: T) => void) {
    super(observer);
    this.#discard = discard;
  }

  override next(input: T): void {
    if (this.isStopped) this.#discard(input);
    else super.next(input);
  }

  protected override _next(input: T): void {
    try {
      super._next(input);
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
  const inner = new FrameSubscriber<S>(
    {
      next: (sample) => observer.next(sample),
      error: (error: unknown) => (observer.error ? observer.error(error) : downstream.error(error)),
      complete: () => (observer.complete ? observer.complete() : downstream.complete()),
    },
    closeSample,
  );
  downstream.add(inner);
  source.subscribe(inner);
}

/** Closes the frame of a sample: the `discard` of streams of samples. */
export function closeSample(sample: Sample<Closeable>): void {
  sample.frame.close();
}

/** Hands a sample on, or closes its frame when the receiver has left. */
export function emitFrame<S extends Sample<Closeable>>(downstream: Subscriber<S>, sample: S): void {
  if (downstream.closed) sample.frame.close();
  else downstream.next(sample);
}
