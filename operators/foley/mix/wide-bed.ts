import type { BedSound } from './bed-mixer.js';
import type { Stereo } from './stereo.js';

/** Endless sound of one channel: the next samples, as many as asked for. */
export interface MonoBed {
  render(samples: number): Float32Array;
}

/** Two channels are 3 dB louder than one. */
const PAIR = Math.SQRT1_2;

/** Two beds of one kind, unlike each other, as the left and the right of a wide place: as loud together as each of them. */
export class WideBed implements BedSound {
  readonly #left: MonoBed;
  readonly #right: MonoBed;

  constructor(left: MonoBed, right: MonoBed) {
    this.#left = left;
    this.#right = right;
  }

  render({ left, right }: Stereo): void {
    left.set(this.#left.render(left.length));
    right.set(this.#right.render(right.length));
    for (let i = 0; i < left.length; i++) {
      left[i] = (left[i] as number) * PAIR;
      right[i] = (right[i] as number) * PAIR;
    }
  }
}
