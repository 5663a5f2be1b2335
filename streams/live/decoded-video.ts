import type { Frame, Stream } from 'node-av/lib';
import { Observable, type Subscriber } from 'rxjs';
import type { FramePool, Rational, VideoSample } from '../../pipeline/index.js';
import { LiveDecoder } from './live-decoder.js';
import { LivePictures } from './live-pictures.js';
import type { VideoPath, VideoReceiver } from './video-path.js';

/** What {@link DecodedVideo} needs of the input that it belongs to. */
export interface DecodedVideoOptions {
  /** For messages, without secrets. */
  readonly name: string;
  readonly pool: FramePool;
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  /** Begins reading. */
  readonly start: () => void;
  /** Nobody wants more. */
  readonly stop: () => void;
  readonly changed: (what: string) => void;
}

/** The video of a live input as frames of the first picture's size and format. */
export class DecodedVideo implements VideoPath {
  /** Subscribed once, which begins reading; unsubscribing stops the input. */
  readonly samples: Observable<VideoSample>;
  readonly #options: DecodedVideoOptions;
  readonly #pictures: LivePictures;
  #receiver: Subscriber<VideoSample> | undefined;

  constructor(frameRate: Rational, options: DecodedVideoOptions) {
    this.#options = options;
    this.#pictures = new LivePictures(options.pool, frameRate, options.changed);
    this.samples = new Observable((subscriber) => {
      this.#receiver = subscriber;
      options.start();
      return () => options.stop();
    });
  }

  get count(): number {
    return this.#pictures.count;
  }

  get dropped(): number {
    return this.#pictures.dropped;
  }

  /** @throws VitascopeError `DECODER_MISSING` */
  async connect(stream: Stream): Promise<VideoReceiver> {
    const decoder = await LiveDecoder.open(stream, this.#options.threads, this.#options.name);
    const emit = (picture: Frame): Promise<void> => this.#emit(picture);
    return {
      take: async (packet, placed, durationUs) => {
        packet.dts = BigInt(placed.dtsUs);
        packet.pts = BigInt(placed.ptsUs);
        packet.duration = BigInt(durationUs);
        await decoder.decode(packet, emit);
      },
      finish: () => decoder.decode(null, emit),
      close: () => decoder.close(),
    };
  }

  catchUp(ms: number): void {
    this.#pictures.catchUp(ms);
  }

  end(error: unknown): void {
    this.#pictures.close();
    if (error === undefined) this.#receiver?.complete();
    else this.#receiver?.error(error);
  }

  async #emit(picture: Frame): Promise<void> {
    const { signal } = this.#options;
    try {
      if (signal.aborted) return;
      const frame = await this.#pictures.take(picture, signal);
      if (frame === undefined) return;
      if (this.#receiver === undefined || this.#receiver.closed) frame.close();
      else this.#receiver.next({ frame, meta: {} });
    } finally {
      picture.free();
    }
  }
}
