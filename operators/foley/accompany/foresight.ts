import type { Microseconds } from '../../../pipeline/index.js';
import type { CompleteAccompanyOptions } from './accompany-options.js';
import { characters, type Mood, moodOf } from './mood.js';
import type { PictureMemory } from './picture-memory.js';
import { type Key, nearTonics, parseKey, type WantedKey } from './pitch.js';
import type { Section } from './section.js';
import type { SeededRandom } from './seeded-random.js';

/** How long the last chord is held, and how long before the end of the picture it begins. */
export const FINAL_US: Microseconds = 2_200_000;
/** Bars after which a section may give way: to another mood, to the same one (fewer where they are long), and without any cut. */
const FEWEST_BARS = { otherMood: 4, sameMood: 8, noCut: 24 };
/** What is long enough for a section that has its four bars. */
const LONG_US: Microseconds = 15_000_000;

/** Where music is going: a cut or the end of the picture. */
export interface Goal {
  readonly reason: 'cut' | 'end';
  readonly atUs: Microseconds;
}

/** What a section is to be. */
export interface SectionPlan {
  readonly mood: Mood;
  readonly key: Key;
}

/** When a decision is made, and what is known then. */
export interface Moment {
  readonly atUs: Microseconds;
  /** Up to when the picture is known. */
  readonly limitUs: Microseconds;
  readonly beatUs: Microseconds;
  /** When the picture ends, if it has been told. */
  readonly endUs: Microseconds | undefined;
}

/** What the picture asks of the form: where sections end, and what comes after them. */
export class Foresight {
  readonly #mood: CompleteAccompanyOptions['mood'];
  readonly #wantedKey: WantedKey;
  readonly #picture: PictureMemory;
  readonly #form: SeededRandom;

  constructor({ mood, key }: CompleteAccompanyOptions, picture: PictureMemory, random: SeededRandom) {
    this.#mood = mood;
    this.#wantedKey = parseKey(key);
    this.#picture = picture;
    this.#form = random;
  }

  /** The end, if it is in sight, else the first cut that the section may end at: one that comes, or that just came. */
  goal(section: Section, { atUs, limitUs, beatUs, endUs }: Moment): Goal | undefined {
    if (endUs !== undefined && endUs <= limitUs) return { reason: 'end', atUs: endUs - FINAL_US };
    const { lastCutUs } = this.#picture;
    const late = lastCutUs !== undefined && atUs - lastCutUs < 2 * beatUs ? [lastCutUs] : [];
    const cutUs = [...late, ...this.#picture.cutsAhead(limitUs)].find((one) =>
      this.#mayEndAt(section, one, limitUs, beatUs),
    );
    return cutUs === undefined ? undefined : { reason: 'cut', atUs: cutUs };
  }

  #mayEndAt(section: Section, cutUs: Microseconds, limitUs: Microseconds, beatUs: Microseconds): boolean {
    const bars = (cutUs - section.startUs) / (section.beatsPerBar * beatUs);
    const soon = cutUs - section.startUs >= LONG_US || this.#moodAt(cutUs, limitUs) !== section.mood;
    return bars >= (soon ? FEWEST_BARS.otherMood : FEWEST_BARS.sameMood) - 0.3;
  }

  /** True where a section has gone on for long without a cut, or the picture has changed without one. */
  isSpent(section: Section, limitUs: Microseconds): boolean {
    if (!section.isRounded) return false;
    const otherMood = this.#moodAt(Number.POSITIVE_INFINITY, limitUs) !== section.mood;
    return section.bars >= (otherMood ? FEWEST_BARS.sameMood : FEWEST_BARS.noCut);
  }

  /** Mood and key of the section that begins at `fromUs`; the end keeps what there is. */
  plan(
    before: Section | undefined,
    fromUs: Microseconds,
    limitUs: Microseconds,
    reason: Goal['reason'] = 'cut',
  ): SectionPlan {
    if (before !== undefined && reason === 'end') return { mood: before.mood, key: before.key };
    const mood = this.#moodAt(fromUs, limitUs);
    const mode = this.#wantedKey.mode ?? this.#form.pick(characters[mood].modes);
    const stays = before !== undefined && before.mood === mood && this.#form.chance(0.4);
    return { mood, key: stays ? before.key : { tonic: this.#nextTonic(before?.key), mode } };
  }

  #nextTonic(before: Key | undefined): number {
    const { tonic } = this.#wantedKey;
    if (tonic !== undefined) return tonic;
    if (before !== undefined) return this.#form.pick(nearTonics(before));
    return this.#form.pick([
      [0, 3],
      [7, 3],
      [5, 3],
      [2, 2],
      [10, 2],
      [3, 1],
      [9, 1],
    ] as const);
  }

  #moodAt(fromUs: Microseconds, limitUs: Microseconds): Mood {
    return this.#mood === 'auto' ? moodOf(this.#picture.feelAfter(fromUs, limitUs)) : this.#mood;
  }
}
