import { Observable, type OperatorFunction } from 'rxjs';
import { VitascopeError } from '../errors.js';
import type { Closeable, Sample } from '../sample.js';
import { emitFrame, subscribeFrames } from './frame-subscriber.js';

/** Options of {@link mapOrdered}. */
export interface MapOrderedOptions {
  /** How many projections may run at once. Default 1. */
  readonly concurrency?: number;
}

/**
 * Applies an asynchronous projection to each sample, several at once, and emits the results in the order of the input.
 *
 * A projection owns its sample: it resolves with a sample that holds the same frame or a new one (having closed the
 * old), with several, or with none (having closed it). When it rejects, the input frame is closed here if it is still open;
 * where a frame may be shared (after a branch), a projection that rejects must therefore not have closed its share.
 * Samples wait here while `concurrency` projections run; what bounds their number is the frame pool of the producer.
 * On error and on unsubscription the projections' signal aborts, and every frame that waits, or arrives late, is closed.
 *
 * @throws VitascopeError `OPTION_INVALID` when `concurrency` is not a positive integer.
 * @example
 * frames.pipe(mapOrdered(async (sample) => await darken(sample), { concurrency: 2 }))
 */
export function mapOrdered<S extends Sample<Closeable>, R extends Sample<Closeable>>(
  project: (sample: S, signal: AbortSignal) => Promise<R | readonly R[] | undefined>,
  options: MapOrderedOptions = {},
): OperatorFunction<S, R> {
  const concurrency = options.concurrency ?? 1;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new VitascopeError(
      'OPTION_INVALID',
      `mapOrdered: concurrency must be an integer of at least 1, got ${concurrency}`,
    );
  }
  return (source) =>
    new Observable<R>((subscriber) => {
      const abort = new AbortController();
      const waiting: S[] = [];
      const running: Place<R>[] = [];
      let active = 0;
      let completed = false;
      let stopped = false;

      const stop = (): void => {
        stopped = true;
        abort.abort(new VitascopeError('ABORTED', 'mapOrdered: unsubscribed'));
        closeAll(waiting.splice(0));
        for (const place of running.splice(0)) closeAll(place.results ?? []);
      };
      const fail = (error: unknown): void => {
        if (stopped) return;
        stop();
        subscriber.error(error);
      };
      const emitReady = (): void => {
        while (!stopped && running[0]?.results !== undefined) {
          const { results } = running.shift() as Place<R>;
          for (const [i, result] of (results as readonly R[]).entries()) {
            if (stopped) {
              closeAll((results as readonly R[]).slice(i));
              return;
            }
            emitFrame(subscriber, result);
          }
        }
        if (!stopped && completed && running.length === 0 && waiting.length === 0) {
          stopped = true;
          subscriber.complete();
        }
      };
      const startNext = (): void => {
        while (!stopped && active < concurrency) {
          const sample = waiting.shift();
          if (sample === undefined) return;
          void start(sample);
        }
      };
      const start = async (sample: S): Promise<void> => {
        active++;
        const place: Place<R> = { results: undefined };
        running.push(place);
        try {
          const results = toArray(await project(sample, abort.signal));
          if (stopped) closeAll(results);
          else place.results = results;
        } catch (error) {
          if (!sample.frame.closed) sample.frame.close();
          fail(error);
        } finally {
          active--;
        }
        startNext();
        emitReady();
      };

      subscriber.add(stop);
      subscribeFrames(source, subscriber, {
        next: (sample) => {
          waiting.push(sample);
          startNext();
        },
        error: fail,
        complete: () => {
          completed = true;
          emitReady();
        },
      });
    });
}

interface Place<R> {
  results: readonly R[] | undefined;
}

function toArray<R extends object>(results: R | readonly R[] | undefined): readonly R[] {
  if (results === undefined) return [];
  return Array.isArray(results) ? (results as readonly R[]) : [results as R];
}

function closeAll(samples: readonly Sample<Closeable>[]): void {
  for (const sample of samples) sample.frame.close();
}
