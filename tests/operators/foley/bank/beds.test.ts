import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBed } from '../../../../operators/foley/bank/beds/make-bed.js';
import { meanLoudness } from '../../../../operators/foley/bank/loudness.js';
import { bedKinds } from '../../../../operators/foley/bank/vocabulary.js';
import { SAMPLE_RATE } from '../../../../operators/foley/sample-rate.js';

const TIMEOUT = 180_000;

/** Sound of a bed, a second at a time. */
function* seconds(bed: { render(frames: number): Float32Array }, count: number): Generator<Float32Array> {
  for (let i = 0; i < count; i++) yield bed.render(SAMPLE_RATE);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Mean of loudnesses as power. */
function loudnessOf(all: readonly number[]): number {
  return 10 * Math.log10(mean(all.map((lufs) => 10 ** (lufs / 10))));
}

describe('beds', () => {
  it('are the same for one seed however they are cut, and differ between seeds', () => {
    for (const kind of bedKinds) {
      const whole = makeBed(kind, 3).render(20_000);
      const cut = makeBed(kind, 3);
      const parts = [1, 479, 480, 481, 7000, 0, 11_559].flatMap((frames) => [...cut.render(frames)]);
      expect(Float32Array.from(parts), kind).toEqual(whole);
      expect(makeBed(kind, 4).render(20_000), kind).not.toEqual(whole);
    }
  });

  for (const kind of bedKinds) {
    it(`go on for three minutes with finite samples, no clipping, no DC and steady loudness: ${kind}`, {
      timeout: TIMEOUT,
    }, () => {
      const loudness: number[] = [];
      let peak = 0;
      let jump = 0;
      let sum = 0;
      let last = 0;
      for (const second of seconds(makeBed(kind, 1), 180)) {
        loudness.push(meanLoudness(second));
        for (const x of second) {
          if (!Number.isFinite(x)) throw new Error('not a number');
          peak = Math.max(peak, Math.abs(x));
          jump = Math.max(jump, Math.abs(x - last));
          sum += x;
          last = x;
        }
      }
      expect(peak).toBeLessThanOrEqual(1);
      expect(peak).toBeGreaterThan(0.15);
      expect(Math.abs(sum / (180 * SAMPLE_RATE))).toBeLessThan(1e-4);
      expect(loudnessOf(loudness)).toBeGreaterThan(-25.5);
      expect(loudnessOf(loudness)).toBeLessThan(-20.5);
      const minutes = [0, 60, 120].map((from) => loudnessOf(loudness.slice(from, from + 60)));
      expect(Math.max(...minutes) - Math.min(...minutes)).toBeLessThan(3.5);
      expect(Math.min(...loudness)).toBeGreaterThan(-38);
      expect(jump).toBeLessThan(1.2);
    });
  }

  it('do not repeat: no second is like another', { timeout: TIMEOUT }, () => {
    for (const kind of bedKinds) {
      const all = [...seconds(makeBed(kind, 2), 12)].map((second) => second.slice(0, 4000));
      const [first, ...others] = all as [Float32Array, ...Float32Array[]];
      for (const other of others) {
        const dot = first.reduce((s, x, i) => s + x * (other[i] as number), 0);
        const norm = Math.hypot(...first) * Math.hypot(...other);
        // A steady engine is periodic by nature.
        expect(Math.abs(dot) / norm, kind).toBeLessThan(kind === 'engine' ? 0.9 : 0.6);
      }
    }
  });

  it('take any seed and any number of frames', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bedKinds),
        fc.oneof(fc.integer(), fc.double()),
        fc.nat(3000),
        (kind, seed, frames) => {
          const samples = makeBed(kind, seed).render(frames);
          expect(samples.length).toBe(frames);
          expect(samples.every((x) => Number.isFinite(x) && Math.abs(x) <= 1)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
