import { SAMPLE_RATE } from '../../sample-rate.js';

/** Added to what filters remember, so that it never falls to denormal numbers, which are slow. Far below any sound. */
const TINY = 1e-20;
const HIGHEST_HZ = 0.45 * SAMPLE_RATE;

/** A second-order section, by the formulae of R. Bristow-Johnson's *Audio EQ Cookbook*. Frequencies are kept within 5 Hz and 21.6 kHz. */
export class Biquad {
  #b0 = 1;
  #b1 = 0;
  #b2 = 0;
  #a1 = 0;
  #a2 = 0;
  #z1 = 0;
  #z2 = 0;

  static lowPass(hz: number, q = Math.SQRT1_2): Biquad {
    return new Biquad().toLowPass(hz, q);
  }
  static highPass(hz: number, q = Math.SQRT1_2): Biquad {
    return new Biquad().toHighPass(hz, q);
  }
  /** Gain 1 at its centre. */
  static bandPass(hz: number, q: number): Biquad {
    return new Biquad().toBandPass(hz, q);
  }

  /** Tunes the filter anew and keeps its state. */
  toLowPass(hz: number, q = Math.SQRT1_2): this {
    const { cos, alpha } = angle(hz, q);
    return this.#set((1 - cos) / 2, 1 - cos, (1 - cos) / 2, cos, alpha);
  }
  /** Tunes the filter anew and keeps its state. */
  toHighPass(hz: number, q = Math.SQRT1_2): this {
    const { cos, alpha } = angle(hz, q);
    return this.#set((1 + cos) / 2, -1 - cos, (1 + cos) / 2, cos, alpha);
  }
  /** Tunes the filter anew and keeps its state. */
  toBandPass(hz: number, q: number): this {
    const { cos, alpha } = angle(hz, q);
    return this.#set(alpha, 0, -alpha, cos, alpha);
  }

  /** One sample (transposed direct form II). */
  next(x: number): number {
    const y = this.#b0 * x + this.#z1;
    this.#z1 = this.#b1 * x - this.#a1 * y + this.#z2 + TINY;
    this.#z2 = this.#b2 * x - this.#a2 * y;
    return y;
  }

  /** Filters in place. */
  run(samples: Float32Array): Float32Array {
    for (let i = 0; i < samples.length; i++) samples[i] = this.next(samples[i] as number);
    return samples;
  }

  #set(b0: number, b1: number, b2: number, cos: number, alpha: number): this {
    const a0 = 1 + alpha;
    this.#b0 = b0 / a0;
    this.#b1 = b1 / a0;
    this.#b2 = b2 / a0;
    this.#a1 = (-2 * cos) / a0;
    this.#a2 = (1 - alpha) / a0;
    return this;
  }
}

function angle(hz: number, q: number): { cos: number; alpha: number } {
  const w = (2 * Math.PI * Math.min(HIGHEST_HZ, Math.max(5, hz))) / SAMPLE_RATE;
  return { cos: Math.cos(w), alpha: Math.sin(w) / (2 * q) };
}

/** A first-order low-pass: also a slow follower of control values. */
export class OnePole {
  #value = 0;
  readonly #keep: number;

  /** `rate`: how often `next` is called, hertz. */
  constructor(hz: number, rate = SAMPLE_RATE) {
    this.#keep = Math.exp((-2 * Math.PI * Math.min(hz, rate / 2)) / rate);
  }

  next(x: number): number {
    this.#value = x + (this.#value - x) * this.#keep + TINY;
    return this.#value;
  }
}

/** White noise → noise that falls by 3 dB an octave (P. Kellet's economy filter), at about the same loudness. */
export class PinkFilter {
  #b0 = 0;
  #b1 = 0;
  #b2 = 0;

  next(white: number): number {
    this.#b0 = 0.99765 * this.#b0 + white * 0.099046;
    this.#b1 = 0.963 * this.#b1 + white * 0.2965164;
    this.#b2 = 0.57 * this.#b2 + white * 1.0526913;
    return 0.25 * (this.#b0 + this.#b1 + this.#b2 + white * 0.1848);
  }
}
