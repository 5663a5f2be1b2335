import { decibelsOf } from './decibels.js';
import type { Stereo } from './stereo.js';
import { TRUE_PEAK_MOST_GAIN, TRUE_PEAK_TAPS, truePeakFilters } from './true-peak-filters.js';

/** Measures the true peak of sound as it passes, as ITU-R BS.1770-4, annex 2 says: 48 kHz, oversampled 4 times. Memory is constant. */
export class TruePeakMeter {
  readonly #channels = [new ChannelPeak(), new ChannelPeak()] as const;

  push({ left, right }: Stereo): void {
    this.#channels[0].push(left);
    this.#channels[1].push(right);
  }

  /** Highest true peak so far, dBTP; −∞ for silence. */
  get dbtp(): number {
    return decibelsOf(Math.max(this.#channels[0].peak, this.#channels[1].peak));
  }
}

class ChannelPeak {
  peak = 0;
  /** The last samples of the block before, and room for one more. */
  #window = new Float64Array(TRUE_PEAK_TAPS);

  push(samples: Float32Array): void {
    let loudest = 0;
    for (const value of this.#window) loudest = Math.max(loudest, Math.abs(value));
    for (const value of samples) loudest = Math.max(loudest, Math.abs(value));
    if (loudest * TRUE_PEAK_MOST_GAIN > this.peak) this.#measure(samples);
    this.#remember(samples);
  }

  #measure(samples: Float32Array): void {
    const known = Float64Array.from([...this.#window.subarray(1), ...samples]);
    for (let i = TRUE_PEAK_TAPS - 1; i < known.length; i++) {
      // The filters find what lies between samples, not the samples themselves.
      this.peak = Math.max(this.peak, Math.abs(known[i] as number));
      for (const filter of truePeakFilters) {
        let sum = 0;
        for (let tap = 0; tap < TRUE_PEAK_TAPS; tap++) sum += (filter[tap] as number) * (known[i - tap] as number);
        this.peak = Math.max(this.peak, Math.abs(sum));
      }
    }
  }

  #remember(samples: Float32Array): void {
    if (samples.length < TRUE_PEAK_TAPS) this.#window.copyWithin(0, samples.length);
    const kept = samples.subarray(Math.max(0, samples.length - TRUE_PEAK_TAPS));
    this.#window.set(kept, TRUE_PEAK_TAPS - kept.length);
  }
}
