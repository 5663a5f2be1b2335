import type { Microseconds } from '../../pipeline/index.js';
import type { Action, BedKind, Material } from './bank/vocabulary.js';
import type { RoomSize } from './mix/rooms.js';

/** Something is hit, scratched or stepped on. */
export interface ImpactCue {
  readonly kind: 'impact';
  /** When, on the stream's timeline; within half a picture of the picture it is attached to. */
  readonly atUs: Microseconds;
  readonly action: Action;
  readonly material: Material;
  /** How hard, 0–1: 30 dB. */
  readonly energy: number;
  /** Where, −1 left … 1 right. */
  readonly pan: number;
  /** How sure it is that something sounds, 0–1. */
  readonly score: number;
  /** How sure the material is, 0–1. */
  readonly materialScore: number;
  /** What it should sound like, as `soundFeatures` gives it: 48 figures 0–1, two decimals. */
  readonly features: readonly number[];
}

/** From here on the sound of a place is that loud. Told when it changes. */
export interface BedCue {
  readonly kind: 'bed';
  readonly atUs: Microseconds;
  readonly bed: BedKind;
  /** 0 silent … 1 as loud as that place is. */
  readonly level: number;
}

/** A hard cut: another place, and another room. */
export interface CutCue {
  readonly kind: 'cut';
  readonly atUs: Microseconds;
  readonly room: RoomSize;
}

/** What is to be heard, and when. */
export type SoundCue = ImpactCue | BedCue | CutCue;

/** What `foley` attaches to pictures. Empty where nothing begins with a picture. */
export interface SoundsMeta {
  readonly sounds: readonly SoundCue[];
}

/** What `accompany` attaches to pictures: what the music hears of them. */
export interface MusicMeta {
  readonly music: {
    /** True for the first picture of a shot. */
    readonly cut: boolean;
    /** How much moves, 0–1. */
    readonly motion: number;
    /** Mean luma, 0–1. */
    readonly brightness: number;
  };
}
