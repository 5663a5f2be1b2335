/** A filter of second order, `a0` is 1. */
interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** ITU-R BS.1770-4, annex 1, tables 1 and 2, for 48 kHz: the head's effect, then what the ear makes of low sound. */
const HEAD: Biquad = {
  b: [1.53512485958697, -2.69169618940638, 1.19839281085285],
  a: [-1.69065929318241, 0.73248077421585],
};
const LOW_CUT: Biquad = { b: [1, -2, 1], a: [-1.99004745483398, 0.99007225036621] };

/** Below this the memory of the filters is forgotten, so that silence costs nothing. */
const FORGOTTEN = 1e-10;

/** One channel weighted by K, as ITU-R BS.1770-4 does before it measures loudness. */
export class KWeighting {
  /** Transposed direct form II: two numbers a filter. */
  #head1 = 0;
  #head2 = 0;
  #low1 = 0;
  #low2 = 0;

  /** The next sample, weighted. */
  next(sample: number): number {
    const head = HEAD.b[0] * sample + this.#head1;
    this.#head1 = HEAD.b[1] * sample - HEAD.a[0] * head + this.#head2;
    this.#head2 = HEAD.b[2] * sample - HEAD.a[1] * head;
    const low = LOW_CUT.b[0] * head + this.#low1;
    this.#low1 = LOW_CUT.b[1] * head - LOW_CUT.a[0] * low + this.#low2;
    this.#low2 = LOW_CUT.b[2] * head - LOW_CUT.a[1] * low;
    return low;
  }

  /** True where silence gives silence. */
  get isAtRest(): boolean {
    return this.#head1 === 0 && this.#head2 === 0 && this.#low1 === 0 && this.#low2 === 0;
  }

  /** Forgets what is too faint to matter. */
  rest(): void {
    const memory = [this.#head1, this.#head2, this.#low1, this.#low2];
    if (memory.every((value) => Math.abs(value) < FORGOTTEN)) {
      this.#head1 = this.#head2 = this.#low1 = this.#low2 = 0;
    }
  }
}
