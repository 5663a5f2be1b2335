import type { Action, Material } from './vocabulary.js';

/** Whose sound it is: made here, of a user's file, or made of nothing but features. */
export type SoundSource = 'own' | 'user' | 'features';

/** What a sound is of. */
export interface SoundTags {
  readonly source: SoundSource;
  readonly action: Action;
  /** Nothing where the sound is of no material that is known. */
  readonly material: Material | undefined;
}

/** A single sound, ready to be made. */
export interface Sound {
  /** The same for the same samples: what to remember and to avoid. */
  readonly id: string;
  readonly tags: SoundTags;
  /** Of the samples that {@link render} gives: where the event is, what the eye sees. 0 for sounds of our own. */
  readonly onsetSample: number;
  /** Its `soundFeatures`, float32 [48]. Made when first asked for. */
  readonly features: Float32Array;
  /**
   * The samples: mono, 48 kHz, at most 10 s, −1 to 1, no NaN, no DC, at the level of the event (30 dB between energies 0 and 1). A new array each time, the
   * caller's.
   */
  render(): Float32Array;
}

/** What a sound is wanted for. */
export interface SoundRequest {
  readonly action: Action;
  /** Omit it when unknown: then `features` decide, or a neutral material is taken. */
  readonly material?: Material | undefined;
  /** 0–1, 30 dB. */
  readonly energy: number;
  /** 0 (a coin) to 1 (a door). Default 0.5. */
  readonly size?: number | undefined;
  /** What it should be like: float32 [48] as of `soundFeatures`. Without them a thing is taken that stays the same within one bank. */
  readonly features?: Float32Array | undefined;
  /** Of this event; the same request with the same seed gives the same sound. */
  readonly seed: number;
  /** Ids of sounds that must not come again. Where nothing else is left, one of them does. */
  readonly avoid?: ReadonlySet<string> | undefined;
  /** `hard` (default): the material is as asked. `soft`: another one may be nearer in features than this one, and costs something. */
  readonly match?: 'hard' | 'soft' | undefined;
}
