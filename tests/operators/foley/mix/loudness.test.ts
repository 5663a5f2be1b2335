import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoudnessMeter } from '../../../../operators/foley/mix/loudness-meter.js';
import { LoudnessRider } from '../../../../operators/foley/mix/loudness-rider.js';
import { findProgrammeGain } from '../../../../operators/foley/mix/programme-gain.js';
import { type Stereo, stereo } from '../../../../operators/foley/mix/stereo.js';
import { TruePeakLimiter } from '../../../../operators/foley/mix/true-peak-limiter.js';
import { workspace } from '../../../helpers/workspace.js';
import { ebur128 } from './ebur128.js';
import { bytesOf, inBlocks, joined, noise, sine } from './sounds.js';

function meterOf(sound: Stereo, sizes: readonly number[] = [4800]): LoudnessMeter {
  const meter = new LoudnessMeter();
  for (const block of inBlocks(sound, sizes)) meter.push(block);
  return meter;
}

function loudnessOf(sound: Stereo): number {
  return meterOf(sound).integrated;
}

/** 1 kHz in both channels: its peaks in dBFS are its loudness in LUFS. */
function tone(dbfs: number, seconds: number): Stereo {
  return sine(seconds, 1000, dbfs);
}

describe('LoudnessMeter', () => {
  const inFolder = workspace();

  it.each([
    ['1', [tone(-23, 20)], -23],
    ['2', [tone(-33, 20)], -33],
    ['3', [tone(-36, 10), tone(-23, 60), tone(-36, 10)], -23],
    ['4', [tone(-72, 10), tone(-36, 10), tone(-23, 60), tone(-36, 10), tone(-72, 10)], -23],
    ['5', [tone(-26, 20), tone(-20, 20.1), tone(-26, 20)], -23],
  ] as const)('reads signal %s of EBU Tech 3341 within 0.1 LU', (_, parts, expected) => {
    const meter = meterOf(joined(...parts));
    expect(Math.abs(meter.integrated - expected)).toBeLessThanOrEqual(0.1);
  });

  it('reads signals 1 and 2 of EBU Tech 3341 as momentary and short-term loudness too', () => {
    for (const level of [-23, -33]) {
      const meter = meterOf(tone(level, 20));
      expect(Math.abs(meter.momentary - level)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(meter.shortTerm - level)).toBeLessThanOrEqual(0.1);
    }
  });

  it('settles on the short-term loudness of signal 9 and the momentary loudness of signal 12', () => {
    const slow = new LoudnessMeter();
    for (let i = 0; i < 5; i++) slow.push(joined(tone(-20, 1.34), tone(-30, 1.66)));
    expect(Math.abs(slow.shortTerm + 23)).toBeLessThanOrEqual(0.1);
    const fast = new LoudnessMeter();
    for (let i = 0; i < 25; i++) fast.push(joined(tone(-20, 0.18), tone(-30, 0.22)));
    expect(Math.abs(fast.momentary + 23)).toBeLessThanOrEqual(0.1);
  });

  it('agrees with the meter of FFmpeg on noise that comes and goes', () => {
    const bursts = [0.3, 0.02, 0.1, 0.0005, 0.6].map((peak, i) => {
      const left = noise(70_000, i, peak);
      return joined({ left, right: left.map((value, at) => value * Math.sin(at / 9000)) }, stereo(30_000));
    });
    const sound = joined(...bursts);
    expect(Math.abs(loudnessOf(sound) - ebur128(sound, inFolder('noise.wav')).integrated)).toBeLessThan(0.1);
  });

  it('reads the same in blocks of any size, and of one channel 3 LU less', () => {
    const sound = joined(tone(-20, 0.7), stereo(40_000), tone(-30, 0.9));
    for (const sizes of [[333], [1, 20_000], [48_000]])
      expect(meterOf(sound, sizes).integrated).toBe(loudnessOf(sound));
    const { left } = tone(-20, 5);
    expect(Math.abs(loudnessOf({ left, right: new Float32Array(left.length) }) + 23.01)).toBeLessThan(0.05);
  });

  it('has no loudness for silence', () => {
    expect(loudnessOf(stereo(96_000))).toBe(Number.NEGATIVE_INFINITY);
    expect(new LoudnessMeter().integrated).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('LoudnessRider', () => {
  function ridden(sound: Stereo, sizes: readonly number[] = [1024], rider = new LoudnessRider()): Stereo {
    const out = joined(sound);
    for (const block of inBlocks(out, sizes)) rider.process(block);
    return out;
  }

  it('brings faint and loud sound near the target, and no further than its limit', () => {
    for (const [level, expected] of [
      [-28, -23],
      [-17, -23],
      [-36, -27],
    ] as const) {
      const out = ridden(tone(level, 70));
      const end = { left: out.left.subarray(-48_000 * 5), right: out.right.subarray(-48_000 * 5) };
      expect(Math.abs(loudnessOf(end) - expected)).toBeLessThan(1);
    }
  });

  it('moves no faster than 0.5 dB up and 1.5 dB down a second, and not at all in a pause', () => {
    const rider = new LoudnessRider();
    const gains: number[] = [];
    const second = (sound: Stereo): void => {
      rider.process(sound);
      gains.push(rider.gainDb);
    };
    for (let i = 0; i < 20; i++) second(tone(-35, 1));
    for (let i = 0; i < 30; i++) second(stereo(48_000));
    for (let i = 0; i < 20; i++) second(tone(-6, 1));
    const steps = gains.slice(1).map((gain, i) => gain - (gains[i] as number));
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(-1.5 - 1e-9);
    // The last steps before the pause fade out of the window of 400 ms.
    expect(gains[49]).toBe(gains[21]);
  });

  it('barely moves for a hit in a quiet bed', () => {
    const rider = new LoudnessRider();
    rider.process(tone(-23, 20));
    const before = rider.gainDb;
    rider.process(tone(-8, 0.2));
    rider.process(tone(-23, 2));
    expect(Math.abs(rider.gainDb - before)).toBeLessThan(1.2);
  });

  it('gives the same samples for blocks of any size', () => {
    const sound = joined(tone(-35, 1.3), stereo(30_000), tone(-12, 1.1));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        expect(bytesOf(ridden(sound, sizes)).equals(bytesOf(ridden(sound, [1 << 20])))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});

describe('findProgrammeGain', () => {
  /** Hits and pauses, whose peaks the limiter takes away when they get loud. */
  const hits = joined(
    ...[-30, -26, -34, -28].map((dbfs) => joined(sine(0.05, 700, dbfs + 14), sine(0.6, 300, dbfs), stereo(20_000))),
  );

  function rendered(gainDb: number): Stereo {
    const gain = 10 ** (gainDb / 20);
    const sound = { left: hits.left.map((v) => v * gain), right: hits.right.map((v) => v * gain) };
    new TruePeakLimiter().process(sound);
    return sound;
  }

  it('finds the gain that makes the loudness −23 LUFS after the limiter, within 0.1 LU', async () => {
    const { gainDb, lufs } = await findProgrammeGain((db) => loudnessOf(rendered(db)));
    expect(Math.abs(lufs + 23)).toBeLessThanOrEqual(0.1);
    expect(Math.abs(loudnessOf(rendered(gainDb)) + 23)).toBeLessThanOrEqual(0.1);
  });

  it('keeps within its limit, and leaves silence alone', async () => {
    expect((await findProgrammeGain((db) => -60 + db)).gainDb).toBe(18);
    expect(await findProgrammeGain(() => Number.NEGATIVE_INFINITY)).toEqual({
      gainDb: 0,
      lufs: Number.NEGATIVE_INFINITY,
    });
  });
});
