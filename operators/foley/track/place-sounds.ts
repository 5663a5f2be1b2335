import type { Microseconds } from '../../../pipeline/index.js';
import { seedOf } from '../bank/random.js';
import type { SoundBank } from '../bank/sound-bank.js';
import type { UserSounds } from '../bank/user/user-sounds.js';
import type { BedKind } from '../bank/vocabulary.js';
import type { BedCue, CutCue } from '../cues.js';
import { decibelsOf } from '../mix/decibels.js';
import { type MonoBed, WideBed } from '../mix/wide-bed.js';
import type { SoundDesk } from './sound-operator.js';

/** What is said of a place so soon after a cut was true from the cut on: a network needs some pictures to know where it is. */
export const SETTLING_US: Microseconds = 700_000;
/** Of places: at a cut, and while a shot goes on. */
const CUT_FADE_MS = 120;
const FADE_MS = 1200;
/** Of all places, at the end. */
const END_FADE_MS = 400;
/** Fainter places are not heard at all. */
const FAINTEST = 0.02;

/** Options of {@link PlaceSounds}. */
export interface PlaceSoundsOptions {
  readonly bank: SoundBank;
  readonly users?: UserSounds | undefined;
  readonly seed: number;
  /** dB: of a place at level 1. */
  readonly ambience: number | 'off';
  /** True where sound is made so long after pictures that a place may begin at the cut before it was recognised. */
  readonly looksBack: boolean;
  /** Where the first shot begins. */
  readonly startUs: Microseconds;
}

/** The sounds of places, cross-faded over shots and quickly at cuts, and the rooms. */
export class PlaceSounds {
  readonly #options: PlaceSoundsOptions;
  /** Places that have been heard of, and are not silent. */
  readonly #heard = new Set<BedKind>();
  #lastCutUs: Microseconds;

  constructor(options: PlaceSoundsOptions) {
    this.#options = options;
    this.#lastCutUs = options.startUs;
  }

  /** Another room. Cuts that come out of order are left out. */
  cut({ atUs, room }: CutCue, desk: SoundDesk): void {
    if (atUs < this.#lastCutUs) return;
    this.#lastCutUs = atUs;
    desk.cut(atUs, room);
  }

  bed({ atUs, bed, level }: BedCue, desk: SoundDesk): void {
    const { ambience, looksBack } = this.#options;
    if (ambience === 'off') return;
    const isHeard = level >= FAINTEST;
    if (!isHeard && !this.#heard.has(bed)) return;
    if (isHeard) this.#heard.add(bed);
    else this.#heard.delete(bed);
    const isNew = atUs >= this.#lastCutUs && atUs - this.#lastCutUs <= SETTLING_US;
    desk.bed(bed, () => this.#make(bed, atUs), {
      ptsUs: isNew && looksBack ? this.#lastCutUs : atUs,
      gainDb: isHeard ? ambience + decibelsOf(level) : Number.NEGATIVE_INFINITY,
      fadeMs: isNew ? CUT_FADE_MS : FADE_MS,
    });
  }

  /** All places fade out up to a time. */
  end(ptsUs: Microseconds, desk: SoundDesk): void {
    for (const bed of this.#heard) {
      desk.bed(bed, () => this.#make(bed, ptsUs), {
        ptsUs: ptsUs - END_FADE_MS * 1000,
        gainDb: Number.NEGATIVE_INFINITY,
        fadeMs: END_FADE_MS,
      });
    }
    this.#heard.clear();
  }

  /** A wide place: two of its kind; of a recording, two passages of the same one. */
  #make(kind: BedKind, atUs: Microseconds): WideBed {
    const { bank, users, seed } = this.#options;
    const recordings = users?.beds.filter(({ bed }) => bed === kind) ?? [];
    const chosen = seedOf('place', seed, kind, atUs);
    const file = recordings[chosen % Math.max(1, recordings.length)]?.file;
    const side = (name: string): MonoBed => {
      const sideSeed = seedOf(chosen, name);
      return (file === undefined ? undefined : users?.bedOf(file, sideSeed)) ?? bank.bed(kind, sideSeed);
    };
    return new WideBed(side('left'), side('right'));
  }
}
