import type { Microseconds } from '../../../pipeline/index.js';
import { SAMPLE_RATE } from '../sample-rate.js';

/** Number of a sample on the stream's timeline: sample 0 is heard at time 0. Whole, negative before 0. */
export type SampleIndex = number;

// 48000 samples in a million microseconds, as the smallest whole numbers, so that the products stay exact in a double.
const SAMPLES = 6;
const MICROSECONDS = 125;

/** The sample nearest to a time, from the time alone: nothing is accumulated, so nothing drifts. */
export function sampleAt(ptsUs: Microseconds): SampleIndex {
  return Math.round((ptsUs * SAMPLES) / MICROSECONDS);
}

/** When a sample is heard, rounded to a microsecond; {@link sampleAt} gives the same sample back. */
export function timeOf(sample: SampleIndex): Microseconds {
  return Math.round((sample * MICROSECONDS) / SAMPLES);
}

/** A stretch of time in samples, rounded. */
export function samplesIn(durationMs: number): number {
  return Math.round((durationMs * SAMPLE_RATE) / 1000);
}
