import { mulberry32 } from '../../pipeline/mulberry32.js';

const SIZE = 256;

/** Smooth random fields: what clouds, hills, grass and bark are made of here. */
export class Noise {
  readonly #values = new Float32Array(SIZE);
  readonly #order = new Uint8Array(SIZE * 2);

  constructor(seed: number) {
    const random = mulberry32(seed);
    for (let i = 0; i < SIZE; i++) {
      this.#values[i] = random() * 2 - 1;
      this.#order[i] = i;
    }
    for (let i = SIZE - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const swapped = this.#order[i] as number;
      this.#order[i] = this.#order[j] as number;
      this.#order[j] = swapped;
    }
    this.#order.copyWithin(SIZE, 0, SIZE);
  }

  /** One octave, −1 to 1; features are about one unit wide. */
  at(x: number, y: number): number {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = x - left;
    const fy = y - top;
    const u = fx * fx * (3 - 2 * fx);
    const v = fy * fy * (3 - 2 * fy);
    const order = this.#order;
    const a = order[left & 255] as number;
    const b = order[(left + 1) & 255] as number;
    const row = top & 255;
    const values = this.#values;
    const v00 = values[order[a + row] as number] as number;
    const v10 = values[order[b + row] as number] as number;
    const nextRow = (row + 1) & 255;
    const v01 = values[order[a + nextRow] as number] as number;
    const v11 = values[order[b + nextRow] as number] as number;
    const upper = v00 + (v10 - v00) * u;
    return upper + (v01 + (v11 - v01) * u - upper) * v;
  }

  /** Octaves added up, each twice as fine and half as strong; about −1 to 1. */
  fractal(x: number, y: number, octaves: number): number {
    let sum = 0;
    let strength = 0.5;
    let frequency = 1;
    for (let i = 0; i < octaves; i++) {
      // The offset keeps the lattices of the octaves from lining up.
      sum += strength * this.at(x * frequency + 17.3 * i, y * frequency - 9.1 * i);
      strength *= 0.5;
      frequency *= 2;
    }
    return sum;
  }
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}
