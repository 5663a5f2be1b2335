import type { Observable } from 'rxjs';
import type { Closeable, Sample } from '../sample.js';
import { closeSample, FrameSubscriber } from './frame-subscriber.js';

/**
 * The end of a stream: takes samples one after another. The consumer borrows the frame until its promise resolves; it is then
 * closed here. Samples wait meanwhile, bounded by the producers' pools.
 *
 * Resolves when the source has completed and all was consumed. Rejects with the source's error after what came before it
 * was consumed, with the consumer's error at once, and with the signal's reason when it aborts; whatever waits is closed.
 */
export function consumeFrames<S extends Sample<Closeable>>(
  source: Observable<S>,
  consume: (sample: S) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const waiting: S[] = [];
    let busy = false;
    let ended: { error: unknown } | 'completed' | undefined;
    let settled = false;

    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', onAbort);
      inner.unsubscribe();
      for (const sample of waiting.splice(0)) sample.frame.close();
      finish();
    };
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const pump = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      for (let sample = waiting.shift(); sample !== undefined; sample = waiting.shift()) {
        try {
          await consume(sample);
        } catch (error) {
          settle(() => reject(error));
        } finally {
          sample.frame.close();
        }
      }
      busy = false;
      if (ended === 'completed') settle(resolve);
      else if (ended !== undefined) {
        const { error } = ended;
        settle(() => reject(error));
      }
    };

    const inner = new FrameSubscriber<S>(
      {
        next: (sample) => {
          waiting.push(sample);
          void pump();
        },
        error: (error: unknown) => {
          ended = { error };
          void pump();
        },
        complete: () => {
          ended = 'completed';
          void pump();
        },
      },
      closeSample,
    );

    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    source.subscribe(inner);
  });
}
