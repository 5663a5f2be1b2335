import { describe, expect, it } from 'vitest';
import { ExistingSound, type ExistingSoundOptions } from '../../../../operators/foley/mix/existing-sound.js';
import { SilenceDetector } from '../../../../operators/foley/mix/silence-detector.js';
import { type Stereo, stereo } from '../../../../operators/foley/mix/stereo.js';
import { AudioFrame } from '../../../../pipeline/index.js';
import { inBlocks, joined, noise, sine } from './sounds.js';

function frameOf(channels: Float32Array[], ptsUs = 0, sampleRate = 48_000): AudioFrame {
  const frame = new AudioFrame({ channels, sampleRate, ptsUs });
  frame.close();
  return frame;
}

/** Made sound with existing sound under it. */
function mixed(options: ExistingSoundOptions, existing: Stereo, made: Stereo): Stereo {
  const sound = new ExistingSound(options);
  sound.push(frameOf([existing.left, existing.right]));
  const out = joined(made);
  let start = 0;
  for (const block of inBlocks(out, [1024])) {
    sound.mixInto(block, start);
    start += block.left.length;
  }
  return out;
}

function rms({ left }: Stereo, fromS: number, toS: number): number {
  const part = left.subarray(fromS * 48_000, toS * 48_000);
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

const hum = sine(4, 100, -20);
const burst = joined(stereo(48_000), sine(1, 1000, -6), stereo(2 * 48_000));

describe('ExistingSound', () => {
  it('keeps existing sound as it is', () => {
    expect(mixed({ when: 'always', mix: 'keep' }, hum, stereo(4 * 48_000)).left).toEqual(hum.left);
    const { left } = mixed({ when: 'always', mix: 'keep' }, hum, burst);
    expect(left[60_000]).toBeCloseTo((hum.left[60_000] as number) + (burst.left[60_000] as number), 6);
  });

  it('ducks it while made sound is heard, and lets it come back', () => {
    const out = mixed({ when: 'always', mix: 'duck', ducking: { depthDb: 12 } }, hum, burst);
    const existing = { left: out.left.map((value, i) => value - (burst.left[i] as number)), right: out.right };
    const level = rms(hum, 0, 1);
    expect(rms(existing, 0, 1) / level).toBeCloseTo(1, 2);
    expect(20 * Math.log10(rms(existing, 1.2, 2) / level)).toBeCloseTo(-12, 0);
    expect(rms(existing, 3.5, 4) / level).toBeGreaterThan(0.9);
    const steps = existing.left.slice(1).map((value, i) => Math.abs(value - (existing.left[i] as number)));
    expect(Math.max(...steps.subarray(0, 100_000))).toBeLessThan(0.003);
  });

  it('replaces it, by mix or by when', () => {
    for (const options of [{ when: 'always', mix: 'replace' }, { when: 'replace' }] as const) {
      expect(mixed(options, hum, burst).left).toEqual(burst.left);
    }
  });

  it('with when: silent leaves a sounding track alone', () => {
    expect(mixed({ when: 'silent' }, hum, sine(4, 1000, -10)).left).toEqual(hum.left);
  });

  it('with when: silent makes sound from the beginning where there is no track, or where it is known to be silent', () => {
    const made = sine(1, 1000, -10);
    for (const options of [{ hasTrack: false }, { known: 'silent' }] as const) {
      expect(mixed({ when: 'silent', ...options }, stereo(1), made).left).toEqual(made.left);
    }
  });

  it('with when: silent comes in after five silent seconds, and goes when sound begins', () => {
    const existing = joined(stereo(8 * 48_000), sine(4, 100, -20));
    const out = mixed({ when: 'silent' }, existing, sine(12, 1000, -10));
    const without = { left: out.left.map((value, i) => value - (existing.left[i] as number)), right: out.right };
    const level = rms(sine(1, 1000, -10), 0, 1);
    expect(rms(without, 0, 4.9)).toBeLessThan(level / 100);
    expect(rms(without, 6, 8) / level).toBeCloseTo(1, 2);
    expect(rms(without, 9, 12)).toBeLessThan(level / 1e4);
  });

  it('keeps pieces together whose times are rounded, and leaves holes silent', () => {
    const sound = new ExistingSound({ when: 'always' });
    const { left, right } = sine(0.1, 440, -6);
    for (const [from, to, ptsUs] of [
      [0, 1024, 0],
      [1024, 2048, 21_000],
      [2048, 4800, 43_000],
    ] as const) {
      sound.push(frameOf([left.subarray(from, to), right.subarray(from, to)], ptsUs));
    }
    sound.push(frameOf([Float32Array.of(0.5, 0.5)], 200_000));
    const out = stereo(9602);
    sound.mixInto(out, 0);
    expect(out.left.subarray(0, 4800)).toEqual(left);
    expect(out.left.subarray(4800, 9600).every((value) => value === 0)).toBe(true);
    expect([...out.right.subarray(9600)]).toEqual([0.5, 0.5]);
  });

  it('refuses other rates and more than two channels', () => {
    const sound = new ExistingSound();
    const channel = new Float32Array(10);
    expect(() => sound.push(frameOf([channel], 0, 44_100))).toThrow(/48000 Hz, got 1 channels at 44100 Hz/);
    expect(() => sound.push(frameOf([channel, channel, channel]))).toThrow(/mono or stereo/);
  });
});

describe('SilenceDetector', () => {
  function stateOf(sound: Stereo, size = 1000): SilenceDetector {
    const detector = new SilenceDetector();
    for (const block of inBlocks(sound, [size])) detector.push(block);
    return detector;
  }
  function both(left: Float32Array): Stereo {
    return { left, right: left };
  }
  const tenSeconds = 480_000;

  it('takes digital silence, an offset and 16-bit dither for silence', () => {
    expect(stateOf(stereo(tenSeconds)).state).toBe('silent');
    expect(stateOf(both(new Float32Array(tenSeconds).fill(0.01))).state).toBe('silent');
    expect(stateOf(both(noise(tenSeconds, 1, 2 / 32_768))).state).toBe('silent');
  });

  it('takes faint sound for sound, and does not know at first', () => {
    expect(stateOf(sine(1, 200, -70)).state).toBe('sounding');
    expect(stateOf(stereo(48_000 * 4)).state).toBe('unknown');
  });

  it('is not misled by a click or a pause', () => {
    const click = stereo(tenSeconds);
    click.left[300_000] = 0.9;
    expect(stateOf(click).state).toBe('silent');
    expect(stateOf(joined(sine(1, 200, -30), stereo(48_000 * 4))).state).toBe('sounding');
  });

  it('tells where sound begins, whatever the size of blocks', () => {
    for (const size of [77, 4800, 1_000_000]) {
      const detector = stateOf(joined(stereo(48_000 * 7), sine(2, 200, -30)), size);
      expect(detector.state).toBe('sounding');
      expect(detector.firstSoundUs).toBe(7_000_000);
    }
  });
});
