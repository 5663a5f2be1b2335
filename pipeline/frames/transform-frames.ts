import { Observable, type OperatorFunction } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';
import { emitFrame, FrameSubscriber } from './frame-subscriber.js';

/** A stateful, strictly sequential transformation of a stream; one is made for each subscription. */
export interface FrameTransform<T, R extends Sample<Closeable>> {
  /** Takes ownership of `input`; emits what is ready. Called again only when the promise has resolved. */
  transform(input: T, emit: (output: R) => void, signal: AbortSignal): Promise<void>;
  /** After the last input: emits what was held back. */
  flush?(emit: (output: R) => void, signal: AbortSignal): Promise<void>;
  /** Called once at the end, however it comes, when no other method is under way. */
  dispose?(): void | Promise<void>;
}

/**
 * Runs a stateful transformation that may hold frames back and emit more or fewer than it receives, such as a filter with memory.
 * Inputs wait in order, bounded by the producers' pools. Inputs that wait when the stream ends early are given to `discard`.
 *
 * @param create Makes the state for one subscription.
 * @param discard Frees an input that will not be transformed.
 */
export function transformFrames<T, R extends Sample<Closeable>>(
  create: () => FrameTransform<T, R>,
  discard: (input: T) => void,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      const state = create();
      const abort = new AbortController();
      const waiting: T[] = [];
      let busy = false;
      let completed = false;
      let stopped = false;
      let disposed = false;

      const emit = (output: R): void => emitFrame(subscriber, output);
      const dispose = (): void => {
        if (disposed || busy) return;
        disposed = true;
        void state.dispose?.();
      };
      const stop = (): void => {
        stopped = true;
        abort.abort(new VitascopeError('ABORTED', 'transformFrames: unsubscribed'));
        for (const input of waiting.splice(0)) discard(input);
        dispose();
      };
      const fail = (error: unknown): void => {
        if (stopped) return;
        stop();
        subscriber.error(error);
      };
      const work = async (): Promise<void> => {
        for (let input = waiting.shift(); input !== undefined; input = waiting.shift()) {
          await state.transform(input, emit, abort.signal);
        }
      };
      const finish = async (): Promise<void> => {
        await state.flush?.(emit, abort.signal);
        if (stopped) return;
        stopped = true;
        subscriber.complete();
      };
      const run = async (): Promise<void> => {
        if (busy || stopped) return;
        busy = true;
        try {
          // Inputs that come while this waits for the last one find it busy, and are its own to take.
          while (waiting.length > 0) await work();
          if (completed && !stopped) await finish();
        } catch (error) {
          busy = false;
          fail(error);
        } finally {
          busy = false;
          if (stopped) dispose();
        }
      };

      const inner = new FrameSubscriber<T>(
        {
          next: (input) => {
            waiting.push(input);
            void run();
          },
          error: fail,
          complete: () => {
            completed = true;
            void run();
          },
        },
        discard,
      );
      subscriber.add(() => {
        if (!stopped) stop();
      });
      subscriber.add(inner);
      source.subscribe(inner);
    });
}
