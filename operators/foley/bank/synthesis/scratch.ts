import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Random } from '../random.js';
import type { Recipe } from '../vocabulary.js';
import { addGrain } from './contacts.js';
import { Biquad, OnePole } from './filters.js';
import type { MaterialSound } from './materials.js';

/** How fast something is drawn over a thing: up, a wavering middle, down. */
export interface Stroke {
  readonly seconds: number;
  /** 0–1 at a time in seconds. */
  speedAt(t: number): number;
}

/** A stroke of 0.25–0.9 s. Big things are scratched slowly. */
export function strokeOf({ size, energy }: Recipe, random: Random): Stroke {
  const seconds = (0.25 + 0.5 * size) * random.ratio(0.85, 1.2);
  const rise = random.between(0.08, 0.2) * seconds;
  const waver = random.between(5, 9);
  const phase = random.between(0, 2 * Math.PI);
  return {
    seconds,
    speedAt: (t) => {
      if (t < 0 || t > seconds) return 0;
      const up = Math.min(1, t / rise);
      const down = Math.min(1, (seconds - t) / (0.45 * seconds));
      const middle = 0.8 + 0.2 * Math.sin(2 * Math.PI * waver * t + phase);
      return Math.sin((Math.PI / 2) * up) * Math.sin((Math.PI / 2) * down) * middle * (0.55 + 0.45 * energy);
    },
  };
}

/**
 * The force of a rough point on a surface: noise whose band follows the speed, since a profile with bumps of one size is met faster, and the small blows of
 * single bumps (*FoleyAutomatic*, 2001, 4.2). Peak about 1.
 */
export function scratchForce(length: number, stroke: Stroke, material: MaterialSound, random: Random): Float32Array {
  const force = new Float32Array(length);
  const fine = new Biquad();
  const grit = new OnePole(60);
  const [lowest, highest] = material.noise.bandHz;
  // Things that ring have their own lows; those that do not are as deep as their noise.
  const highPass = Biquad.highPass(material.ringing === undefined ? lowest : 120);
  for (let i = 0; i < length; i++) {
    const speed = stroke.speedAt(i / SAMPLE_RATE);
    if (i % 32 === 0) fine.toLowPass(200 + highest * speed, 0.8);
    const roughness = 0.6 + 2.5 * Math.abs(grit.next(random.noise()));
    const bump = random.unit() < 0.004 * speed ? random.noise() * 3 : 0;
    force[i] = speed * highPass.next(fine.next(random.noise() * roughness + bump));
  }
  return force;
}

/** Adds grains all along a stroke, by speed. */
export function addStrokeGrains(
  out: Float32Array,
  stroke: Stroke,
  grains: NonNullable<MaterialSound['grains']>,
  random: Random,
): void {
  const rate = (3 * grains.count * 1000) / grains.spreadMs;
  for (let t = random.wait(rate); t < stroke.seconds; t += random.wait(rate)) {
    const speed = stroke.speedAt(t);
    if (random.unit() < speed) addGrain(out, t, 0.7 * speed * random.unit() ** 2, grains, random);
  }
}
