import { SAMPLE_RATE } from '../sample-rate.js';
import { amplitudeOf } from './decibels.js';
import { SlidingMinimum } from './sliding-minimum.js';
import { isSilent, makeHarmless, type Stereo, silence } from './stereo.js';
import { samplesIn } from './timeline.js';
import { truePeakFilters } from './true-peak-filters.js';
import { windowedSinc } from './windowed-sinc.js';

/** Half as long as the longer interpolators: samples after a peak that are needed to find it. */
const PEAK_DELAY = 16;
const OVERSAMPLING = 4;
/** Gain goes down within this. */
const ATTACK = samplesIn(1.5);
/** Around a peak gain is low enough for so many samples on each side: those that make the peak. */
const MARGIN = 8;
/** Gain comes back with this time constant. */
const RELEASE_MS = 80;
const RELEASE = 1 - Math.exp(-1000 / (RELEASE_MS * SAMPLE_RATE));
/** So near to 1 gain is 1 again: sound passes bit by bit as it is. */
const RESTED = 1 - 1e-6;
const RING = 1024;
const MASK = RING - 1;
const CHUNK = 256;

/**
 * Find what lies between samples: those of the standard, by which any meter may go, and longer ones for the quarters, by which others go. The first tap is that of the
 * newest sample.
 */
const interpolators = [
  ...truePeakFilters,
  ...[1, 2, 3].map((quarter) =>
    Float64Array.from({ length: 2 * PEAK_DELAY }, (_, i) =>
      windowedSinc(i - PEAK_DELAY + quarter / OVERSAMPLING, PEAK_DELAY),
    ),
  ),
];
/** Nothing that they find is beyond the largest sample by more than this factor. */
const MOST_GAIN = Math.max(...interpolators.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));
const smoothing = raisedCosineWindow(ATTACK);

/** What no true peak exceeds, dBTP: the limit of EBU R 128. */
export const CEILING_DBTP = -1;
/** Meters differ by their interpolators; this is left to them. */
const RESERVE_DB = 0.2;

/** By how many samples the limiter delays sound: 2 ms. */
export const LIMITER_LATENCY = PEAK_DELAY + MARGIN + ATTACK - 1;

/**
 * Keeps the true peak of sound (ITU-R BS.1770-4, annex 2) under −1 dBTP whatever comes in: looks ahead for peaks, and moves a gain, one for both channels so that places
 * do not move. Where nothing is above the ceiling sound passes bit by bit as it is. Memory is constant.
 */
export class TruePeakLimiter {
  readonly #ceiling: number;
  readonly #left = new Float32Array(RING);
  readonly #right = new Float32Array(RING);
  /** Gains before they are smoothed. */
  readonly #gains = new Float64Array(RING).fill(1);
  readonly #needed = new SlidingMinimum(ATTACK + 2 * MARGIN);
  /** Number of the next sample that comes in. */
  #next = 0;
  /** Of the last sample that was not 0, and of the last gain that was not 1. */
  #lastSound = Number.NEGATIVE_INFINITY;
  #lastGain = Number.NEGATIVE_INFINITY;
  #released = 1;
  #wasSkipped = false;

  /** @param ceilingDbtp Default −1. */
  constructor(ceilingDbtp = CEILING_DBTP) {
    this.#ceiling = amplitudeOf(ceilingDbtp - RESERVE_DB);
  }

  /** Limits a block in place; what comes out went in {@link LIMITER_LATENCY} samples ago. */
  process(block: Stereo): void {
    const { left, right } = block;
    if (this.#isAtRest && isSilent(block)) {
      this.#next += left.length;
      this.#wasSkipped = true;
      silence(block);
      return;
    }
    makeHarmless(block);
    if (this.#wasSkipped) this.#clear();
    for (let from = 0; from < left.length; from += CHUNK) {
      const to = Math.min(left.length, from + CHUNK);
      this.#processChunk(left.subarray(from, to), right.subarray(from, to));
    }
  }

  /** True where silence comes out while silence goes in. */
  get #isAtRest(): boolean {
    return this.#next - this.#lastSound > RING / 2 && this.#released === 1 && this.#next - this.#lastGain > RING / 2;
  }

  #processChunk(left: Float32Array, right: Float32Array): void {
    const first = this.#next;
    for (let i = 0; i < left.length; i++) {
      // What is added makes 0 of −0, so that silence is the same bits whether it is skipped or not.
      this.#left[(first + i) & MASK] = (left[i] as number) + 0;
      this.#right[(first + i) & MASK] = (right[i] as number) + 0;
      if (left[i] !== 0 || right[i] !== 0) this.#lastSound = first + i;
    }
    const mayPeak = this.#loudest(first - 2 * PEAK_DELAY, first + left.length) * MOST_GAIN > this.#ceiling;
    for (let i = 0; i < left.length; i++) {
      const sample = first + i;
      if (mayPeak) this.#look(sample - PEAK_DELAY);
      this.#moveGain(sample - PEAK_DELAY - MARGIN);
      const heard = sample - LIMITER_LATENCY;
      const gain = this.#gainAt(heard);
      left[i] = (this.#left[heard & MASK] as number) * gain;
      right[i] = (this.#right[heard & MASK] as number) * gain;
    }
    this.#next += left.length;
  }

  /** Notes what gain the peaks at a sample and before the next one need. */
  #look(sample: number): void {
    const peak = Math.max(this.#peakAt(this.#left, sample), this.#peakAt(this.#right, sample));
    if (peak > this.#ceiling) this.#needed.push(sample, this.#ceiling / peak);
  }

  #peakAt(ring: Float32Array, sample: number): number {
    let peak = Math.abs(ring[sample & MASK] as number);
    for (const taps of interpolators) {
      const newest = sample + taps.length / 2;
      let sum = 0;
      for (let i = 0; i < taps.length; i++) {
        sum += (taps[i] as number) * (ring[(newest - i) & MASK] as number);
      }
      peak = Math.max(peak, Math.abs(sum));
    }
    return peak;
  }

  /** Down at once, up slowly. */
  #moveGain(sample: number): void {
    const back = this.#released + (1 - this.#released) * RELEASE;
    this.#released = Math.min(this.#needed.at(sample + MARGIN), back > RESTED ? 1 : back);
    this.#gains[sample & MASK] = this.#released;
    if (this.#released < 1) this.#lastGain = sample;
  }

  #gainAt(sample: number): number {
    if (this.#lastGain < sample) return 1;
    let gain = 0;
    for (let i = 0; i < ATTACK; i++) gain += (smoothing[i] as number) * (this.#gains[(sample + i) & MASK] as number);
    return gain;
  }

  #loudest(from: number, to: number): number {
    let loudest = 0;
    for (let i = from; i < to; i++) {
      loudest = Math.max(loudest, Math.abs(this.#left[i & MASK] as number), Math.abs(this.#right[i & MASK] as number));
    }
    return loudest;
  }

  #clear(): void {
    this.#left.fill(0);
    this.#right.fill(0);
    this.#gains.fill(1);
    this.#wasSkipped = false;
  }
}

function raisedCosineWindow(length: number): Float64Array {
  const window = Float64Array.from({ length }, (_, i) => 1 - Math.cos((2 * Math.PI * (i + 1)) / (length + 1)));
  const sum = window.reduce((a, b) => a + b, 0);
  return window.map((value) => value / sum);
}
