import type { Microseconds } from '../../../pipeline/index.js';
import { SoundBank } from '../bank/sound-bank.js';
import type { UserSounds } from '../bank/user/user-sounds.js';
import type { FoleySoundOptions } from './foley-sound-options.js';
import { ImpactSounds } from './impact-sounds.js';
import { PlaceSounds, SETTLING_US } from './place-sounds.js';
import { readCues } from './read-cues.js';
import type { HeardPicture, SoundDesk, SoundMaker, SoundPace } from './sound-operator.js';

/** Of files: what is said of a place soon after a cut, and cues that come before their pictures, are known in time. */
const FILE_LOOKAHEAD_US: Microseconds = SETTLING_US + 300_000;
/** Of live streams: a cue may come before its picture by half of one, 25 a second. */
const LIVE_LOOKAHEAD_US: Microseconds = 20_000;

/** Options of a {@link FoleyMaker}. */
export interface FoleyMakerOptions extends Pick<FoleySoundOptions, 'ambience' | 'seed'> {
  readonly startUs: Microseconds;
  /** Sounds of the user, which come before ours. */
  readonly users?: UserSounds | undefined;
  /** Default `file`. With `live` no time is spent on choosing by features, and places fade in where they are recognised. */
  readonly pace?: SoundPace | undefined;
}

/** Makes the sound of what `foley` has seen: of impacts, places and cuts. Cues that are none are passed over. Memory is constant. */
export class FoleyMaker implements SoundMaker {
  readonly lookAheadUs: Microseconds;
  readonly #impacts: ImpactSounds;
  readonly #places: PlaceSounds;

  constructor({ ambience, seed, startUs, users, pace = 'file' }: FoleyMakerOptions) {
    const bank = new SoundBank({ seed, users });
    const looksBack = pace === 'file';
    this.lookAheadUs = looksBack ? FILE_LOOKAHEAD_US : LIVE_LOOKAHEAD_US;
    this.#impacts = new ImpactSounds({ bank, seed, usesFeatures: looksBack });
    this.#places = new PlaceSounds({ bank, users, seed, ambience, looksBack, startUs });
  }

  hear(picture: HeardPicture, desk: SoundDesk): void {
    for (const cue of readCues(picture)) {
      if (cue.kind === 'cut') this.#places.cut(cue, desk);
      else if (cue.kind === 'bed') this.#places.bed(cue, desk);
      else {
        const event = this.#impacts.make(cue);
        if (event !== undefined) desk.add(event);
      }
    }
  }

  end(ptsUs: Microseconds, desk: SoundDesk): void {
    this.#places.end(ptsUs, desk);
  }
}
