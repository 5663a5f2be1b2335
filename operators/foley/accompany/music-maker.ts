import { z } from 'zod';
import type { Microseconds } from '../../../pipeline/index.js';
import type { BedSound } from '../mix/bed-mixer.js';
import type { Stereo } from '../mix/stereo.js';
import { sampleAt, timeOf } from '../mix/timeline.js';
import { SAMPLE_RATE } from '../sample-rate.js';
import type { HeardPicture, SoundDesk, SoundMaker, SoundPace } from '../track/sound-operator.js';
import { Accompanist } from './accompanist.js';
import type { CompleteAccompanyOptions } from './accompany-options.js';
import type { PictureFacts } from './picture-facts.js';

/** A player may be ahead of the first picture by so much. */
const UPBEAT_US: Microseconds = 100_000;
/** Where the film ends and the music has not, it goes in this time. */
const END_FADE_MS = 500;
/** What a player foresees of a live stream: nothing, as good as. */
const LIVE_LOOKAHEAD_MS = 60;
const BED = 'music';

/** Options of a {@link MusicMaker}. */
export interface MusicMakerOptions {
  readonly music: CompleteAccompanyOptions;
  /** dB. */
  readonly level: number;
  readonly startUs: Microseconds;
  /** Default `file`. With `live` the player does not wait to know what comes. */
  readonly pace?: SoundPace | undefined;
}

const factsSchema = z.object({ cut: z.boolean(), motion: z.number(), brightness: z.number() });

/**
 * Makes the music of what `accompany` has seen, from the first picture to a cadence at the last one. Facts that are none are passed over. Of live streams, whose end is
 * not foreseen, it fades out.
 */
export class MusicMaker implements SoundMaker {
  readonly lookAheadUs: Microseconds;
  readonly #music: CompleteAccompanyOptions;
  readonly #level: number;
  readonly #startUs: Microseconds;
  #accompanist: Accompanist | undefined;

  constructor({ music, level, startUs, pace = 'file' }: MusicMakerOptions) {
    const isLive = pace === 'live';
    this.#music = isLive ? { ...music, lookAheadMs: LIVE_LOOKAHEAD_MS } : music;
    this.lookAheadUs = isLive ? 0 : music.lookAheadMs * 1000;
    this.#level = level;
    this.#startUs = startUs;
  }

  hear(picture: HeardPicture, desk: SoundDesk): void {
    const facts = factsOf(picture);
    if (facts === undefined) return;
    this.#accompanist ??= this.#begin(facts.ptsUs, desk);
    this.#accompanist.hear(facts);
  }

  end(ptsUs: Microseconds, desk: SoundDesk): void {
    const accompanist = this.#accompanist;
    if (accompanist === undefined) return;
    accompanist.end();
    const change = { ptsUs: ptsUs - END_FADE_MS * 1000, gainDb: Number.NEGATIVE_INFINITY, fadeMs: END_FADE_MS };
    desk.bed(BED, () => new MusicBed(accompanist, ptsUs), change);
  }

  #begin(firstUs: Microseconds, desk: SoundDesk): Accompanist {
    const beginUs = Math.max(this.#startUs, desk.openUs, firstUs - UPBEAT_US);
    // A bed is heard from the sample after the one at which its gain begins to move.
    const originUs = timeOf(sampleAt(beginUs) + 1);
    const accompanist = new Accompanist(this.#music, originUs);
    desk.bed(BED, () => new MusicBed(accompanist, originUs), { ptsUs: beginUs, gainDb: this.#level, fadeMs: 0 });
    return accompanist;
  }
}

/** What an accompanist plays, from a time on. */
class MusicBed implements BedSound {
  readonly #accompanist: Accompanist;
  readonly #origin: number;
  #given = 0;

  constructor(accompanist: Accompanist, originUs: Microseconds) {
    this.#accompanist = accompanist;
    this.#origin = originUs;
  }

  render({ left, right }: Stereo): void {
    this.#given += left.length;
    // In doubles: rounded to microseconds, blocks would have a sample too few now and then.
    const untilUs = this.#origin + ((this.#given + 0.5) * 1e6) / SAMPLE_RATE;
    const pairs = this.#accompanist.audioUntil(untilUs);
    for (let i = 0; i < left.length; i++) {
      left[i] = pairs[2 * i] ?? 0;
      right[i] = pairs[2 * i + 1] ?? 0;
    }
  }
}

function factsOf({ ptsUs, meta }: HeardPicture): PictureFacts | undefined {
  const { data } = factsSchema.safeParse(meta.music);
  return data === undefined || !Number.isFinite(ptsUs) ? undefined : { ptsUs, ...data };
}
