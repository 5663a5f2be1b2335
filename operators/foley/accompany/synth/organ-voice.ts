import { SAMPLE_RATE } from '../../sample-rate.js';
import { type Pipe, pipesOf, TABLE_SIZE } from './organ-ranks.js';
import { frequencyOf } from './piano-string.js';
import { panGains, type Voice } from './voice.js';

const LOUDNESS = 0.062;
/** Time constants, in seconds. */
const ATTACK = 0.016;
const RELEASE = 0.045;
const CHOKE = 0.006;
const CHIFF = 0.018;
const INAUDIBLE = 2e-4;
const MASK = TABLE_SIZE - 1;

/** The shaking of an organ's wind: one for all pipes. */
export class Tremulant {
  #phase = 0;
  #shake = 0;

  /** −1 to 1, for the block that is being rendered. */
  get shake(): number {
    return this.#shake;
  }

  /** Goes on by some samples: 6.2 shakes a second. */
  advance(samples: number): void {
    this.#phase = (this.#phase + (samples * 6.2) / SAMPLE_RATE) % 1;
    this.#shake = Math.sin(2 * Math.PI * this.#phase);
  }
}

/** A key of the organ that is held: its pipes, which speak with a little wind noise and stop when it is let go. */
export class OrganVoice implements Voice {
  readonly #pipes: readonly Pipe[];
  readonly #phases: Float64Array;
  readonly #left: number;
  readonly #right: number;
  readonly #gain: number;
  readonly #tremulant: Tremulant;
  #envelope = 0;
  #goal = 1;
  #share = 1 - Math.exp(-1 / (ATTACK * SAMPLE_RATE));
  #depth = 0;
  #chiff = 0.5;
  readonly #chiffTurn: number;
  #chiffBefore = 0;
  #chiffLast = 0;
  #noise: number;

  /** @param velocity 1–127: how far the swell is open. Organ keys know no touch. */
  constructor(midi: number, velocity: number, tremulant: Tremulant) {
    this.#pipes = pipesOf(midi);
    // Pipes of one key begin anywhere in their period, but the same for each stroke.
    this.#phases = Float64Array.from(this.#pipes, (_, i) => ((midi * 397 + i * 811) % TABLE_SIZE) + 0.5);
    const swell = 0.3 + 0.7 * (velocity / 127);
    this.#gain = LOUDNESS * swell * (midi < 48 ? 0.85 : 1);
    // Chests stand left and right, and neighbours of the scale in different ones.
    [this.#left, this.#right] = panGains(midi % 2 === 0 ? -0.35 : 0.35);
    this.#tremulant = tremulant;
    this.#chiffTurn = 2 * Math.cos((2 * Math.PI * Math.min(6000, 3 * frequencyOf(midi))) / SAMPLE_RATE) * 0.97;
    this.#noise = Math.imul(midi * 128 + velocity, 0x9e3779b1) >>> 0;
  }

  get level(): number {
    return this.#envelope * this.#gain;
  }
  get isOver(): boolean {
    return this.#goal === 0 && this.#envelope < INAUDIBLE;
  }

  render(left: Float64Array, right: Float64Array, from: number, to: number): void {
    const { shake } = this.#tremulant;
    this.#depth += (to - from) * (1 / (0.35 * SAMPLE_RATE)) * (1 - this.#depth);
    const wobble = shake * this.#depth;
    const bend = 1 + 0.0032 * wobble;
    const gain = this.#gain * (1 + 0.1 * wobble);
    const begin = this.#envelope;
    let after = begin;
    for (const [index, { table, step, level }] of this.#pipes.entries()) {
      let phase = this.#phases[index] as number;
      let envelope = begin;
      for (let i = from; i < to; i++) {
        envelope += this.#share * (this.#goal - envelope);
        const at = phase | 0;
        const low = table[at & MASK] as number;
        const value = (low + (phase - at) * ((table[(at + 1) & MASK] as number) - low)) * envelope * gain * level;
        left[i] = (left[i] as number) + value * this.#left;
        right[i] = (right[i] as number) + value * this.#right;
        phase += step * bend;
        if (phase >= TABLE_SIZE) phase -= TABLE_SIZE;
      }
      this.#phases[index] = phase;
      after = envelope;
    }
    this.#envelope = after;
    if (this.#chiff > 1e-3) this.#addChiff(left, right, from, to);
  }

  release(): void {
    this.#stopWithin(RELEASE);
  }

  choke(): void {
    this.#stopWithin(CHOKE);
  }

  #stopWithin(seconds: number): void {
    this.#goal = 0;
    this.#share = 1 - Math.exp(-1 / (seconds * SAMPLE_RATE));
  }

  /** Wind before the tone: noise around the third harmonic, gone after some hundredths of a second. */
  #addChiff(left: Float64Array, right: Float64Array, from: number, to: number): void {
    const fade = Math.exp(-1 / (CHIFF * SAMPLE_RATE));
    for (let i = from; i < to; i++) {
      this.#noise = (Math.imul(this.#noise, 1664525) + 1013904223) >>> 0;
      const wind = (this.#noise / 2_147_483_648 - 1) * this.#chiff * this.#gain * 0.12;
      const value = wind + this.#chiffTurn * this.#chiffLast - 0.94 * this.#chiffBefore;
      this.#chiffBefore = this.#chiffLast;
      this.#chiffLast = value;
      this.#chiff *= fade;
      left[i] = (left[i] as number) + value * this.#left;
      right[i] = (right[i] as number) + value * this.#right;
    }
  }
}
