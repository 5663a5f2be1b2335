import type { Random } from '../random.js';
import { BubbleVoices } from '../synthesis/bubbles.js';
import { Biquad, PinkFilter } from '../synthesis/filters.js';
import { BED_BLOCK, BED_RATE, type BedFill } from './bed-source.js';
import { Drift, Ramp } from './drift.js';
import { addBubbles } from './events.js';

/** A stream: many small bubbles, a few large ones (van den Doel 2005), and the hiss of fast water. */
export function streamFill(random: Random): BedFill {
  const small = new BubbleVoices(48);
  const large = new BubbleVoices(16);
  const flow = new Drift(random, 0.25);
  const gurgle = new Drift(random, 0.6);
  const band = Biquad.bandPass(1400, 0.4);
  const hiss = new Ramp(0.05);
  return (block) => {
    const rush = flow.next();
    addBubbles(block, small, random, 260 * (1 + 0.2 * rush), { radiiMm: [0.5, 3.2], gain: 1 });
    addBubbles(block, large, random, 14 * Math.exp(0.5 * gurgle.next()), { radiiMm: [2.5, 9], gain: 1 });
    const gain = hiss.toward(0.1 * (1 + 0.15 * rush), BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) block[i] = (block[i] as number) + gain(i) * band.next(random.noise());
  };
}

interface Breaker {
  /** Seconds since it began, and how long it takes. */
  age: number;
  seconds: number;
  strength: number;
}

/** 0–1 along a wave's life: it rises for two fifths, breaks, and runs out. */
function breaking(part: number): number {
  return part < 0.4 ? (part / 0.4) ** 3 : Math.exp(-5 * (part - 0.4)) * (1 - Math.max(0, part - 0.8) / 0.2);
}

/** Waves on a beach: a wave every 5–9 s, three at a time in different stages; the band opens as one breaks, and foam fizzes after it. */
export function wavesFill(random: Random): BedFill {
  const waves: Breaker[] = [0, 1, 2].map((i) => begun(random, i / 3));
  const noises = waves.map(() => ({ pink: new PinkFilter(), band: new Biquad(), gain: new Ramp() }));
  const foam = new BubbleVoices(24);
  const fizz = Biquad.highPass(2500);
  const fizzGain = new Ramp();
  const deep = Biquad.lowPass(160);
  const deepPink = new PinkFilter();
  return (block) => {
    let foaming = 0;
    waves.forEach((wave, w) => {
      wave.age += 1 / BED_RATE;
      if (wave.age >= wave.seconds) Object.assign(wave, begun(random, 0));
      const part = wave.age / wave.seconds;
      const height = wave.strength * breaking(part);
      if (part > 0.4) foaming += height;
      const { pink, band, gain } = noises[w] as (typeof noises)[number];
      band.toLowPass(250 + 4200 * height, 0.6);
      const now = gain.toward(0.06 + height, BED_BLOCK);
      for (let i = 0; i < BED_BLOCK; i++)
        block[i] = (block[i] as number) + now(i) * band.next(pink.next(random.noise()));
    });
    const hiss = fizzGain.toward(0.05 * foaming, BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) {
      const x = hiss(i) * fizz.next(random.noise()) + 0.25 * deep.next(deepPink.next(random.noise()));
      block[i] = (block[i] as number) + x;
    }
    addBubbles(block, foam, random, 5 + 250 * foaming, { radiiMm: [0.3, 1.4], gain: 0.12 });
  };
}

function begun(random: Random, part: number): Breaker {
  const seconds = random.between(15, 24);
  return { age: part * seconds, seconds, strength: random.between(0.6, 1) };
}
