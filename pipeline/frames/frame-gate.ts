import { Observable, type Subscriber } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';
import { closeSample, emitFrame, FrameSubscriber } from './frame-subscriber.js';

export interface FrameGateOptions {
  /** Called before the source's completion passes on. */
  readonly onComplete?: () => void;
  /** Called before an error of the source passes on. */
  readonly onError?: (error: unknown) => void;
}

/**
 * A place in a stream of frames where it can be ended from outside: what is upstream is unsubscribed, what is downstream is
 * told, and a frame that still arrives is closed. It guards one subscription.
 */
export class FrameGate<S extends Sample<Closeable>> {
  readonly #options: FrameGateOptions;
  #frames = 0;
  #downstream: Subscriber<S> | undefined;
  #upstream: FrameSubscriber<S> | undefined;
  #ending: ((downstream: Subscriber<S>) => void) | undefined;

  constructor(options: FrameGateOptions = {}) {
    this.#options = options;
  }

  /** Samples that have passed. */
  get frames(): number {
    return this.#frames;
  }

  /** The source, for as long as the gate has not been ended. @throws VitascopeError `OPTION_INVALID` on a second subscription. */
  guard(source: Observable<S>): Observable<S> {
    return new Observable((subscriber) => {
      if (this.#downstream !== undefined) {
        throw new VitascopeError('OPTION_INVALID', 'FrameGate: the stream may be subscribed only once');
      }
      this.#downstream = subscriber;
      if (this.#ending !== undefined) this.#ending(subscriber);
      else this.#connect(source, subscriber);
    });
  }

  /** Ends the stream as if the source had completed. Does nothing once ended. */
  complete(): void {
    this.#end((downstream) => downstream.complete());
  }

  /** Ends the stream with an error. Does nothing once ended. */
  fail(error: unknown): void {
    this.#end((downstream) => downstream.error(error));
  }

  #connect(source: Observable<S>, subscriber: Subscriber<S>): void {
    const upstream = new FrameSubscriber<S>(
      {
        next: (sample) => {
          this.#frames++;
          emitFrame(subscriber, sample);
        },
        error: (error: unknown) => {
          this.#options.onError?.(error);
          subscriber.error(error);
        },
        complete: () => {
          this.#options.onComplete?.();
          subscriber.complete();
        },
      },
      closeSample,
    );
    this.#upstream = upstream;
    subscriber.add(upstream);
    source.subscribe(upstream);
  }

  #end(ending: (downstream: Subscriber<S>) => void): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#upstream?.unsubscribe();
    if (this.#downstream !== undefined) ending(this.#downstream);
  }
}
