import type { Observable, Subscription } from 'rxjs';
import type { AudioSample, Microseconds, VideoSample } from '../../pipeline/index.js';
import { HEARD_RATE } from '../../streams/live/heard-sound.js';
import type { AudioTrack, DecodedSound, EncodedPacket } from '../../streams/live/live-types.js';
import { SoundEncoder } from '../../streams/live/sound-encoder.js';
import { heardPicture, isSamePlan, type LiveSoundPlan, type PreparedSound, prepareSound } from './live-sound-plan.js';
import { SoundClock } from './sound-clock.js';
import { SoundRelay } from './sound-relay.js';

/** A longer pause of the stream stays without sound; what comes after it begins anew. */
const LONGEST_PAUSE_US: Microseconds = 4_000_000;

/** Sound that is made of what a graph finds. Plain JSON. Counts go on where options change and where sound begins anew. */
export interface LiveSoundMetrics {
  /** False while the input's own sound keeps it away. */
  readonly heard: boolean;
  /** Sounds that begin at a moment: in time, late by at most 40 ms or without their beginning, and left out. */
  readonly placed: number;
  readonly late: number;
  readonly dropped: number;
  /** Of all that was sent since sound began (EBU R 128); nothing before there is some. */
  readonly lufs: number | null;
}

/** Options of {@link LiveSound}. */
export interface LiveSoundOptions {
  readonly prepared: PreparedSound;
  /** Where it begins, on the stream's timeline; no packet is from before. */
  readonly startUs: Microseconds;
  /** The sound of the source; nothing where it has none. Subscribed at the start. */
  readonly source: Observable<DecodedSound> | undefined;
  /** Takes encoded sound, in order: AAC, 48 kHz stereo. */
  readonly push: (packet: EncodedPacket) => void;
}

/**
 * The sound of a live stream that is made of what its graph finds, with the source's own sound in it: pictures that leave the graph in, encoded sound out. It goes as far as pictures have
 * come, so it is ready a moment after them; where they stay away, it stays away with them, and only existing sound goes on. Memory is constant.
 */
export class LiveSound {
  readonly #encoder: SoundEncoder;
  readonly #source: Observable<DecodedSound> | undefined;
  readonly #relay: SoundRelay;
  readonly #clock: SoundClock;
  #plan: LiveSoundPlan;
  #subscription: Subscription | undefined;
  /** What came while makers were being made. */
  #waiting: (() => void)[] | undefined;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;

  /** @throws VitascopeError `ENCODER_UNKNOWN`, `ENCODER_FAILED` */
  constructor({ prepared, startUs, source, push }: LiveSoundOptions) {
    this.#plan = prepared.plan;
    this.#source = source;
    this.#relay = new SoundRelay(prepared, startUs, source !== undefined);
    this.#clock = new SoundClock(startUs, source !== undefined);
    this.#encoder = new SoundEncoder({ sampleRate: HEARD_RATE, channels: 2 }, push, startUs);
  }

  /** What its packets are. */
  get track(): AudioTrack {
    return this.#encoder.track;
  }

  /** True where a graph's sound is the one that is made already. */
  makes(plan: LiveSoundPlan): boolean {
    return isSamePlan(plan, this.#plan);
  }

  /** Begins to listen to the source. */
  start(): void {
    this.#subscription = this.#source?.subscribe({
      next: (piece) => this.#existing(piece),
      // The pictures bring the same news.
      error: () => {},
    });
  }

  /** A picture leaves the graph. @throws what makers and the encoder fail with. */
  hear(sample: VideoSample): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { ptsUs, durationUs } = sample.frame;
    const picture = heardPicture(sample, this.#plan);
    this.#whenReady(() => {
      this.#clock.picture(ptsUs, durationUs);
      this.#relay.hear(picture);
      this.#advance();
    });
    if (this.#failure !== undefined) throw (this.#failure as { readonly error: unknown }).error;
  }

  /** Other makers take over. */
  follow(prepared: PreparedSound): void {
    this.#plan = prepared.plan;
    this.#whenReady(() => this.#relay.follow(prepared));
  }

  /** Sends all there is. @throws what the encoder fails with. */
  finish(): void {
    this.#subscription?.unsubscribe();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#closed || this.#waiting !== undefined) return;
    const { endUs, picturesEndUs } = this.#clock;
    this.#encode(this.#relay.end(Math.max(endUs, this.#relay.positionUs), picturesEndUs));
    this.#encoder.flush();
    this.close();
  }

  /** Frees everything; what was not sent is lost. */
  close(): void {
    this.#subscription?.unsubscribe();
    if (this.#closed) return;
    this.#closed = true;
    this.#encoder.close();
  }

  /** Nothing while the graph makes none. */
  metrics(): LiveSoundMetrics | undefined {
    if (this.#plan.wish === undefined) return undefined;
    const { placed, late, dropped, lufs } = this.#relay.figures;
    return { heard: this.#relay.isMadeSoundHeard, placed, late, dropped, lufs: Number.isFinite(lufs) ? lufs : null };
  }

  #existing(piece: DecodedSound): void {
    this.#whenReady(() => {
      this.#clock.existing(piece.ptsUs, piece.durationUs);
      this.#relay.existing(piece);
      this.#advance();
    });
  }

  /** Does something now, or as soon as makers are there. What fails is told with the next picture. */
  #whenReady(work: () => void): void {
    if (this.#waiting !== undefined) this.#waiting.push(work);
    else if (!this.#closed && this.#failure === undefined) {
      try {
        work();
      } catch (error) {
        this.#failure = { error };
      }
    }
  }

  #advance(): void {
    const targetUs = this.#clock.target(this.#relay.lookAheadUs);
    const { positionUs } = this.#relay;
    if (targetUs - positionUs > LONGEST_PAUSE_US) {
      const { pictureUs } = this.#clock;
      this.#restart(pictureUs > positionUs ? Math.min(targetUs, pictureUs) : targetUs);
      return;
    }
    this.#encode(this.#relay.audioUntil(targetUs));
  }

  #encode(samples: readonly AudioSample[]): void {
    for (const { frame } of samples) {
      const { channels: planes, samples: count, ptsUs } = frame;
      if (!this.#closed) this.#encoder.write({ planes, samples: count }, ptsUs);
      frame.close();
    }
  }

  /** Makers know nothing of a pause: new ones are made, and what comes meanwhile waits. */
  #restart(fromUs: Microseconds): void {
    const startUs = Math.round(fromUs);
    const waiting: (() => void)[] = [];
    this.#waiting = waiting;
    prepareSound(this.#plan, startUs).then(
      (prepared) => {
        this.#waiting = undefined;
        this.#whenReady(() => {
          this.#encoder.flush();
          this.#relay.restart(prepared, startUs);
        });
        for (const work of waiting) this.#whenReady(work);
      },
      (error: unknown) => {
        this.#waiting = undefined;
        this.#failure = { error };
      },
    );
  }
}
