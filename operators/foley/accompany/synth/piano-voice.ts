import { SAMPLE_RATE } from '../../sample-rate.js';
import { damperDecay, type PianoPartial, pianoPartials } from './piano-string.js';
import { panGains, QUANTUM, type Voice } from './voice.js';

/** Amplitude below which a partial is not heard any more. */
const INAUDIBLE = 2e-5;
const LOUDNESS = 0.1;
/** Decay of a choked note, in 1/s. */
const CHOKED = 120;
/** The thud of key and soundboard: hertz, amplitude, decay in 1/s. */
const KNOCK: readonly PianoPartial[] = [
  { frequency: 96, amplitude: 0.22, decay: 55 },
  { frequency: 187, amplitude: 0.16, decay: 65 },
  { frequency: 331, amplitude: 0.1, decay: 80 },
];

const mono = new Float64Array(QUANTUM);

/** A struck string: each partial is a decaying rotation in the complex plane, dropped when it is no longer heard. */
export class PianoVoice implements Voice {
  readonly #midi: number;
  readonly #left: number;
  readonly #right: number;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  #count: number;
  #level = 1;

  /** @param velocity 1–127 */
  constructor(midi: number, velocity: number) {
    const strength = velocity / 127;
    const partials = [...pianoPartials(midi, strength), ...KNOCK];
    const loudness = LOUDNESS * strength ** 1.6;
    this.#midi = midi;
    [this.#left, this.#right] = panGains(Math.max(-0.6, Math.min(0.6, (midi - 62) / 45)));
    this.#count = partials.length;
    this.#re = Float64Array.from(partials, ({ amplitude }) => amplitude * loudness);
    this.#im = new Float64Array(partials.length);
    const step = ({ frequency }: PianoPartial): number => (2 * Math.PI * frequency) / SAMPLE_RATE;
    const radius = ({ decay }: PianoPartial): number => Math.exp(-decay / SAMPLE_RATE);
    this.#cos = Float64Array.from(partials, (one) => radius(one) * Math.cos(step(one)));
    this.#sin = Float64Array.from(partials, (one) => radius(one) * Math.sin(step(one)));
  }

  get level(): number {
    return this.#level;
  }
  get isOver(): boolean {
    return this.#count === 0;
  }

  render(left: Float64Array, right: Float64Array, from: number, to: number): void {
    mono.fill(0, from, to);
    for (let partial = 0; partial < this.#count; partial += 2) this.#addPair(partial, from, to);
    const [toLeft, toRight] = [this.#left, this.#right];
    for (let i = from; i < to; i++) {
      const value = mono[i] as number;
      left[i] = (left[i] as number) + value * toLeft;
      right[i] = (right[i] as number) + value * toRight;
    }
    this.#dropInaudible();
  }

  release(): void {
    this.#damp(damperDecay(this.#midi));
  }

  choke(): void {
    this.#damp(CHOKED);
  }

  #damp(decay: number): void {
    const factor = Math.exp(-decay / SAMPLE_RATE);
    for (let i = 0; i < this.#count; i++) {
      this.#cos[i] = (this.#cos[i] as number) * factor;
      this.#sin[i] = (this.#sin[i] as number) * factor;
    }
  }

  /** Two at a time, because each step of a rotation must wait for the one before. */
  #addPair(first: number, from: number, to: number): void {
    const second = first + 1;
    const paired = second < this.#count;
    const [cosA, sinA] = [this.#cos[first] as number, this.#sin[first] as number];
    const [cosB, sinB] = paired ? [this.#cos[second] as number, this.#sin[second] as number] : [0, 0];
    let [reA, imA] = [this.#re[first] as number, this.#im[first] as number];
    let [reB, imB] = paired ? [this.#re[second] as number, this.#im[second] as number] : [0, 0];
    for (let i = from; i < to; i++) {
      const nextA = reA * cosA - imA * sinA;
      const nextB = reB * cosB - imB * sinB;
      imA = reA * sinA + imA * cosA;
      imB = reB * sinB + imB * cosB;
      reA = nextA;
      reB = nextB;
      mono[i] = (mono[i] as number) + imA + imB;
    }
    this.#re[first] = reA;
    this.#im[first] = imA;
    if (!paired) return;
    this.#re[second] = reB;
    this.#im[second] = imB;
  }

  #dropInaudible(): void {
    let level = 0;
    for (let i = this.#count - 1; i >= 0; i--) {
      const power = (this.#re[i] as number) ** 2 + (this.#im[i] as number) ** 2;
      level += power;
      if (power >= INAUDIBLE ** 2) continue;
      const last = --this.#count;
      for (const values of [this.#re, this.#im, this.#cos, this.#sin]) values[i] = values[last] as number;
    }
    this.#level = level;
  }
}
