/**
 * Discrete Fourier transform of a fixed size, in place: the radix-2 scheme of Cooley and Tukey.
 *
 * @example
 * const transform = new Fourier(2048);
 * transform.run(real, imaginary);
 */
export class Fourier {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #order: Uint32Array;

  /** @param size A power of two. */
  constructor(size: number) {
    this.size = size;
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(size);
    this.#order = Uint32Array.from({ length: size }, (_, i) => reversed(i, bits));
  }

  /** Transforms `size` complex numbers; both arrays are overwritten. */
  run(real: Float64Array, imaginary: Float64Array): void {
    this.#reorder(real);
    this.#reorder(imaginary);
    for (let half = 1; half < this.size; half *= 2) this.#combine(real, imaginary, half);
  }

  #reorder(values: Float64Array): void {
    for (let i = 0; i < this.size; i++) {
      const other = this.#order[i] as number;
      if (other <= i) continue;
      const value = values[i] as number;
      values[i] = values[other] as number;
      values[other] = value;
    }
  }

  /** Makes transforms of `2 * half` numbers of pairs of `half`. */
  #combine(real: Float64Array, imaginary: Float64Array, half: number): void {
    const stride = this.size / (2 * half);
    for (let begin = 0; begin < this.size; begin += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [a, b] = [begin + k, begin + k + half];
        const [c, s] = [this.#cosines[k * stride] as number, this.#sines[k * stride] as number];
        const [re, im] = [real[b] as number, imaginary[b] as number];
        const turnedRe = re * c + im * s;
        const turnedIm = im * c - re * s;
        real[b] = (real[a] as number) - turnedRe;
        imaginary[b] = (imaginary[a] as number) - turnedIm;
        real[a] = (real[a] as number) + turnedRe;
        imaginary[a] = (imaginary[a] as number) + turnedIm;
      }
    }
  }
}

function reversed(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((value >> bit) & 1) << (bits - 1 - bit);
  return result;
}
