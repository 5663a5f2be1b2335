import type { AudioFrame, Microseconds } from '../../../pipeline/index.js';
import { Ducker, type DuckerOptions } from './ducker.js';
import { GainCurve } from './gain-curve.js';
import { SilenceDetector, type SilenceDetectorOptions } from './silence-detector.js';
import { isSilent, makeHarmless, type Stereo, stereo } from './stereo.js';
import { type SampleIndex, sampleAt, samplesIn } from './timeline.js';
import { TrackQueue } from './track-queue.js';

/** What becomes of the sound that the input has. */
export const mixModes = ['keep', 'duck', 'replace'] as const;
/** `keep` leaves it as loud as it is, `duck` lowers it while made sound is heard, `replace` leaves it out. */
export type MixMode = (typeof mixModes)[number];

/** When sound is made. */
export const foleyTimes = ['silent', 'always', 'replace'] as const;
/** `silent` where the input has no sound, or a silent track; `always` beside its sound; `replace` instead of it. */
export type FoleyTime = (typeof foleyTimes)[number];

/** Options of {@link ExistingSound}. */
export interface ExistingSoundOptions {
  readonly startUs?: Microseconds;
  /** Default `silent`. */
  readonly when?: FoleyTime;
  /** Default `keep`. With `when: replace` it is `replace`. */
  readonly mix?: MixMode;
  /** False where the input has no track of sound: made sound is heard from the beginning. Default true. */
  readonly hasTrack?: boolean;
  /**
   * What is known of the whole track beforehand, as from a first pass: `silent` lets made sound be heard from the beginning, not only after the detector has made
   * sure. Default `unknown`.
   */
  readonly known?: 'silent' | 'unknown';
  readonly ducking?: DuckerOptions;
  readonly detection?: Omit<SilenceDetectorOptions, 'startUs'>;
}

/** Made sound comes and goes in this time where existing sound goes and comes. */
const HAND_OVER = samplesIn(500);

/**
 * The sound that the input has beside the one that is made: keeps, ducks or leaves it out, and decides for `when: silent` where made sound is heard. It never looks
 * ahead, so it can be used live.
 */
export class ExistingSound {
  readonly #queue: TrackQueue;
  readonly #detector: SilenceDetector | undefined;
  readonly #ducker: Ducker | undefined;
  readonly #isLeftOut: boolean;
  /** Of made sound. */
  readonly #presence: GainCurve;
  #buffer = stereo(0);

  constructor(options: ExistingSoundOptions = {}) {
    const { startUs = 0, when = 'silent', mix = 'keep', hasTrack = true, known = 'unknown' } = options;
    this.#queue = new TrackQueue(sampleAt(startUs));
    this.#isLeftOut = mix === 'replace' || when === 'replace';
    this.#ducker = mix === 'duck' && !this.#isLeftOut ? new Ducker(options.ducking) : undefined;
    this.#detector = when === 'silent' && hasTrack ? new SilenceDetector({ ...options.detection, startUs }) : undefined;
    this.#presence = new GainCurve(this.#detector === undefined || known === 'silent' ? 1 : 0);
  }

  /** True where made sound is heard, or will be in a moment. */
  get isMadeSoundHeard(): boolean {
    return this.#presence.target > 0;
  }

  /** @throws VitascopeError `FRAME_FORMAT`, `OPERATOR_FAILED`, see {@link TrackQueue.push} */
  push(frame: AudioFrame): void {
    this.#queue.push(frame);
  }

  /** Puts the next samples of existing sound under made sound, in place. Blocks must come in order; `start` is the number of the first sample. */
  mixInto(made: Stereo, start: SampleIndex): void {
    const samples = made.left.length;
    if (this.#buffer.left.length !== samples) this.#buffer = stereo(samples);
    const existing = this.#buffer;
    if (this.#queue.read(existing)) makeHarmless(existing);
    this.#detector?.push(existing, (state, at) => {
      this.#presence.ramp(start + at, HAND_OVER, state === 'silent' ? 1 : 0);
    });
    this.#scaleMade(made, start);
    if (this.#isLeftOut) return;
    this.#ducker?.process(existing, made);
    if (isSilent(existing)) return;
    for (let i = 0; i < samples; i++) {
      made.left[i] = (made.left[i] as number) + (existing.left[i] as number);
      made.right[i] = (made.right[i] as number) + (existing.right[i] as number);
    }
  }

  #scaleMade({ left, right }: Stereo, start: SampleIndex): void {
    if (this.#presence.isNeutral(start, start + left.length)) return;
    for (let i = 0; i < left.length; i++) {
      const gain = this.#presence.at(start + i);
      left[i] = (left[i] as number) * gain;
      right[i] = (right[i] as number) * gain;
    }
  }
}
