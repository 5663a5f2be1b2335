import { windowedSinc } from './windowed-sinc.js';

/** An octave down. */
export const LOWEST_PITCH = 0.5;
/** An octave up. */
export const HIGHEST_PITCH = 2;

/** Of the kernel, in samples of whichever rate is the lower. */
const HALF_WIDTH = 16;
/** Positions of the kernel that are kept for each sample; between them it is straight. Its error is below −90 dB. */
const RESOLUTION = 256;

const kernel = Float64Array.from({ length: HALF_WIDTH * RESOLUTION + 2 }, (_, i) =>
  windowedSinc(i / RESOLUTION, HALF_WIDTH),
);

/**
 * One channel of a sound, faster or slower, and so higher or lower: band-limited interpolation with a windowed sinc (J. O. Smith, *Digital Audio
 * Resampling*), whose pass band narrows where the pitch goes up, so that nothing folds back. Each sample is computed from its position alone, so a sound
 * may be read in pieces of any size, and none is stored.
 */
export class PitchedSound {
  readonly #samples: Float32Array;
  readonly #ratio: number;
  /** Of the kernel's axis to that of the sound. */
  readonly #scale: number;

  /** @param ratio 1 is as it was, 2 an octave up; limited to {@link LOWEST_PITCH}…{@link HIGHEST_PITCH}. */
  constructor(samples: Float32Array, ratio: number) {
    this.#samples = samples;
    this.#ratio = limitPitch(ratio);
    this.#scale = Math.min(1, 1 / this.#ratio);
  }

  /**
   * @param offset Samples of the output after `origin`; may be negative.
   * @param origin The sample of the sound that is heard where `offset` is 0.
   */
  at(offset: number, origin: number): number {
    if (this.#ratio === 1) return this.#samples[origin + offset] ?? 0;
    const position = origin + offset * this.#ratio;
    const reach = HALF_WIDTH / this.#scale;
    const from = Math.max(0, Math.ceil(position - reach));
    const to = Math.min(this.#samples.length - 1, Math.floor(position + reach));
    let sum = 0;
    for (let i = from; i <= to; i++) sum += (this.#samples[i] as number) * kernelAt((position - i) * this.#scale);
    return sum * this.#scale;
  }
}

/** A ratio within the limits; what is not a number is 1. */
export function limitPitch(ratio: number): number {
  return Number.isNaN(ratio) ? 1 : Math.min(HIGHEST_PITCH, Math.max(LOWEST_PITCH, ratio));
}

function kernelAt(distance: number): number {
  const place = Math.abs(distance) * RESOLUTION;
  const index = Math.floor(place);
  const before = kernel[index] as number;
  return before + ((kernel[index + 1] as number) - before) * (place - index);
}
