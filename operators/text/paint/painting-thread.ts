import { spawnWorker } from '../../../models/spawn-worker.js';
import type { FrameProperties, VideoFrame } from '../../../pipeline/index.js';
import { WorkerCalls } from '../../worker-calls.js';
import type { TextsMeta } from '../texts-meta.js';
import type { PaintSettings } from './text-painting.js';

/** A frame of a stream: where it lies, and what is to be painted into it. */
export interface PaintFrameOrder extends TextsMeta {
  readonly kind: 'frame';
  readonly stream: number;
  readonly settings: PaintSettings;
  readonly buffer: SharedArrayBuffer;
  readonly properties: FrameProperties;
}

/** What the thread is asked to do. */
export type PaintOrder =
  | PaintFrameOrder
  | { readonly kind: 'rehearse'; readonly settings: PaintSettings }
  | { readonly kind: 'end'; readonly stream: number };

/** Time for which nobody has used the thread after which it ends. */
const IDLE_MS = 30_000;

/** The thread that paints for all streams of this process. */
class PaintingThread {
  readonly #calls = new WorkerCalls<PaintOrder, void>(
    spawnWorker(import.meta.url, 'painting-worker', { name: 'vitascope-painting' }),
    'paint-text',
  );
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  get hasEnded(): boolean {
    return this.#calls.hasEnded;
  }

  begin(): void {
    this.#users++;
    clearTimeout(this.#idle);
  }

  ask(order: PaintOrder): Promise<void> {
    return this.#calls.ask(order);
  }

  end(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#idle = setTimeout(() => void this.#calls.close(), IDLE_MS).unref();
  }
}

let running: PaintingThread | undefined;
let streams = 0;

function begunThread(): PaintingThread {
  if (running === undefined || running.hasEnded) running = new PaintingThread();
  running.begin();
  return running;
}

/**
 * Paints the frames of one stream in a thread that all streams of the process share, so that neither looking at new lines, nor painting those that are known, holds up
 * anything else. The thread is started with the first stream and ends when there has been none for half a minute; it keeps no process alive.
 */
export class ThreadedPainting {
  readonly #thread = begunThread();
  readonly #stream = ++streams;
  readonly #settings: PaintSettings;

  constructor(settings: PaintSettings) {
    this.#settings = settings;
  }

  /**
   * Takes in the next frame, and paints into it where it has translations: it must be writable then. It stays the caller's, who leaves it open and alone until this
   * is done, whatever happens. Others may be given meanwhile.
   *
   * @throws VitascopeError `OPERATOR_FAILED`, `WORKER_LOST`
   */
  paint(frame: VideoFrame, { texts }: TextsMeta): Promise<void> {
    const { buffer } = frame;
    const properties = frame.properties();
    return this.#thread.ask({
      ...{ kind: 'frame', stream: this.#stream, settings: this.#settings },
      ...{ buffer, properties, texts },
    });
  }

  /** After the last frame has been given; it may still be under way. */
  close(): void {
    // A thread that has ended has forgotten it too.
    this.#thread.ask({ kind: 'end', stream: this.#stream }).catch(() => undefined);
    this.#thread.end();
  }
}

/** Lets the thread paint made-up signs, once in its life: see `rehearsePainting`, also for errors. */
export async function rehearseThread(settings: PaintSettings): Promise<void> {
  const thread = begunThread();
  try {
    await thread.ask({ kind: 'rehearse', settings });
  } finally {
    thread.end();
  }
}
