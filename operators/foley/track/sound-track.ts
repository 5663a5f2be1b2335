import type { AudioFrame, AudioSample, Microseconds } from '../../../pipeline/index.js';
import {
  BLOCK_SAMPLES,
  FoleyMixer,
  type FoleyMixerFigures,
  type LoudnessPlan,
  MIXER_LOOKAHEAD_US,
} from '../mix/foley-mixer.js';
import { type SampleIndex, sampleAt, timeOf } from '../mix/timeline.js';
import type { HeardPicture, SoundDesk, SoundMaker, SoundWish } from './sound-operator.js';

export { combineWishes, type SoundNode, soundNodes } from './sound-nodes.js';

/** Options of a {@link SoundTrack}. */
export interface SoundTrackOptions {
  readonly makers: readonly SoundMaker[];
  /** Where the sound begins, on the stream's timeline. */
  readonly startUs: Microseconds;
  /** Of all nodes that make sound, see `combineWishes`. With `never` nothing is made, and existing sound passes. */
  readonly wish: SoundWish;
  /** False where the input has no sound. */
  readonly hasTrack: boolean;
  /** What is known of the input's sound beforehand. Default `unknown`. */
  readonly known?: 'silent' | 'unknown';
  readonly loudness: LoudnessPlan;
}

/** Figures of a {@link SoundTrack}. */
export interface SoundTrackFigures extends FoleyMixerFigures {
  /** False where nothing was made, or the input's own sound kept it away all the time. */
  readonly wasMadeSoundHeard: boolean;
}

/**
 * The sound of a stream: pictures and existing sound in, 48 kHz stereo out, in order and without a hole.
 *
 * The same pictures make the same samples, however they are handed over: what is known at a sample is what the pictures up to it and `lookAheadUs` more say, no
 * matter how many of them were heard already. Pictures that come later than that count from where they come. Memory is that of the pictures that wait.
 *
 * @example
 * const track = new SoundTrack({ makers, startUs: 0, wish, hasTrack: false, loudness: { kind: 'fixed', gainDb: 0 } });
 * for (const picture of pictures) {
 *   track.hear(picture);
 *   for (const sample of track.audioUntil(picture.ptsUs - track.lookAheadUs)) encoder.push(sample);
 * }
 * for (const sample of track.end(endUs)) encoder.push(sample);
 */
export class SoundTrack {
  /** How much of the pictures, and of existing sound, must be known beyond a time before sound up to it is asked for. */
  readonly lookAheadUs: Microseconds;
  readonly #makers: readonly SoundMaker[];
  readonly #mixer: FoleyMixer;
  readonly #desk: SoundDesk;
  #pictures: HeardPicture[] = [];
  /** After the last sample that the mixer was asked for. */
  #position: SampleIndex;
  /** Of the pictures. */
  #endUs: Microseconds = Number.POSITIVE_INFINITY;
  #hasEnded = false;
  #wasHeard = false;

  constructor({ makers, startUs, wish, hasTrack, known, loudness }: SoundTrackOptions) {
    const { when, mix } = wish;
    this.#makers = when === 'never' ? [] : makers;
    this.#mixer = new FoleyMixer({
      startUs,
      ...(when === 'never' ? { when: 'silent', mix: 'keep' } : { when, mix }),
      hasTrack,
      ...(known === undefined ? {} : { known }),
      loudness,
    });
    this.#position = sampleAt(startUs);
    this.#desk = this.#makeDesk(sampleAt(startUs));
    this.lookAheadUs = MIXER_LOOKAHEAD_US + Math.max(0, ...this.#makers.map((maker) => maker.lookAheadUs ?? 0));
  }

  /** Takes note of a picture that has left the graph. Pictures come in order. */
  hear(picture: HeardPicture): void {
    this.#pictures.push(picture);
  }

  /**
   * Takes existing sound, in order. The frame stays the caller's; its samples must not change.
   *
   * @throws VitascopeError `FRAME_FORMAT` unless it is mono or stereo at 48 kHz; `OPERATOR_FAILED` when more than a minute waits
   */
  existing(frame: AudioFrame): void {
    this.#mixer.existing(frame);
  }

  /** No more pictures: they end at that time. To be told as soon as it is known, so that music can come to its end with them. */
  picturesEnd(ptsUs: Microseconds): void {
    this.#endUs = Math.min(this.#endUs, ptsUs);
  }

  /** Sound up to a time, in whole blocks, that has not been given yet. It belongs to the receiver. */
  audioUntil(ptsUs: Microseconds): AudioSample[] {
    const until = sampleAt(ptsUs);
    const samples: AudioSample[] = [];
    // Block by block, so that what is known at a block does not depend on what was asked for.
    while (this.#position + BLOCK_SAMPLES <= until) {
      const blockEndUs = timeOf(this.#position + BLOCK_SAMPLES);
      this.#tell(blockEndUs + this.lookAheadUs);
      this.#position += BLOCK_SAMPLES;
      samples.push(...this.#mixer.audioUntil(blockEndUs));
      this.#wasHeard ||= this.#makers.length > 0 && this.#mixer.isMadeSoundHeard;
    }
    return samples;
  }

  /** All that is left, up to a time exactly. Pictures end there if nothing else was told. Nothing may follow. */
  end(ptsUs: Microseconds): AudioSample[] {
    this.picturesEnd(ptsUs);
    const samples = this.audioUntil(ptsUs);
    this.#tell(Number.POSITIVE_INFINITY);
    samples.push(...this.#mixer.end(ptsUs));
    return samples;
  }

  /** False while nothing is made, or the input's own sound keeps it away. */
  get isMadeSoundHeard(): boolean {
    return this.#makers.length > 0 && this.#mixer.isMadeSoundHeard;
  }

  get figures(): SoundTrackFigures {
    return { ...this.#mixer.figures, wasMadeSoundHeard: this.#wasHeard };
  }

  /** Beds and rooms change from where the mixer is, at the earliest: a fade that had begun before would click. */
  #makeDesk(start: SampleIndex): SoundDesk {
    const mixer = this.#mixer;
    const openUs = (): Microseconds =>
      this.#position > start ? timeOf(this.#position) + MIXER_LOOKAHEAD_US : timeOf(start);
    return {
      get openUs() {
        return openUs();
      },
      add: (event) => {
        mixer.add(event);
      },
      bed: (kind, make, change) => {
        mixer.bed(kind, make, { ...change, ptsUs: Math.max(openUs(), change.ptsUs) });
      },
      cut: (ptsUs, room) => mixer.cut(Math.max(openUs(), ptsUs), room),
    };
  }

  /** Tells makers all that is to be known when pictures are known up to a time. */
  #tell(knownUs: Microseconds): void {
    if (this.#hasEnded) return;
    let count = 0;
    for (const picture of this.#pictures) {
      if (picture.ptsUs > knownUs) break;
      for (const maker of this.#makers) maker.hear(picture, this.#desk);
      count++;
    }
    if (count > 0) this.#pictures.splice(0, count);
    if (knownUs < this.#endUs) return;
    this.#hasEnded = true;
    for (const maker of this.#makers) maker.end(this.#endUs, this.#desk);
  }
}
