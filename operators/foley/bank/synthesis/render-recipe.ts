import { SAMPLE_RATE } from '../../sample-rate.js';
import { type Random, randomOf } from '../random.js';
import type { Recipe } from '../vocabulary.js';
import { leadByContact, roundLatePeaks } from './contact-first.js';
import { type ContactPlan, planContacts } from './contact-plan.js';
import { addGrains, addNoise, addPush, addThud, contactMs, energyGain } from './contacts.js';
import { finish, scaleToPeak } from './finish.js';
import { type MaterialSound, materialSounds } from './materials.js';
import { addRinging, type RingingMode, ringingModes, ringSeconds } from './ring.js';
import { addStrokeGrains, scratchForce, strokeOf } from './scratch.js';
import { renderWater } from './splash.js';

/** No single sound is longer. Seconds. */
export const LONGEST_S = 4;

/** Recipe numbers within their ranges, whatever was asked for: values that are no numbers become the middle. */
export function soundRecipe(recipe: Recipe): Recipe {
  const within = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0.5);
  const whole = (value: number): number => (Number.isFinite(value) ? Math.trunc(value) : 0);
  return {
    action: recipe.action,
    material: recipe.action === 'splash' ? 'water' : recipe.material,
    energy: within(recipe.energy),
    size: within(recipe.size),
    object: whole(recipe.object),
    seed: whole(recipe.seed),
  };
}

/**
 * A recipe as sound: float32, mono, 48 kHz, 0.02–4 s, peak at most 1, no DC. The contact begins at sample 0, with the rise of the force itself: impacts are at
 * their peak within 10 ms. Its level is that of the event: 30 dB between energies 0 and 1, soft materials below hard ones.
 */
export function renderRecipe(asked: Recipe): Float32Array {
  const recipe = soundRecipe(asked);
  if (recipe.material === 'water') return renderWater(recipe);
  const material = materialSounds[recipe.material];
  const random = randomOf('event', recipe.action, recipe.material, recipe.object, recipe.seed);
  const out = recipe.action === 'scratch' ? scratch(recipe, material, random) : touch(recipe, material, random);
  const scale = recipe.action === 'scratch' ? 0.4 : recipe.action === 'step' ? 0.55 : 1;
  return finish(out, scale * 10 ** (material.levelDb / 20) * energyGain(recipe.energy) * random.between(0.85, 1));
}

function touch(recipe: Recipe, material: MaterialSound, random: Random): Float32Array {
  const plan = planContacts(recipe, material, random);
  const modes = modesUnder(recipe, material, plan.damping, random);
  const last = Math.max(...plan.contacts.map(({ at }) => at));
  const out = buffer(last + Math.max(looseSeconds(material, plan), modes.length > 0 ? ringSeconds(modes) : 0));
  if (modes.length > 0) {
    const force = new Float32Array(out.length);
    const ms = contactMs(material, recipe) * plan.softness;
    for (const contact of plan.contacts) {
      // Soft contacts of the same event last longer.
      addPush(force, contact, ms * 2 ** (0.8 * (recipe.energy - contact.energy)));
    }
    addRinging(out, force, modes);
    scaleToPeak(out, energyGain(recipe.energy));
  }
  addLoose(out, recipe, material, plan, random);
  if (material.grains !== undefined) roundLatePeaks(out);
  return leadByContact(out);
}

/** Noise, grains and thud of all contacts. */
function addLoose(out: Float32Array, recipe: Recipe, material: MaterialSound, plan: ContactPlan, random: Random): void {
  const { softness } = plan;
  const [low, high] = material.noise.bandHz;
  const noise = {
    ...material.noise,
    bandHz: [low / softness, high / Math.sqrt(softness)] as const,
    decayMs: material.noise.decayMs * Math.sqrt(softness),
  };
  const loose = new Float32Array(out.length);
  for (const contact of plan.contacts) addNoise(loose, contact, noise, random);
  addScaled(out, loose, material.noise.level * energyGain(recipe.energy));
  if (material.grains !== undefined) {
    loose.fill(0);
    for (const contact of plan.contacts) addGrains(loose, contact, material.grains, random);
    addScaled(out, loose, material.grains.level * energyGain(recipe.energy));
  }
  const thud = material.thud ?? (recipe.action === 'step' ? heelThud : undefined);
  if (thud !== undefined) for (const contact of plan.contacts) addThud(out, contact, thud, recipe, random);
}

/** What of a step on a hard floor is the foot. */
const heelThud: NonNullable<MaterialSound['thud']> = { hz: [75, 150], level: 0.4, decayMs: 22 };

function scratch(recipe: Recipe, material: MaterialSound, random: Random): Float32Array {
  const stroke = strokeOf(recipe, random);
  const modes = modesUnder(recipe, material, 30, random);
  const out = buffer(stroke.seconds + Math.min(0.8, modes.length > 0 ? ringSeconds(modes) : 0.05));
  const force = scratchForce(out.length, stroke, material, random);
  if (modes.length > 0) {
    addRinging(out, force, modes);
    scaleToPeak(out, 1);
  }
  addScaled(out, force, modes.length > 0 ? 0.5 : 0.6);
  if (material.grains !== undefined) {
    const grains = new Float32Array(out.length);
    addStrokeGrains(grains, stroke, material.grains, random);
    addScaled(out, grains, material.grains.level);
  }
  return out;
}

function modesUnder(recipe: Recipe, material: MaterialSound, damping: number, random: Random): readonly RingingMode[] {
  return material.ringing === undefined ? [] : ringingModes(material.ringing, recipe, { damping, random });
}

function looseSeconds({ noise, grains, thud }: MaterialSound, { softness }: ContactPlan): number {
  const noiseMs = noise.attackMs + 8 * noise.decayMs * Math.sqrt(softness);
  const grainsMs = grains === undefined ? 0 : grains.spreadMs + 60;
  return Math.max(noiseMs, grainsMs, 10 * (thud ?? heelThud).decayMs) / 1000;
}

function buffer(seconds: number): Float32Array {
  return new Float32Array(Math.ceil(Math.min(LONGEST_S, Math.max(0.02, seconds)) * SAMPLE_RATE));
}

/** Adds `layer`, scaled so that its peak is `peak`. */
function addScaled(out: Float32Array, layer: Float32Array, peak: number): void {
  scaleToPeak(layer, peak);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (layer[i] as number);
}
