import { avGetPixFmtName, type Frame } from 'node-av/lib';
import { type FramePool, MICROSECONDS_PER_SECOND, type Rational, type VideoFrame } from '../../pipeline/index.js';
import { rational } from '../libav/av.js';
import { colorTagsOf } from '../libav/picture-copy.js';
import { PictureIntake } from '../libav/picture-intake.js';
import { intakeOf } from '../libav/pixel-formats.js';
import { PictureClock } from '../libav/timestamps.js';

/**
 * Turns the decoded pictures of a live stream into frames of the first one's size and format, across connections. A picture that finds no free slot
 * costs nothing.
 */
export class LivePictures {
  readonly #pool: FramePool;
  readonly #changed: (what: string) => void;
  readonly #clock: PictureClock;
  readonly #report = { retimed: 0, rescaled: 0 };
  #intake: PictureIntake | undefined;
  #shape: string | undefined;
  /** Until when a picture may wait for a slot, in {@link performance.now} milliseconds. */
  #patientUntilMs = 0;
  #count = 0;
  #dropped = 0;

  /** @param changed is told, in words, when size or format change. */
  constructor(pool: FramePool, frameRate: Rational, changed: (what: string) => void) {
    this.#pool = pool;
    this.#changed = changed;
    this.#clock = new PictureClock({ num: 1, den: MICROSECONDS_PER_SECOND }, frameRate, this.#report);
  }

  get count(): number {
    return this.#count;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** For so long, pictures wait for a slot: what a source sends at once when it is connected is not lost to a graph that is still starting. */
  catchUp(ms: number): void {
    this.#patientUntilMs = performance.now() + ms;
  }

  /** A frame, or nothing when it is dropped. The picture, timed in microseconds, stays the caller's. */
  async take(picture: Frame, signal: AbortSignal): Promise<VideoFrame | undefined> {
    const timing = this.#clock.time(picture.bestEffortTimestamp, picture.duration);
    const format = avGetPixFmtName(picture.format as never) ?? 'unknown';
    const shape = `${picture.width}×${picture.height} ${format}`;
    if (this.#shape !== undefined && this.#shape !== shape) this.#changed(`pictures are ${shape}, were ${this.#shape}`);
    this.#shape = shape;
    this.#intake ??= new PictureIntake(
      {
        pixelFormat: intakeOf(format).pixelFormat,
        width: picture.width,
        height: picture.height,
        sampleAspectRatio: rational(picture.sampleAspectRatio),
        color: colorTagsOf(picture as never),
      },
      this.#report,
    );
    await this.#waitForSlot(signal);
    const frame = await this.#intake.take(picture, { ...timing, index: this.#count++ }, this.#pool, signal);
    if (frame === undefined) this.#dropped++;
    return frame;
  }

  async #waitForSlot(signal: AbortSignal): Promise<void> {
    const leftMs = this.#patientUntilMs - performance.now();
    if (leftMs <= 0 || this.#pool.inUse < this.#pool.slots) return;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), leftMs);
    try {
      (await this.#pool.acquire(1, AbortSignal.any([signal, patience.signal]))).release();
    } catch {
      // None came in time: the pool's policy decides.
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#intake?.close();
    this.#intake = undefined;
  }
}
