import type { SoundTrack } from '../../operators/foley/track/sound-track.js';
import type { AudioFrame, Microseconds } from '../../pipeline/index.js';

/** Hands the sound that a film has to a {@link SoundTrack}, as far as that has come and no further, so that memory stays bounded. */
export class ExistingFeed {
  readonly #frames: AsyncGenerator<AudioFrame, void>;
  #next: AudioFrame | undefined;
  #endUs: Microseconds = Number.NEGATIVE_INFINITY;

  private constructor(frames: AsyncGenerator<AudioFrame, void>) {
    this.#frames = frames;
  }

  /** @param frames In order; they belong to the feed. @throws as reading does */
  static async open(frames: AsyncGenerator<AudioFrame, void>): Promise<ExistingFeed> {
    const feed = new ExistingFeed(frames);
    await feed.#advance();
    return feed;
  }

  /** When the next frame is heard that has not been handed over; nothing at the end. */
  get nextUs(): Microseconds | undefined {
    return this.#next?.ptsUs;
  }

  /** Where what has been handed over ends. */
  get endUs(): Microseconds {
    return this.#endUs;
  }

  /** Hands over all that begins before a time. */
  async feed(track: SoundTrack, untilUs: Microseconds): Promise<void> {
    for (let frame = this.#next; frame !== undefined && frame.ptsUs < untilUs; frame = this.#next) {
      track.existing(frame);
      this.#endUs = Math.max(this.#endUs, frame.ptsUs + frame.durationUs);
      await this.#advance();
    }
  }

  async close(): Promise<void> {
    this.#next?.close();
    this.#next = undefined;
    await this.#frames.return();
  }

  async #advance(): Promise<void> {
    const { done, value } = await this.#frames.next();
    this.#next?.close();
    this.#next = done === true ? undefined : value;
  }
}
