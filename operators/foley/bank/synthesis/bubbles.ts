import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Random } from '../random.js';

/** What a bubble does, by K. van den Doel, *Physically Based Models for Liquid Sounds*, ACM TAP 2 (2005). */
export interface Bubble {
  /** Minnaert: f = 3/r, r in metres. Hertz. */
  readonly hz: number;
  /** Radiation and heat: d = 0.13/r + 0.0072 r^(−3/2). 1/s. */
  readonly decay: number;
  /** Bubbles near the surface rise in pitch: f(t) = f (1 + rise · t), rise = ξ d. 1/s. */
  readonly rise: number;
  readonly gain: number;
}

const LARGEST_MM = 15;

/** A bubble of a radius in mm (0.15–15), `depth` 0 (deep, steady) to 1 (at the surface, ξ = 0.12). */
export function bubbleOf(radiusMm: number, depth: number, gain: number): Bubble {
  const r = Math.min(LARGEST_MM, Math.max(0.15, radiusMm)) / 1000;
  const decay = 0.13 / r + 0.0072 * r ** -1.5;
  return { hz: 3 / r, decay, rise: 0.12 * depth * decay, gain };
}

/** A bubble among many: small ones are common, n ∝ r^−spread, and faint, a ∝ r^1.5. */
export function commonBubble(random: Random, radiiMm: readonly [number, number], spread = 1.5): Bubble {
  const [low, high] = radiiMm;
  const power = 1 - spread;
  const radius = (low ** power + (high ** power - low ** power) * random.unit()) ** (1 / power);
  const loud = (radius / high) ** 1.5 * random.unit() ** 1.5;
  return bubbleOf(radius, random.unit() ** 2, loud);
}

/** Attack, samples: the neck of a bubble closes in about a millisecond. */
const ATTACK = 72;
/** Highest pitch that a rising bubble reaches, radians a sample. */
const HIGHEST_TURN = 2.5;
const FAINTEST = 1e-5;

interface Voice {
  /** Of the wave: a point that turns around 0, and whose height is heard. */
  x: number;
  y: number;
  turn: number;
  /** What the turn grows by in a sample, as a factor. */
  bend: number;
  /** What the radius shrinks by in a sample, as a factor. */
  keep: number;
  age: number;
}

/** Sounding bubbles, as many as `voices` at once; when all sound, one more is left out. */
export class BubbleVoices {
  readonly #idle: Voice[];
  readonly #sounding: Voice[] = [];

  constructor(voices: number) {
    this.#idle = Array.from({ length: voices }, () => ({ x: 0, y: 0, turn: 0, bend: 1, keep: 0, age: 0 }));
  }

  start({ hz, decay, rise, gain }: Bubble): void {
    const voice = gain > FAINTEST ? this.#idle.pop() : undefined;
    if (voice === undefined) return;
    voice.x = gain;
    voice.y = 0;
    voice.turn = (2 * Math.PI * hz) / SAMPLE_RATE;
    voice.bend = 1 + rise / SAMPLE_RATE;
    voice.keep = Math.exp(-decay / SAMPLE_RATE);
    voice.age = 0;
    this.#sounding.push(voice);
  }

  /** Adds the next samples of all bubbles to `out[from … to)`. Pitch is constant within a call: ask for a millisecond at a time. */
  addTo(out: Float32Array, from: number, to: number): void {
    for (let v = this.#sounding.length - 1; v >= 0; v--) {
      const voice = this.#sounding[v] as Voice;
      addVoice(voice, out, from, to);
      if (Math.abs(voice.x) + Math.abs(voice.y) > FAINTEST) continue;
      this.#sounding.splice(v, 1);
      this.#idle.push(voice);
    }
  }
}

function addVoice(voice: Voice, out: Float32Array, from: number, to: number): void {
  const cos = voice.keep * Math.cos(voice.turn);
  const sin = voice.keep * Math.sin(voice.turn);
  let { x, y, age } = voice;
  for (let i = from; i < to; i++) {
    const attack = age < ATTACK ? age++ / ATTACK : 1;
    out[i] = (out[i] as number) + attack * y;
    const turned = cos * x - sin * y;
    y = sin * x + cos * y;
    x = turned;
  }
  voice.x = x;
  voice.y = y;
  voice.age = age;
  voice.turn = Math.min(HIGHEST_TURN, voice.turn * voice.bend ** (to - from));
}
