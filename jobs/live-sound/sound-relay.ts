import { BLOCK_SAMPLES } from '../../operators/foley/mix/foley-mixer.js';
import { SAMPLE_RATE } from '../../operators/foley/sample-rate.js';
import type { HeardPicture } from '../../operators/foley/track/sound-operator.js';
import { SoundTrack } from '../../operators/foley/track/sound-track.js';
import { AudioFrame, type AudioSample, type Microseconds } from '../../pipeline/index.js';
import type { DecodedSound } from '../../streams/live/live-types.js';
import type { PreparedSound } from './live-sound-plan.js';

/** One track passes into the next over so many blocks: 0.2 s. */
const FADE_BLOCKS = 10;

/**
 * Sound tracks that follow one another without a click, each with other makers: the sound of a live stream whose options change, and that begins anew after a pause.
 * Existing sound is kept until it is heard, so that a track that takes over has it as well.
 */
export class SoundRelay {
  readonly #hasTrack: boolean;
  /** Existing sound that is not past. */
  #existing: DecodedSound[] = [];
  /** How much of it the tracks have. */
  #given = 0;
  #track: SoundTrack;
  #isSilentAware: boolean;
  /** The one that fades out. */
  #before: SoundTrack | undefined;
  #faded = 0;
  #positionUs: Microseconds;
  /** Of tracks that others have taken over from, up to then. */
  #past = { placed: 0, late: 0, dropped: 0 };

  constructor(prepared: PreparedSound, startUs: Microseconds, hasTrack: boolean) {
    this.#hasTrack = hasTrack;
    this.#positionUs = startUs;
    this.#isSilentAware = prepared.plan.wish?.when === 'silent';
    this.#track = this.#open(prepared, undefined);
  }

  /** Where the sound ends that was given. */
  get positionUs(): Microseconds {
    return this.#positionUs;
  }

  /** How much of pictures, and of existing sound, must be known beyond what is asked for. */
  get lookAheadUs(): Microseconds {
    return Math.max(this.#track.lookAheadUs, this.#before?.lookAheadUs ?? 0);
  }

  get isMadeSoundHeard(): boolean {
    return this.#track.isMadeSoundHeard;
  }

  /** Of the track that is heard now; counts are of those before it, too. */
  get figures(): SoundTrack['figures'] {
    const { figures } = this.#track;
    const { placed, late, dropped } = this.#past;
    return {
      ...figures,
      placed: placed + figures.placed,
      late: late + figures.late,
      dropped: dropped + figures.dropped,
    };
  }

  hear(picture: HeardPicture): void {
    this.#track.hear(picture);
    this.#before?.hear(picture);
  }

  /** Existing sound, in order. */
  existing(piece: DecodedSound): void {
    this.#existing.push(piece);
  }

  /** Other makers take over from here on. */
  follow(prepared: PreparedSound): void {
    const before = this.#track;
    this.#past = this.figures;
    this.#track = this.#open(prepared, before);
    this.#before = before;
    this.#faded = 0;
    for (const piece of this.#existing.slice(0, this.#given)) give(piece, this.#track);
  }

  /** Other makers begin anew at a time; what is before it stays unheard. */
  restart(prepared: PreparedSound, startUs: Microseconds): void {
    const before = this.#track;
    this.#past = this.figures;
    this.#positionUs = Math.max(startUs, this.#positionUs);
    this.#forgetPast();
    this.#given = 0;
    this.#before = undefined;
    this.#track = this.#open(prepared, before);
  }

  /** Sound up to a time, in whole blocks, that was not given yet. It belongs to the receiver. */
  audioUntil(ptsUs: Microseconds): AudioSample[] {
    this.#giveUntil(ptsUs + this.lookAheadUs);
    const samples = this.#track.audioUntil(ptsUs);
    const fading = this.#before?.audioUntil(ptsUs) ?? [];
    for (const [i, sample] of samples.entries()) this.#fade(sample, fading[i]);
    for (const { frame } of fading) frame.close();
    this.#passed(samples);
    return samples;
  }

  /** All that is left, up to a time exactly. @param picturesEndUs Where the pictures end. Nothing may follow. */
  end(ptsUs: Microseconds, picturesEndUs: Microseconds): AudioSample[] {
    this.#giveUntil(ptsUs);
    this.#track.picturesEnd(picturesEndUs);
    return this.#track.end(ptsUs);
  }

  #open({ plan: { wish = NO_SOUND }, makers }: PreparedSound, before: SoundTrack | undefined): SoundTrack {
    const isSilentAware = wish.when === 'silent';
    const isKnown = isSilentAware && this.#isSilentAware && before?.isMadeSoundHeard === true;
    this.#isSilentAware = isSilentAware;
    return new SoundTrack({
      makers,
      startUs: this.#positionUs,
      wish,
      hasTrack: this.#hasTrack,
      known: isKnown ? 'silent' : 'unknown',
      loudness: { kind: 'ride' },
    });
  }

  #giveUntil(ptsUs: Microseconds): void {
    for (let piece = this.#existing[this.#given]; piece !== undefined; piece = this.#existing[this.#given]) {
      if (piece.ptsUs >= ptsUs) return;
      give(piece, this.#track);
      if (this.#before !== undefined) give(piece, this.#before);
      this.#given++;
    }
  }

  /** Passes from the track before into the present one, in place. */
  #fade({ frame }: AudioSample, before: AudioSample | undefined): void {
    if (before === undefined || this.#before === undefined) return;
    for (const [c, channel] of frame.channels.entries()) {
      const other = before.frame.channels[c] as Float32Array;
      for (let i = 0; i < channel.length; i++) {
        const share = (this.#faded + i / BLOCK_SAMPLES) / FADE_BLOCKS;
        channel[i] = (other[i] as number) + ((channel[i] as number) - (other[i] as number)) * Math.min(1, share);
      }
    }
    if (++this.#faded >= FADE_BLOCKS) this.#before = undefined;
  }

  #passed(samples: readonly AudioSample[]): void {
    const last = samples.at(-1)?.frame;
    if (last === undefined) return;
    this.#positionUs = last.ptsUs + last.durationUs;
    this.#forgetPast();
  }

  #forgetPast(): void {
    const first = this.#existing.findIndex(({ ptsUs, durationUs }) => ptsUs + durationUs > this.#positionUs);
    const past = first < 0 ? this.#existing.length : first;
    this.#existing = this.#existing.slice(past);
    this.#given = Math.max(0, this.#given - past);
  }
}

const NO_SOUND = { when: 'never', mix: 'keep' } as const;

function give({ channels, ptsUs }: DecodedSound, track: SoundTrack): void {
  const frame = new AudioFrame({ channels, sampleRate: SAMPLE_RATE, ptsUs });
  track.existing(frame);
  frame.close();
}
