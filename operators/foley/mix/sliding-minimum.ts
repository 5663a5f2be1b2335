import type { SampleIndex } from './timeline.js';

/** The smallest of the values of the last `length` samples, where a sample without a value has 1: only what is below 1 is kept. */
export class SlidingMinimum {
  readonly #length: number;
  /** Growing values at growing samples: each the smallest from its sample on. A queue in a ring. */
  readonly #values: Float64Array;
  readonly #samples: Float64Array;
  #head = 0;
  #size = 0;

  constructor(length: number) {
    this.#length = length;
    this.#values = new Float64Array(length + 1);
    this.#samples = new Float64Array(length + 1);
  }

  /** Takes the value of a sample, below 1. Samples come in order. */
  push(sample: SampleIndex, value: number): void {
    this.#expire(sample);
    while (this.#size > 0 && (this.#values[this.#place(this.#size - 1)] as number) >= value) this.#size--;
    const at = this.#place(this.#size++);
    this.#values[at] = value;
    this.#samples[at] = sample;
  }

  /** Over the samples up to this one. */
  at(sample: SampleIndex): number {
    this.#expire(sample);
    return this.#size === 0 ? 1 : (this.#values[this.#head] as number);
  }

  #expire(sample: SampleIndex): void {
    while (this.#size > 0 && (this.#samples[this.#head] as number) <= sample - this.#length) {
      this.#head = (this.#head + 1) % this.#values.length;
      this.#size--;
    }
  }

  #place(i: number): number {
    return (this.#head + i) % this.#values.length;
  }
}
