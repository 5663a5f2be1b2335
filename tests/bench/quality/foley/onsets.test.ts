import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSetting, motionOnsets, onsetBaselines, peaks } from '../../../../bench/quality/foley/onset-baselines.js';
import { matchOnsets, OnsetScore } from '../../../../bench/quality/foley/onset-score.js';
import { soundLags } from '../../../../bench/quality/foley/sound-lags.js';

describe('matching onsets', () => {
  it('pairs each onset once, the nearest first, within 80 ms', () => {
    const pairs = matchOnsets([1.07, 1.01, 2.09, 3], [1, 2, 3.05]);
    expect(pairs.map(({ predicted, true: t }) => [predicted, t])).toEqual([
      [1, 0],
      [3, 2],
    ]);
    expect(pairs[1]?.error).toBeCloseTo(-0.05);
  });

  it('never gives an F1 above 1, and 1 only where all is found', () => {
    const times = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(times, times, (predicted, truth) => {
        const score = new OnsetScore();
        score.add(predicted, truth);
        expect(score.f1).toBeGreaterThanOrEqual(0);
        expect(score.f1).toBeLessThanOrEqual(1);
        if (score.f1 === 1) expect(predicted).toHaveLength(truth.length);
      }),
    );
  });

  it('counts over all clips, not clip by clip', () => {
    const score = new OnsetScore();
    score.add([1, 2], [1]);
    score.add([], [1, 2, 3.02]);
    score.add([3.04], [3.02]);
    expect(score.f1).toBeCloseTo((2 * 2) / (3 + 5));
    expect(score.precision).toBeCloseTo(2 / 3);
    expect(score.recall).toBeCloseTo(2 / 5);
    expect(score.medianError).toBeCloseTo(0.01);
  });

  it('of silence is 0, with no error to tell', () => {
    const score = new OnsetScore();
    score.add([], [1]);
    expect(score.f1).toBe(0);
    expect(score.medianError).toBeNaN();
  });
});

describe('baselines', () => {
  it('take peaks that are the highest of three steps to both sides', () => {
    expect(peaks([0, 5, 4, 6, 0, 0, 0, 7, 1], 1)).toEqual([3, 7]);
    expect(peaks([9, 0, 0, 0, 0, 0, 9], 1)).toEqual([0, 6]);
  });

  it('find where motion stands out, so many steps later', () => {
    const energy = Array.from({ length: 50 }, (_, step) => (step === 20 ? 9 : 1 + 0.1 * (step % 3)));
    expect(motionOnsets(energy, 8, 0)).toEqual([0.8]);
    expect(motionOnsets(energy, 8, 2)).toEqual([0.88]);
  });

  it('choose what is best on the clips of the training', () => {
    const clip = {
      ...({
        path: '',
        name: '',
        use: 'training',
        voices: false,
        unclear: false,
        action: null,
        material: null,
      } as const),
      ...{ seconds: 4, onsets: [0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75], motion: [] },
    };
    const [, clock] = onsetBaselines;
    expect(chooseSetting(clock as (typeof onsetBaselines)[number], [clip]).words).toBe('every 0.50 s from 0.25 s');
  });
});

describe('the lag of sound', () => {
  const RATE = 48_000;
  const knocks = (times: readonly number[], decay: number): Float32Array => {
    const samples = new Float32Array(4 * RATE);
    for (const time of times) {
      const begin = Math.round(time * RATE);
      for (let i = 0; i < RATE && begin + i < samples.length; i++) {
        samples[begin + i] = (samples[begin + i] as number) + Math.cos(i) * Math.exp(-i / decay);
      }
    }
    return samples;
  };

  it('is that of the loudest sample near each moment', () => {
    const lags = soundLags(knocks([1.012, 1.99], 2000), [1, 2]);
    expect(lags[0]).toBeCloseTo(0.012, 4);
    expect(lags[1]).toBeCloseTo(-0.01, 4);
  });

  it('is not told of silence, and of what lies under the ringing of something else', () => {
    expect(soundLags(new Float32Array(RATE), [0.5])).toEqual([undefined]);
    expect(soundLags(knocks([1, 1.08], 48_000), [1.08])).toEqual([undefined]);
    // Half as loud, it moves the loudest sample.
    expect(soundLags(knocks([1, 1.2], 10_000), [1.2])).toEqual([undefined]);
  });
});
