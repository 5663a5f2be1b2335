import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Random } from '../random.js';
import type { Recipe } from '../vocabulary.js';
import { Biquad } from './filters.js';
import type { ContactNoise, Grains, MaterialSound } from './materials.js';

/** One touch of two things. */
export interface Contact {
  /** Seconds from the beginning of the sound. */
  readonly at: number;
  /** 0–1. */
  readonly energy: number;
}

const MS = SAMPLE_RATE / 1000;
/** Between the softest and the hardest contact of one thing. */
const ENERGY_RANGE_DB = 30;

/** How loud an event of this energy is beside the hardest one, as a factor. */
export function energyGain(energy: number): number {
  return 10 ** ((-ENERGY_RANGE_DB * (1 - energy)) / 20);
}

/** Hard contacts are shorter: about T ∝ v^(−1/5) for spheres (Hertz), more for felt, skin and fingers. */
export function contactMs(material: MaterialSound, { energy, size }: Pick<Recipe, 'energy' | 'size'>): number {
  return material.contactMs * 2 ** (1.6 * (0.5 - energy) + 0.8 * (size - 0.5));
}

/** Adds a push that begins at the contact: a raised cosine, so that nothing clicks though nothing is faded. */
export function addPush(force: Float32Array, contact: Contact, ms: number): void {
  const length = Math.max(4, Math.round(ms * MS));
  const begin = Math.round(contact.at * SAMPLE_RATE);
  const gain = energyGain(contact.energy) / length;
  for (let i = 0; i < length && begin + i < force.length; i++) {
    force[begin + i] = (force[begin + i] as number) + gain * (1 - Math.cos((2 * Math.PI * (i + 0.5)) / length));
  }
}

/** Adds the noise of a contact. Peak about 1 at energy 1. */
export function addNoise(out: Float32Array, contact: Contact, noise: ContactNoise, random: Random): void {
  const begin = Math.round(contact.at * SAMPLE_RATE);
  const [low, high] = noise.bandHz;
  const lowPass = Biquad.lowPass(high * 2 ** (1.2 * (contact.energy - 0.7)) * random.ratio(0.9, 1.1));
  const highPass = Biquad.highPass(low * random.ratio(0.9, 1.1));
  const gain = energyGain(contact.energy) * random.between(0.85, 1);
  const attack = Math.max(3, noise.attackMs * MS);
  const decay = noise.decayMs * MS * random.ratio(0.85, 1.18);
  const length = Math.min(out.length - begin, Math.round(attack + 8 * decay));
  for (let i = 0; i < length; i++) {
    const envelope = i < attack ? i / attack : Math.exp((attack - i) / decay);
    const x = highPass.next(lowPass.next(random.noise()));
    out[begin + i] = (out[begin + i] as number) + gain * envelope * x;
  }
}

/** Adds the grains that one contact sets off. */
export function addGrains(out: Float32Array, contact: Contact, grains: Grains, random: Random): void {
  const count = Math.round(grains.count * (0.35 + 1.3 * contact.energy));
  const gain = energyGain(contact.energy);
  for (let i = 0; i < count; i++) {
    // The first and loudest comes with the contact, the others mostly soon after it.
    const late = i === 0 ? 0 : random.unit() ** 2.2;
    const at = contact.at + (late * grains.spreadMs) / 1000;
    const loud = i === 0 ? 1.4 : (1 - 0.85 * late) * random.unit() ** 2;
    addGrain(out, at, gain * loud, grains, random);
  }
}

/** Adds one grain: a tick of two samples through a band-pass of its own. */
export function addGrain(
  out: Float32Array,
  at: number,
  gain: number,
  { bandHz, q }: Pick<Grains, 'bandHz' | 'q'>,
  random: Random,
): void {
  const begin = Math.round(at * SAMPLE_RATE);
  const hz = random.ratio(...bandHz);
  const sharpness = q * random.ratio(0.7, 1.4);
  const filter = Biquad.bandPass(hz, sharpness);
  const length = Math.min(out.length - begin, Math.round((SAMPLE_RATE * 3 * sharpness) / hz) + 8);
  // A tick through a narrow band is faint: what it loses is given back.
  const push = (0.35 * gain * sharpness * SAMPLE_RATE) / hz;
  for (let i = 0; i < length; i++) {
    const x = i === 0 ? push : i === 1 ? -push : 0;
    out[begin + i] = (out[begin + i] as number) + filter.next(x) * Math.min(1, (length - i) / 16);
  }
}

/** Adds the dull blow of something soft: half a wave and little more. */
export function addThud(
  out: Float32Array,
  contact: Contact,
  { hz, level, decayMs }: NonNullable<MaterialSound['thud']>,
  { size }: Pick<Recipe, 'size'>,
  random: Random,
): void {
  const begin = Math.round(contact.at * SAMPLE_RATE);
  const pitch = hz[1] * (hz[0] / hz[1]) ** size * random.ratio(0.92, 1.09);
  const decay = decayMs * MS * (0.7 + 0.6 * size);
  const gain = level * energyGain(contact.energy);
  const length = Math.min(out.length - begin, Math.round(8 * decay));
  for (let i = 0; i < length; i++) {
    // Pitch falls as what was pressed together comes apart.
    const phase = (2 * Math.PI * pitch * (i + 0.3 * decay * (1 - Math.exp(-i / decay)))) / SAMPLE_RATE;
    out[begin + i] = (out[begin + i] as number) + gain * Math.sin(phase) * Math.exp(-i / decay);
  }
}
