import { Observable } from 'rxjs';
import { expect } from 'vitest';
import { FramePool } from '../../pipeline/frame-pool.js';
import { ledger } from '../../pipeline/ledger.js';
import { unspecifiedColor } from '../../pipeline/picture.js';
import type { Closeable, Sample, VideoSample } from '../../pipeline/sample.js';
import { type FrameProperties, VideoFrame } from '../../pipeline/video-frame.js';

export const FRAME_US = 40_000;

/** 8×4 yuv420p, 25 frames a second, untagged. */
export function frameProperties(index = 0, changes: Partial<FrameProperties> = {}): FrameProperties {
  return {
    pixelFormat: 'yuv420p',
    width: 8,
    height: 4,
    sampleAspectRatio: { num: 1, den: 1 },
    color: unspecifiedColor,
    ptsUs: index * FRAME_US,
    durationUs: FRAME_US,
    index,
    fieldOrder: 'progressive',
    ...changes,
  };
}

export function testPool(slots = 16): FramePool {
  return new FramePool({ slots, name: 'test' });
}

/** A frame whose luma is its index (of 256). The pool must have a free slot. */
export function testFrame(
  index = 0,
  changes: Partial<FrameProperties> = {},
  pool: FramePool = testPool(1),
): VideoFrame {
  const frame = VideoFrame.tryCreate(pool, frameProperties(index, changes));
  if (frame === undefined) throw new Error(`testFrame: the pool of ${pool.slots} slots has none free`);
  frame.plane(0).fill(index % 256);
  return frame;
}

export function testSample(index = 0, changes: Partial<FrameProperties> = {}, pool?: FramePool): VideoSample {
  return { frame: testFrame(index, changes, pool), meta: {} };
}

/** Emits `count` samples inside `subscribe`, making each only when the one before was taken; endless with `Infinity`. */
export function framesFrom(count: number, changes: Partial<FrameProperties> = {}): Observable<VideoSample> {
  return new Observable((subscriber) => {
    for (let i = 0; i < count && !subscriber.closed; i++) subscriber.next(testSample(i, changes));
    subscriber.complete();
  });
}

/** Emits as a decoder does: each frame when the pool has a slot for it, not inside `subscribe`; endless with `Infinity`. */
export function pooledFrames(count: number, pool: FramePool = testPool(4)): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const abort = new AbortController();
    const produce = async (): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const frame = await VideoFrame.create(pool, frameProperties(i), abort.signal);
        if (subscriber.closed) frame.close();
        else subscriber.next({ frame, meta: {} });
      }
      subscriber.complete();
    };
    produce().catch((error: unknown) => {
      if (!abort.signal.aborted) subscriber.error(error);
    });
    return () => abort.abort();
  });
}

/** `count` samples, then an error. */
export function failingFrames(count: number, error: unknown): Observable<VideoSample> {
  return new Observable((subscriber) => {
    for (let i = 0; i < count; i++) subscriber.next(testSample(i));
    subscriber.error(error);
  });
}

/** A source that does not look whether anyone listens: it hands out the same receiver to each that subscribes, and emits on demand. */
export function carelessSource(): { frames: Observable<VideoSample>; emit(index: number): void; left(): boolean } {
  let receiver: { next(sample: VideoSample): void; readonly closed: boolean } | undefined;
  return {
    frames: new Observable((subscriber) => {
      receiver = subscriber;
    }),
    emit: (index) => receiver?.next(testSample(index)),
    left: () => receiver?.closed ?? true,
  };
}

export interface Collected {
  readonly indexes: readonly number[];
  readonly error: unknown;
}

/** Takes everything, closing each frame, until the end; an error is part of the result. */
export function collect(frames: Observable<VideoSample>, onSample?: (sample: VideoSample) => void): Promise<Collected> {
  return new Promise((resolve) => {
    const indexes: number[] = [];
    frames.subscribe({
      next: (sample) => {
        indexes.push(sample.frame.index);
        onSample?.(sample);
        sample.frame.close();
      },
      error: (error: unknown) => resolve({ indexes, error }),
      complete: () => resolve({ indexes, error: undefined }),
    });
  });
}

export function closeSamples(samples: readonly Sample<Closeable>[]): void {
  for (const { frame } of samples) frame.close();
}

/** Lets promises that are already settled run their continuations, as often as a test's chain of them needs. */
export async function settle(turns = 50): Promise<void> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
}

/** Waits, for as long as native work may take, until a condition holds; an expectation after it says when it did not. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs `body` and expects that it closed every frame it opened; the failure says where the open ones came from. */
export async function expectBalanced(body: () => void | Promise<void>): Promise<void> {
  const before = ledger.balance;
  ledger.trace(true);
  try {
    await body();
    await settle();
    await until(() => ledger.balance === before);
    expect(ledger.openOrigins, 'frames opened and never closed').toEqual([]);
    expect(ledger.balance - before, 'frames opened less frames closed').toBe(0);
  } finally {
    ledger.trace(false);
  }
}
