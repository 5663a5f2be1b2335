import type { Material } from '../vocabulary.js';
import type { Shape } from './modes.js';

/** Two numbers that a value lies between. */
export type Range = readonly [low: number, high: number];

/** What rings. */
export interface Ringing {
  readonly shape: Shape;
  /** Lowest mode of the largest and of the smallest thing, hertz. */
  readonly lowestHz: Range;
  /**
   * Loss factor η of the material: a mode of f hertz decays by exp(−π η f t). What this leaves of a sound is what people tell materials by (Wildes & Richards
   * 1988; Klatzky, Pai & Krotkov, *Perception of Material from Contact Sounds*, 2000).
   */
  readonly loss: number;
  /** Decay that all modes share, by radiation and by whatever holds the thing, 1/s. */
  readonly support: number;
  /** How far the modes of one thing stray from the ideal ones, as a part of 1. */
  readonly detuning: number;
}

/** The contact itself, which has no pitch. */
export interface ContactNoise {
  /** Peak beside that of the ringing, or of the whole sound where nothing rings. */
  readonly level: number;
  readonly bandHz: Range;
  readonly attackMs: number;
  /** Until it has fallen to 1/e. */
  readonly decayMs: number;
}

/** Many small events: pebbles, blades, fibres (P. Cook, *Physically Informed Sonic Modeling*, 1997). */
export interface Grains {
  readonly level: number;
  /** Of one contact of middling energy. */
  readonly count: number;
  /** Over which they come, most of them early, ms. */
  readonly spreadMs: number;
  readonly bandHz: Range;
  /** Of each of them: low is a tick, high a ping. */
  readonly q: number;
}

/** How a material sounds. */
export interface MaterialSound {
  /** Peak of the hardest blow, dBFS. */
  readonly levelDb: number;
  /** Half of a raised cosine, how long a contact of middling energy lasts, ms: hard things touch shortly, and sound bright (Hertz). */
  readonly contactMs: number;
  readonly ringing?: Ringing;
  readonly noise: ContactNoise;
  readonly grains?: Grains;
  /** The dull part of soft things: how deep, hertz, and how loud. */
  readonly thud?: { readonly hz: Range; readonly level: number; readonly decayMs: number };
}

/**
 * The twelve materials. Loss factors follow Cremer & Heckl, *Structure-Borne Sound* (1988): steel and brass 10⁻⁴–10⁻³, glass 10⁻³, wood 10⁻², acrylic
 * 2–4·10⁻²; the measured decays of modal models (Ren, Yeh & Lin, *Example-Guided Physically Based Modal Sound Synthesis*, 2013) have the same order. Bands and
 * times of noise and grains are set by ear and eye.
 */
export const materialSounds: Readonly<Record<Material, MaterialSound>> = {
  wood: {
    levelDb: -1,
    contactMs: 1.2,
    ringing: { shape: 'bar', lowestHz: [140, 900], loss: 0.014, support: 22, detuning: 0.03 },
    noise: { level: 0.5, bandHz: [500, 4500], attackMs: 0.3, decayMs: 4 },
  },
  metal: {
    levelDb: -1,
    contactMs: 0.35,
    ringing: { shape: 'plate', lowestHz: [260, 1900], loss: 0.0003, support: 3, detuning: 0.02 },
    noise: { level: 0.22, bandHz: [2500, 14_000], attackMs: 0.2, decayMs: 3 },
  },
  glass: {
    levelDb: -1,
    contactMs: 0.25,
    ringing: { shape: 'bowl', lowestHz: [900, 3000], loss: 0.0012, support: 7, detuning: 0.008 },
    noise: { level: 0.3, bandHz: [4000, 16_000], attackMs: 0.15, decayMs: 2 },
  },
  ceramic: {
    levelDb: -1,
    contactMs: 0.4,
    ringing: { shape: 'bowl', lowestHz: [600, 1900], loss: 0.004, support: 18, detuning: 0.02 },
    noise: { level: 0.4, bandHz: [2500, 12_000], attackMs: 0.15, decayMs: 3 },
  },
  plastic: {
    levelDb: -3,
    contactMs: 1,
    ringing: { shape: 'panel', lowestHz: [180, 850], loss: 0.035, support: 45, detuning: 0.03 },
    noise: { level: 0.6, bandHz: [900, 6000], attackMs: 0.3, decayMs: 6 },
  },
  cloth: {
    levelDb: -12,
    contactMs: 9,
    noise: { level: 0.45, bandHz: [120, 1400], attackMs: 2, decayMs: 18 },
    thud: { hz: [60, 130], level: 1, decayMs: 28 },
  },
  paper: {
    levelDb: -8,
    contactMs: 2,
    noise: { level: 0.5, bandHz: [900, 7000], attackMs: 1, decayMs: 28 },
    grains: { level: 1, count: 45, spreadMs: 130, bandHz: [1500, 9000], q: 1.6 },
  },
  leaf: {
    levelDb: -10,
    contactMs: 2,
    noise: { level: 0.35, bandHz: [2200, 11_000], attackMs: 2, decayMs: 45 },
    grains: { level: 1, count: 70, spreadMs: 220, bandHz: [2500, 11_000], q: 1.2 },
  },
  gravel: {
    levelDb: -4,
    contactMs: 1.5,
    noise: { level: 0.35, bandHz: [600, 5000], attackMs: 0.6, decayMs: 22 },
    grains: { level: 1, count: 60, spreadMs: 170, bandHz: [1300, 6500], q: 7 },
    thud: { hz: [70, 140], level: 0.35, decayMs: 22 },
  },
  grass: {
    levelDb: -13,
    contactMs: 4,
    noise: { level: 1, bandHz: [700, 6000], attackMs: 3, decayMs: 40 },
    grains: { level: 0.4, count: 35, spreadMs: 160, bandHz: [3000, 9000], q: 1 },
    thud: { hz: [60, 110], level: 0.45, decayMs: 26 },
  },
  // Water is made of bubbles; these are what is heard of the surface itself.
  water: {
    levelDb: -4,
    contactMs: 4,
    noise: { level: 0.6, bandHz: [500, 7000], attackMs: 1, decayMs: 45 },
  },
  drum: {
    levelDb: -1,
    contactMs: 2.2,
    ringing: { shape: 'membrane', lowestHz: [70, 260], loss: 0.02, support: 6, detuning: 0.015 },
    noise: { level: 0.35, bandHz: [700, 6000], attackMs: 0.4, decayMs: 7 },
  },
};
