import { SAMPLE_RATE } from '../../sample-rate.js';
import { type Random, randomOf } from '../random.js';
import type { Recipe } from '../vocabulary.js';
import { BubbleVoices, bubbleOf, commonBubble } from './bubbles.js';
import { leadByContact } from './contact-first.js';
import { addNoise, energyGain } from './contacts.js';
import { finish, peakOf, scaleToPeak } from './finish.js';
import { materialSounds } from './materials.js';

const BLOCK = 48;
/** The first touch, before water flies: it is what the eye takes for the moment of the splash. */
const slap = { level: 1, bandHz: [250, 5000], attackMs: 0.8, decayMs: 9 } as const;

/**
 * Sounds of water: the surface that is hit (noise), and the bubbles that are caught beneath it (van den Doel 2005).
 *
 * - `drop`: one falling drop or pebble: a tick, and 30 ms later the bubble that makes the plop, with a few small ones;
 * - `strike`, `step`, `splash`: noise by energy, then bubbles that get fewer; a step has a second, smaller splash of the foot leaving;
 * - `scratch`: a hand or paddle drawn through: bubbles and noise by speed.
 */
export function renderWater(recipe: Recipe): Float32Array {
  const random = randomOf('water', recipe.action, recipe.object, recipe.seed);
  const { energy, size } = recipe;
  const out = new Float32Array(Math.ceil(waterSeconds(recipe) * SAMPLE_RATE));
  const voices = new BubbleVoices(64);
  const bubbles = bubbleRates[recipe.action](recipe);
  const beneath = new Float32Array(out.length);
  for (let from = 0; from < out.length; from += BLOCK) {
    const rate = bubbles(from / SAMPLE_RATE);
    for (let at = random.wait(rate); at < BLOCK / SAMPLE_RATE; at += random.wait(rate)) {
      const bubble = commonBubble(random, [0.4, 2.5 + 7 * size]);
      voices.start(bubble);
    }
    voices.addTo(beneath, from, Math.min(out.length, from + BLOCK));
  }
  if (recipe.action === 'drop') addPlop(out, recipe, random);
  else addSurface(out, recipe, random);
  mixBelow(out, beneath, recipe.action === 'scratch' ? 1 : 0.5);
  if (recipe.action !== 'scratch') leadByContact(out);
  const { levelDb } = materialSounds.water;
  return finish(out, 10 ** (levelDb / 20) * energyGain(energy) * random.between(0.85, 1));
}

function waterSeconds({ action, energy, size }: Recipe): number {
  if (action === 'drop') return 0.3 + 0.3 * energy;
  if (action === 'scratch') return 0.5 + 0.7 * size;
  return 0.5 + 0.6 * energy + 0.7 * size;
}

/** Bubbles a second at a time. Never 0, so that waiting times are finite. */
const bubbleRates: Record<Recipe['action'], (recipe: Recipe) => (t: number) => number> = {
  drop:
    ({ energy }) =>
    (t) =>
      1 + 120 * energy * Math.exp(-t / 0.05),
  strike: falling,
  splash: falling,
  step: falling,
  scratch: (recipe) => (t) => 1 + 350 * stroke(t, waterSeconds(recipe)) * (0.3 + recipe.energy),
};

function falling({ energy, size }: Recipe): (t: number) => number {
  return (t) => 1 + 700 * (0.25 + energy) * Math.exp(-t / (0.1 + 0.25 * size));
}

function stroke(t: number, seconds: number): number {
  return Math.sin(Math.PI * Math.min(1, t / seconds)) ** 2;
}

/** Adds a layer with its peak at a part of what is there, so that the loudest moment of an event stays its beginning. */
function mixBelow(out: Float32Array, layer: Float32Array, part: number): void {
  scaleToPeak(layer, part * peakOf(out));
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (layer[i] as number);
}

function addPlop(out: Float32Array, { size, energy }: Recipe, random: Random): void {
  addNoise(out, { at: 0, energy: 1 }, { level: 1, bandHz: [1500, 9000], attackMs: 0.3, decayMs: 3 }, random);
  const voices = new BubbleVoices(1);
  const gain = 0.9 * (0.6 + 0.4 * energy);
  const bubble = bubbleOf((1 + 6 * size) * random.ratio(0.8, 1.25), 1, gain);
  // Fewer decibels a second than in free water: the cavity above it sings along.
  voices.start({ ...bubble, decay: 0.5 * bubble.decay, rise: 0.5 * bubble.rise });
  const begin = Math.round(random.between(0.003, 0.008) * SAMPLE_RATE);
  for (let from = begin; from < out.length; from += BLOCK) voices.addTo(out, from, Math.min(out.length, from + BLOCK));
}

function addSurface(out: Float32Array, recipe: Recipe, random: Random): void {
  const { noise } = materialSounds.water;
  const { energy, size } = recipe;
  const hit = { ...noise, decayMs: noise.decayMs * (0.4 + 1.2 * size + energy) };
  if (recipe.action === 'scratch') {
    const seconds = waterSeconds(recipe);
    addNoise(out, { at: 0, energy: 0.5 }, { ...hit, attackMs: 400 * seconds, decayMs: 200 * seconds }, random);
    return;
  }
  addNoise(out, { at: 0, energy: 1 }, slap, random);
  addNoise(out, { at: 0, energy: 0.6 + 0.3 * energy }, hit, random);
  if (recipe.action !== 'step') return;
  const leaving = { at: random.between(0.16, 0.24), energy: 0.55 + 0.3 * energy };
  addNoise(out, leaving, { ...hit, attackMs: 15 }, random);
}
