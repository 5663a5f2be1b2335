import type { BedSource } from './beds/bed-source.js';
import { makeBed } from './beds/make-bed.js';
import { OwnSounds } from './own-sounds.js';
import type { Sound, SoundRequest } from './sound.js';
import type { UserSounds } from './user/user-sounds.js';
import { type Action, actions, type BedKind, bedKinds, type Material, materials } from './vocabulary.js';

/** What a bank can be asked for. */
export type SoundKind =
  | { readonly kind: 'event'; readonly action: Action; readonly material: Material; readonly users: number }
  | { readonly kind: 'bed'; readonly bed: BedKind; readonly users: number };

/** What a {@link SoundBank} is made with. */
export interface SoundBankOptions {
  /** Of the whole: which wooden thing, which metal thing there is. Default 0. */
  readonly seed?: number | undefined;
  /** Sounds of the user, which come before ours. */
  readonly users?: UserSounds | undefined;
}

/**
 * Sounds for what is seen. Nothing of it is recorded: sounds are computed when they are wanted, 48 kHz mono, the same ones for the same seeds. Sounds of a user's folder win
 * where their tags fit.
 *
 * @example
 * const bank = new SoundBank({ users: await readUserSounds('./my-sounds') });
 * const sound = bank.pick({ action: 'strike', material: 'metal', energy: 0.7, seed: 12, avoid: recent });
 * const samples = sound.render();
 * const rain = bank.bed('rain', 1);
 */
export class SoundBank {
  readonly #own: OwnSounds;
  readonly #users: UserSounds | undefined;

  constructor({ seed = 0, users }: SoundBankOptions = {}) {
    this.#own = new OwnSounds(seed);
    this.#users = users;
  }

  /** Everything that can be asked for, and how many sounds of the user there are for it. A splash is always of water. */
  get kinds(): readonly SoundKind[] {
    const events = actions.flatMap((action) =>
      (action === 'splash' ? (['water'] as const) : materials).map((material): SoundKind => {
        return { kind: 'event', action, material, users: this.#users?.count(action, material) ?? 0 };
      }),
    );
    const beds = bedKinds.map((bed): SoundKind => ({ kind: 'bed', bed, users: this.#users?.countBeds(bed) ?? 0 }));
    return [...events, ...beds];
  }

  /**
   * The sound for an event; there is always one. A user's sound whose tags fit, the nearest in features if there are any; else the nearest of our own; else, where no material
   * was told and nothing is like the features, a sound made of these.
   */
  pick(request: SoundRequest): Sound {
    return this.#users?.pick(request) ?? this.#own.pick(request);
  }

  /** The sound of a place; one of the user's if there are any. Made anew, from its beginning, each time. */
  bed(kind: BedKind, seed: number): BedSource {
    return this.#users?.bed(kind, seed) ?? makeBed(kind, seed);
  }

  /** Does beforehand what the first choices by features of an action would wait for: about 0.15 s a material. */
  prepare(action: Action, of: readonly Material[] = materials): void {
    this.#own.prepare(action, of);
  }
}
