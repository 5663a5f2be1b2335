import type { SampleIndex } from './timeline.js';

interface Ramp {
  readonly from: SampleIndex;
  readonly to: SampleIndex;
  readonly gain: number;
}

/**
 * A gain that moves between targets. Powers are what moves evenly, so that of two different sounds one may take the other's place and the whole stays as loud.
 * The gain at a sample depends on the ramps alone.
 */
export class GainCurve {
  #gain: number;
  /** In order of time; the first may be under way. */
  #ramps: Ramp[] = [];

  constructor(gain: number) {
    this.#gain = gain;
  }

  /** The gain that it will have in the end. */
  get target(): number {
    return this.#ramps.at(-1)?.gain ?? this.#gain;
  }

  /** Lets the gain move to a target from a sample on. A ramp that begins before the end of another goes on from where that one is. */
  ramp(from: SampleIndex, samples: number, gain: number): void {
    this.#ramps = this.#ramps.filter((ramp) => ramp.from < from);
    this.#ramps.push({ from, to: from + Math.max(1, samples), gain });
  }

  /** The gain at a sample. Samples must be asked for in order. */
  at(sample: SampleIndex): number {
    for (let [ramp, next] = this.#ramps; ramp !== undefined && sample >= ramp.from; [ramp, next] = this.#ramps) {
      const end = Math.min(ramp.to, next?.from ?? ramp.to);
      if (sample < end) return along(this.#gain, ramp, sample);
      this.#gain = end === ramp.to ? ramp.gain : along(this.#gain, ramp, end);
      this.#ramps.shift();
    }
    return this.#gain;
  }

  /** True where the gain is 0 from a sample up to another. */
  isMute(from: SampleIndex, to: SampleIndex): boolean {
    return this.#isLevel(0, from, to);
  }

  /** True where the gain is 1 from a sample up to another. */
  isNeutral(from: SampleIndex, to: SampleIndex): boolean {
    return this.#isLevel(1, from, to);
  }

  /** True where the gain is this one from a sample on, as far as is known. */
  isSettledAt(gain: number, from: SampleIndex): boolean {
    return this.#isLevel(gain, from, Number.POSITIVE_INFINITY);
  }

  #isLevel(gain: number, from: SampleIndex, to: SampleIndex): boolean {
    return this.at(from) === gain && !this.#ramps.some((ramp) => ramp.from < to);
  }
}

function along(gain: number, ramp: Ramp, sample: SampleIndex): number {
  const t = (sample - ramp.from) / (ramp.to - ramp.from);
  const share = t * t * (3 - 2 * t);
  return Math.sqrt(gain * gain + (ramp.gain * ramp.gain - gain * gain) * share);
}
