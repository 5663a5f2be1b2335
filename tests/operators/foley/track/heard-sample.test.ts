import { describe, expect, it } from 'vitest';
import { SAMPLE_RATE } from '../../../../operators/foley/sample-rate.js';
import { heardSample, loudestAtBlow } from '../../../../operators/foley/track/heard-sample.js';

const ONSET = 480;

/** A second of a quiet tail that begins at the onset, with one loud sample so many milliseconds after it. */
function soundThatPeaks(afterMs: number): Float32Array {
  const samples = new Float32Array(SAMPLE_RATE).fill(0.1, ONSET);
  samples[ONSET + Math.round((afterMs * SAMPLE_RATE) / 1000)] = -0.9;
  return samples;
}

describe('heardSample', () => {
  it('is the beginning of a blow that is loudest at once', () => {
    expect(heardSample(soundThatPeaks(2), ONSET)).toBe(ONSET);
  });

  it('brings the loudest sample of a soft blow within sixteen milliseconds', () => {
    for (const peakMs of [17, 22, 59]) {
      const heard = heardSample(soundThatPeaks(peakMs), ONSET);
      expect(ONSET + (peakMs / 1000) * SAMPLE_RATE - heard).toBeCloseTo(0.016 * SAMPLE_RATE, 0);
    }
  });

  it('minds the blow, not what it sets off later', () => {
    expect(heardSample(soundThatPeaks(200), ONSET)).toBe(ONSET);
  });

  it('bears silence, and an event at the very end', () => {
    expect(heardSample(new Float32Array(600), ONSET)).toBe(ONSET);
    expect(heardSample(new Float32Array(0), 0)).toBe(0);
  });
});

describe('loudestAtBlow', () => {
  /** A blow of 0.8, and later one sample that is so loud. */
  function soundWithEcho(afterMs: number, level: number): Float32Array {
    const samples = new Float32Array(SAMPLE_RATE).fill(0.1, ONSET);
    samples[ONSET + 50] = 0.8;
    samples[ONSET + Math.round((afterMs * SAMPLE_RATE) / 1000)] = level;
    return samples;
  }
  const loudest = (samples: Float32Array): number => Math.max(...samples.map(Math.abs));

  it.each([
    [50, -0.79],
    [100, 0.95],
    [400, 0.8],
  ])('makes what is loud after %d ms softer than the blow', (afterMs, level) => {
    const samples = loudestAtBlow(soundWithEcho(afterMs, level), ONSET);
    expect(samples[ONSET + 50]).toBeCloseTo(0.8, 5);
    expect(loudest(samples.subarray(ONSET + 1000))).toBeCloseTo(0.48, 5);
    expect(samples.subarray(0, ONSET + 700)).toEqual(soundWithEcho(afterMs, level).subarray(0, ONSET + 700));
  });

  it('leaves sounds alone that only ring out, and silence', () => {
    expect(loudestAtBlow(soundWithEcho(50, 0.45), ONSET)).toEqual(soundWithEcho(50, 0.45));
    expect(loudestAtBlow(new Float32Array(600), ONSET)).toEqual(new Float32Array(600));
    expect(loudestAtBlow(new Float32Array(0), 0)).toHaveLength(0);
  });
});
