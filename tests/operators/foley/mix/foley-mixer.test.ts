import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BedSound } from '../../../../operators/foley/mix/bed-mixer.js';
import { FoleyMixer, type FoleyMixerOptions } from '../../../../operators/foley/mix/foley-mixer.js';
import { findProgrammeGain } from '../../../../operators/foley/mix/programme-gain.js';
import type { Stereo } from '../../../../operators/foley/mix/stereo.js';
import { TruePeakMeter } from '../../../../operators/foley/mix/true-peak-meter.js';
import { WideBed } from '../../../../operators/foley/mix/wide-bed.js';
import { AudioFrame, ledger } from '../../../../pipeline/index.js';
import { bytesOf, heard, loudestAt, noise, peakOf, sine } from './sounds.js';

/** Endless noise, the same each time. */
class NoiseBed implements BedSound {
  #at = 0;
  render({ left, right }: Stereo): void {
    for (let i = 0; i < left.length; i++, this.#at++) left[i] = right[i] = 0.05 * Math.sin(this.#at * this.#at * 0.001);
  }
}

const makeNoiseBed = (): BedSound => new NoiseBed();

/** A frame that the ledger does not miss: the mixer keeps its samples, not the frame. */
function give(mixer: FoleyMixer, { left, right }: Stereo, ptsUs: number): void {
  const frame = new AudioFrame({ channels: [left, right], sampleRate: 48_000, ptsUs });
  mixer.existing(frame);
  frame.close();
}

/** Four seconds of everything, asked for in steps of these microseconds. */
function everything(stepsUs: readonly number[], options: FoleyMixerOptions = {}, seed = 1): Buffer {
  const mixer = new FoleyMixer({ when: 'always', mix: 'duck', loudness: { kind: 'ride' }, ...options });
  for (let i = 0; i < 30; i++) {
    mixer.add({ ptsUs: i * 90_001, sound: noise(9000, i * seed, 1), pan: Math.sin(i), pitch: i % 3 === 0 ? 1.2 : 1 });
  }
  mixer.bed('wind', makeNoiseBed, { ptsUs: 100_000, gainDb: -6 });
  mixer.bed('wind', makeNoiseBed, { ptsUs: 1_500_000, gainDb: Number.NEGATIVE_INFINITY });
  mixer.bed('rain', makeNoiseBed, { ptsUs: 1_500_000, gainDb: 0, fadeMs: 777 });
  mixer.cut(700_000, 'large');
  mixer.cut(1_500_000, 'small');
  give(mixer, sine(3, 300, -12), 200_000);
  const samples = [];
  for (let us = 0, i = 0; us < 4_000_000; i++) {
    us = Math.min(4_000_000, us + (stepsUs[i % stepsUs.length] as number));
    samples.push(...mixer.audioUntil(us));
  }
  return bytesOf(heard([...samples, ...mixer.end(4_000_000)]));
}

describe('FoleyMixer', () => {
  it('gives blocks that follow one another from the beginning to the very end', () => {
    const mixer = new FoleyMixer({ startUs: 123_456 });
    const samples = [...mixer.audioUntil(500_000), ...mixer.audioUntil(500_000), ...mixer.end(1_000_000)];
    expect(samples[0]?.frame.ptsUs).toBeCloseTo(123_456, -2);
    let at = Math.round(123_456 * 0.048);
    for (const { frame } of samples) {
      expect(frame.ptsUs).toBe(Math.round(at / 0.048));
      expect(frame.sampleRate).toBe(48_000);
      at += frame.samples;
    }
    expect(at).toBe(48_000);
    for (const { frame } of samples) frame.close();
    expect(ledger.balance).toBe(0);
  });

  it('puts the onset on the sample nearest to its time, through room, loudness and limiter', () => {
    for (const peak of [0.5, 20]) {
      const mixer = new FoleyMixer({ hasTrack: false, room: 'medium' });
      mixer.add({ ptsUs: 333_367, sound: Float32Array.of(0, 0, peak, 0), onsetSample: 2, pan: -0.5 });
      const out = heard([...mixer.audioUntil(900_000), ...mixer.end(1_000_000)]);
      expect(loudestAt(out.left)).toBe(Math.round(333_367 * 0.048));
    }
  });

  it('gives the same samples however often it is asked, and others for another seed', () => {
    const whole = everything([4_000_000]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 20_000, max: 900_000 }), { minLength: 1, maxLength: 3 }), (stepsUs) => {
        expect(everything(stepsUs).equals(whole)).toBe(true);
      }),
      { numRuns: 5 },
    );
    const detecting = { when: 'silent', detection: { silentAfterMs: 300 } } as const;
    expect(everything([333_333, 71_000], detecting).equals(everything([4_000_000], detecting))).toBe(true);
    expect(everything([4_000_000], {}, 2).equals(whole)).toBe(false);
  });

  it('renders a sparse hour without drift', () => {
    const mixer = new FoleyMixer({ hasTrack: false, loudness: { kind: 'ride' } });
    const times = Array.from({ length: 60 }, (_, i) => Math.round(i * 60.0611e6) + 17);
    const expected = times.map((us) => Math.round(us * 0.048));
    const found: number[] = [];
    let next = 0;
    let at = 0;
    for (let second = 1; second <= 3600; second++) {
      while ((times[next] as number) < (second + 1) * 1e6) {
        mixer.add({ ptsUs: times[next++] as number, sound: Float32Array.of(0.5, 0, 0, 0), envelope: { fadeOutMs: 0 } });
      }
      for (const { frame } of mixer.audioUntil(second * 1e6)) {
        const [left] = frame.channels as [Float32Array];
        for (let i = left.findIndex((v) => v !== 0); i >= 0 && i < left.length; i++)
          if (left[i] !== 0) found.push(at + i);
        at += frame.samples;
        frame.close();
      }
    }
    expect(found).toEqual(expected.filter((sample) => sample < at));
    expect(found.length).toBeGreaterThan(58);
  });

  it('never clips and never gives what is no number, whatever comes in', () => {
    const hostile = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -3e38, 1e9, 5, -1, 0, 0.3);
    const sound = fc.array(hostile, { minLength: 1, maxLength: 60 }).map((values) => Float32Array.from(values));
    fc.assert(
      fc.property(fc.array(sound, { minLength: 1, maxLength: 5 }), fc.double(), (sounds, any) => {
        const mixer = new FoleyMixer({ when: 'always', room: 'large', mix: 'duck', loudness: { kind: 'ride' } });
        for (const [i, one] of sounds.entries()) {
          mixer.add({ ptsUs: i * 10_000, sound: one, gainDb: any, pan: any, pitch: any });
          give(mixer, { left: one, right: one }, i * 15_000);
        }
        mixer.bed('bad', () => ({ render: ({ left }) => left.fill(any) }), { ptsUs: 0, gainDb: any });
        const out = heard([...mixer.audioUntil(300_000), ...mixer.end(400_000)]);
        const meter = new TruePeakMeter();
        meter.push(out);
        expect(meter.dbtp).toBeLessThanOrEqual(-1);
        expect(out.left.every(Number.isFinite) && out.right.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('reaches −23 LUFS exactly in two passes', async () => {
    const render = (gainDb: number): number => {
      const mixer = new FoleyMixer({ hasTrack: false, loudness: { kind: 'fixed', gainDb } });
      for (let i = 0; i < 30; i++) mixer.add({ ptsUs: i * 300_000, sound: noise(6000, i, 0.02) });
      heard([...mixer.audioUntil(9_000_000), ...mixer.end(10_000_000)]);
      return mixer.figures.lufs;
    };
    const { lufs } = await findProgrammeGain(render);
    expect(Math.abs(lufs + 23)).toBeLessThanOrEqual(0.1);
  });

  it('cross-fades beds so that the whole stays as loud', () => {
    const mixer = new FoleyMixer({ hasTrack: false });
    const bed = (seed: number) => () =>
      new WideBed({ render: (n) => noise(n, seed++, 0.2) }, { render: (n) => noise(n, 1000 + seed++, 0.2) });
    mixer.bed('wind', bed(1), { ptsUs: 0, gainDb: 0, fadeMs: 1 });
    mixer.bed('wind', bed(1), { ptsUs: 1_000_000, gainDb: Number.NEGATIVE_INFINITY, fadeMs: 1000 });
    mixer.bed('rain', bed(90_000), { ptsUs: 1_000_000, gainDb: 0, fadeMs: 1000 });
    const { left } = heard(mixer.audioUntil(3_000_000));
    const rms = (second: number): number =>
      Math.sqrt(left.subarray(second * 48_000, (second + 0.1) * 48_000).reduce((sum, v) => sum + v * v, 0) / 4800);
    for (const second of [1, 1.3, 1.5, 1.7, 2, 2.5]) expect(rms(second) / rms(0.5)).toBeCloseTo(1, 1);
    expect(mixer.beds).toEqual(['rain']);
    for (let i = 0; i < 7; i++) expect(mixer.bed(`bed${i}`, bed(1), { ptsUs: 3e6, gainDb: 0 })).toBe(true);
    expect(mixer.bed('one more', bed(1), { ptsUs: 3e6, gainDb: 0 })).toBe(false);
  });

  it('changes the room at a cut', () => {
    const mixer = new FoleyMixer({ hasTrack: false });
    mixer.cut(1_000_000, 'large');
    mixer.cut(2_000_000, 'none');
    for (const ptsUs of [500_000, 1_500_000, 2_500_000]) mixer.add({ ptsUs, sound: Float32Array.of(0.5, 0, 0) });
    const { left } = heard(mixer.audioUntil(3_000_000));
    const echoes = [0.5, 1.5, 2.5].map((s) =>
      peakOf({ left: left.subarray(s * 48_000 + 10, s * 48_000 + 9600), right: left.subarray(0, 0) }),
    );
    expect(echoes[0]).toBe(0);
    expect(echoes[1]).toBeGreaterThan(0.02);
    expect(echoes[2]).toBe(0);
  });
});
