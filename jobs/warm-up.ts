import { Observable, type Subscriber } from 'rxjs';
import type { Graph } from '../pipeline/graph/graph.js';
import {
  emitFrame,
  FramePool,
  FrameSubscriber,
  unspecifiedColor,
  VideoFrame,
  type VideoSample,
  VitascopeError,
} from '../pipeline/index.js';

/** A graph that has its models loaded, so that other instances of it get them at once. */
export interface WarmGraph {
  /** Gives the models back; those that somebody else uses meanwhile stay. Idempotent. */
  release(): void;
}

export interface WarmUpOptions {
  /** Pixels of the pictures that will come. Default 1280×720. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A graph that has given nothing for so many pictures leaves them out, and waiting for more would not help. */
const MAX_PICTURES = 64;
const PICTURE_US = 40_000;

/**
 * Lets operators rehearse, and runs an instance of a graph over a few made-up pictures until the first one has come through: its models are loaded then, and have run once. The instance is
 * kept until it is released, since models are unloaded when nobody uses them.
 *
 * @throws what the graph fails with, `MODEL_NOT_FOUND` for instance; the signal's reason when it aborts.
 */
export async function warmUp(graph: Graph, { size, signal }: WarmUpOptions = {}): Promise<WarmGraph> {
  signal?.throwIfAborted();
  for (const { operator, options } of graph.nodes) {
    await operator.rehearse?.(options);
    signal?.throwIfAborted();
  }
  const run = new WarmUpRun(graph, size ?? { width: 1280, height: 720 });
  const onAbort = (): void => run.release();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await run.hasBegun;
    return run;
  } catch (error) {
    run.release();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

class WarmUpRun implements WarmGraph {
  /** A picture has come through. Rejects with what the graph fails with, and when released before. */
  readonly hasBegun: Promise<void>;
  readonly #size: NonNullable<WarmUpOptions['size']>;
  readonly #pool: FramePool;
  readonly #fed = new AbortController();
  readonly #receiver: FrameSubscriber<VideoSample>;
  #input: Subscriber<VideoSample> | undefined;

  constructor(graph: Graph, size: NonNullable<WarmUpOptions['size']>) {
    this.#size = size;
    // One more than it needs to make progress: with as many as it could use, all of them would have to be worked through.
    this.#pool = new FramePool({ slots: graph.poolSize().minimum + 1, name: 'warm-up' });
    let settle: { resolve(): void; reject(error: unknown): void };
    this.hasBegun = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#receiver = new FrameSubscriber<VideoSample>(
      {
        next: ({ frame }) => {
          frame.close();
          this.#fed.abort();
          settle.resolve();
        },
        error: (error: unknown) => settle.reject(error),
        complete: () => settle.resolve(),
      },
      ({ frame }) => frame.close(),
    );
    this.#receiver.add(() => {
      this.#fed.abort();
      settle.reject(new VitascopeError('ABORTED', 'warmUp: released before a picture came through'));
    });
    const source = new Observable<VideoSample>((subscriber) => {
      this.#input = subscriber;
    });
    graph.build(source).subscribe(this.#receiver);
    this.#feed().catch((error: unknown) => settle.reject(error));
  }

  release(): void {
    this.#receiver.unsubscribe();
  }

  /** Pictures until one has come through. */
  async #feed(): Promise<void> {
    const { signal } = this.#fed;
    for (let index = 0; index < MAX_PICTURES && !signal.aborted; index++) {
      const frame = await madeUpPicture(this.#pool, this.#size, index, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return undefined;
      });
      if (frame === undefined) return;
      if (this.#input === undefined) frame.close();
      else emitFrame(this.#input, { frame, meta: {} });
    }
    if (!signal.aborted) this.#input?.complete();
  }
}

/** Grey, brighter from row to row. */
async function madeUpPicture(
  pool: FramePool,
  { width, height }: NonNullable<WarmUpOptions['size']>,
  index: number,
  signal: AbortSignal,
): Promise<VideoFrame> {
  const frame = await VideoFrame.create(
    pool,
    {
      pixelFormat: 'yuv420p',
      width,
      height,
      sampleAspectRatio: { num: 1, den: 1 },
      color: unspecifiedColor,
      ptsUs: index * PICTURE_US,
      durationUs: PICTURE_US,
      index,
      fieldOrder: 'progressive',
    },
    signal,
  );
  const [luma, cb, cr] = [frame.plane(0), frame.plane(1), frame.plane(2)];
  for (let y = 0; y < height; y++) luma.fill(32 + Math.floor((y * 160) / height), y * width, (y + 1) * width);
  cb.fill(128);
  cr.fill(128);
  return frame;
}
