import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventMixer, type EventMixerOptions } from '../../../../operators/foley/mix/event-mixer.js';
import type { SoundEvent } from '../../../../operators/foley/mix/sound-event.js';
import { partOf, type Stereo, stereo } from '../../../../operators/foley/mix/stereo.js';
import { sampleAt, timeOf } from '../../../../operators/foley/mix/timeline.js';
import { bytesOf, loudestAt, noise, peakOf } from './sounds.js';

/** A sound whose onset is its one loud sample. */
function impulse(onsetSample: number, length = 2 * onsetSample + 1): SoundEvent['sound'] {
  const sound = new Float32Array(length);
  sound[onsetSample] = 0.5;
  return sound;
}

function render(mixer: EventMixer, samples: number, sizes: readonly number[] = [1024]): Stereo {
  const whole = stereo(samples);
  for (let at = 0, i = 0; at < samples; i++) {
    const to = Math.min(samples, at + (sizes[i % sizes.length] as number));
    mixer.render(partOf(whole, at, to));
    at = to;
  }
  return whole;
}

function rendered(events: readonly SoundEvent[], samples: number, options: EventMixerOptions = {}): Stereo {
  const mixer = new EventMixer(options);
  for (const event of events) mixer.add(event);
  return render(mixer, samples);
}

const anyNumber = fc.double();
const event: fc.Arbitrary<SoundEvent> = fc
  .record({
    ptsUs: fc.integer({ min: -50_000, max: 300_000 }),
    seed: fc.nat(99),
    length: fc.integer({ min: 0, max: 6000 }),
    isMono: fc.boolean(),
    onsetSample: fc.integer({ min: 0, max: 500 }),
    gainDb: fc.integer({ min: -30, max: 6 }),
    pan: fc.double({ min: -1, max: 1, noNaN: true }),
    pitch: fc.oneof(fc.constant(1), fc.double({ min: 0.5, max: 2, noNaN: true })),
    fadeOutMs: fc.integer({ min: 0, max: 30 }),
    lengthMs: fc.integer({ min: 1, max: 100 }),
    thing: fc.constantFrom(undefined, 'anvil', 'bell'),
  })
  .map(({ seed, length, isMono, fadeOutMs, lengthMs, thing, ...rest }) => ({
    ...rest,
    ...(thing === undefined ? {} : { thing }),
    sound: isMono ? noise(length, seed, 0.5) : [noise(length, seed, 0.5), noise(length, seed + 1, 0.5)],
    envelope: { fadeOutMs, lengthMs },
  }));

describe('the timeline', () => {
  it('names a sample by its time and back, days from its beginning', () => {
    for (const sample of [0, 1, 2, 7, 48_001, -3, 48_000 * 3600 * 100 + 17])
      expect(sampleAt(timeOf(sample))).toBe(sample);
  });
});

describe('EventMixer', () => {
  it('damps what rings when the same thing is hit again, and nothing else', () => {
    const ring = new Float32Array(9600).fill(0.5);
    const hit = { ptsUs: 50_000, sound: impulse(480), onsetSample: 480 };
    const levelAt = (thing: string, sample: number): number =>
      rendered(
        [
          { ptsUs: 0, sound: ring, thing: 'anvil' },
          { ...hit, thing },
        ],
        9600,
      ).left[sample] ?? 0;
    const whole = rendered([{ ptsUs: 0, sound: ring }], 9600).left[4000] as number;
    // Its onset is at sample 2400; what leads to it damps nothing.
    expect(levelAt('anvil', 2399) / whole).toBeCloseTo(1, 6);
    expect(levelAt('anvil', 2400 + 480) / whole).toBeCloseTo(10 ** (-10 / 20), 6);
    expect(levelAt('bell', 2400 + 480) / whole).toBeCloseTo(1, 6);
  });

  it.each([
    ['15', Array.from({ length: 30 }, (_, i) => Math.round((i * 1e6) / 15))],
    ['23.976', Array.from({ length: 40 }, (_, i) => Math.round((i * 1001e6) / 24_000))],
    ['25', Array.from({ length: 40 }, (_, i) => i * 40_000)],
    ['29.97', Array.from({ length: 50 }, (_, i) => Math.round((i * 1001e6) / 30_000))],
    ['50', Array.from({ length: 80 }, (_, i) => i * 20_000)],
    ['variable', [3, 33_401, 51_003, 151_999, 170_002, 399_998, 900_007, 1_400_001]],
  ])('lands the onset on the nearest sample at %s fps', (_, times) => {
    // One microsecond is a twentieth of a sample, so the nearest one is within half of one.
    const { left } = rendered(
      times.map((ptsUs) => ({ ptsUs, sound: impulse(100, 300), onsetSample: 100 })),
      96_000,
    );
    const expected = times.map((us) => Math.round(us * 0.048));
    expect([...left.keys()].filter((i) => left[i] !== 0)).toEqual(expected.filter((i) => i < 96_000));
  });

  it('lands the onset of a sound that is higher or lower within a sample', () => {
    for (const pitch of [0.5, 0.71, 1.3, 2]) {
      const { left } = rendered([{ ptsUs: 20_833, sound: impulse(400), onsetSample: 400, pitch }], 4000);
      expect(Math.abs(loudestAt(left) - 1000)).toBeLessThanOrEqual(1);
    }
  });

  it('does not drift: ten hours later the onset is on its sample', () => {
    const startUs = 36_000_000_000;
    const mixer = new EventMixer({ startUs });
    mixer.add({ ptsUs: startUs + 1_001_000, sound: impulse(0) });
    expect(loudestAt(render(mixer, 96_000).left)).toBe(48_048);
  });

  it('gives the same samples whatever the size of blocks', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), sizes, (events, blocks) => {
        const outputs = [blocks, [20_000]].map((each) => {
          const mixer = new EventMixer({ voices: 3 });
          for (const one of events) mixer.add(one);
          return bytesOf(render(mixer, 20_000, each));
        });
        expect(outputs[0]?.equals(outputs[1] as Buffer)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('places by constant power, and leaves stereo in the middle as it is', () => {
    const at = (pan: number): number[] => {
      const { left, right } = rendered([{ ptsUs: 0, sound: impulse(0, 400), pan }], 10);
      return [left[0] as number, right[0] as number];
    };
    for (const pan of [-1, -0.4, 0, 0.7, 1]) {
      const [left = 0, right = 0] = at(pan);
      expect(left ** 2 + right ** 2).toBeCloseTo(0.25, 6);
    }
    expect(at(-1)[1]).toBeCloseTo(0, 6);
    expect(at(1)[0]).toBeCloseTo(0, 6);
    const sound: SoundEvent['sound'] = [noise(400, 1, 0.5), noise(400, 2, 0.5)];
    const out = rendered([{ ptsUs: 0, sound, envelope: { fadeOutMs: 0 } }], 400);
    for (let i = 0; i < 400; i++) expect(out.left[i]).toBeCloseTo(sound[0][i] as number, 6);
  });

  it('lets the onset of the shortest sound be heard, whatever its fades', () => {
    for (const fadeOutMs of [undefined, 50]) {
      const envelope = fadeOutMs === undefined ? {} : { fadeOutMs };
      expect(rendered([{ ptsUs: 0, sound: Float32Array.of(0.5, 0, 0), pan: -1, envelope }], 10).left[0]).toBe(0.5);
    }
  });

  it('moves a tone by its ratio and lets nothing fold back', () => {
    const tone = Float32Array.from({ length: 24_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 15_000 * i) / 48_000));
    const up = rendered([{ ptsUs: 0, sound: tone, pitch: 2 }], 8000).left;
    // 30 kHz cannot be; folded back it would be at 18 kHz.
    expect(Math.max(...up.subarray(500).map(Math.abs))).toBeLessThan(0.5 * 10 ** (-60 / 20));
    const low = tone.map((_, i) => 0.5 * Math.sin((2 * Math.PI * 1000 * i) / 48_000));
    const moved = rendered([{ ptsUs: 0, sound: low, pitch: 1.5 }], 8000).left;
    for (let i = 500; i < 7000; i++) {
      const expected = 0.5 * Math.SQRT1_2 * Math.sin((2 * Math.PI * 1500 * i) / 48_000);
      expect(Math.abs((moved[i] as number) - expected)).toBeLessThan(1e-4);
    }
  });

  describe('late events', () => {
    const ramp = Float32Array.from({ length: 9600 }, (_, i) => i / 9600);

    function late(lagMs: number, rule: 'join' | 'shift'): { out: Stereo; placement: string } {
      const mixer = new EventMixer();
      render(mixer, 48_000);
      const placement = mixer.add({ ptsUs: 1_000_000 - lagMs * 1000, sound: ramp, late: rule, pan: -1 });
      return { out: render(mixer, 9600), placement };
    }

    it('join where they would be by now, faded in', () => {
      const { out, placement } = late(30, 'join');
      expect(placement).toBe('late');
      expect(out.left[0]).toBeLessThan(0.001);
      expect(out.left[1000]).toBeCloseTo((1440 + 1000) / 9600, 5);
    });

    it('or are heard from their onset, no more than 40 ms late', () => {
      for (const lagMs of [1, 30, 39, 40]) {
        const { out, placement } = late(lagMs, 'shift');
        expect(placement).toBe('late');
        const heardAt = out.left.findIndex((value) => value > 0) - 1;
        expect(heardAt + lagMs * 48).toBeLessThanOrEqual(40 * 48);
      }
    });

    it('are dropped after 40 ms', () => {
      for (const rule of ['join', 'shift'] as const) {
        const { out, placement } = late(40.1, rule);
        expect(placement).toBe('dropped');
        expect(peakOf(out)).toBe(0);
      }
    });

    it('keep their onset on its sample when only what comes before it is late', () => {
      const mixer = new EventMixer();
      render(mixer, 48_000);
      const sound = noise(4000, 1, 0.1);
      sound[2000] = 0.9;
      expect(mixer.add({ ptsUs: 1_010_000, sound, onsetSample: 2000 })).toBe('late');
      const { left } = render(mixer, 4000);
      expect(loudestAt(left)).toBe(480);
      expect(left[480]).toBeCloseTo(0.9 * Math.SQRT1_2, 5);
      expect(Math.abs(left[0] as number)).toBeLessThan(0.001);
    });
  });

  it('keeps the number of voices bounded, and makes room without a click', () => {
    const mixer = new EventMixer({ voices: 4 });
    const low = Float32Array.from({ length: 48_000 }, (_, i) => Math.sin((2 * Math.PI * 50 * (i + 240)) / 48_000) / 8);
    for (let i = 0; i < 40; i++) {
      mixer.add({ ptsUs: i * 30_000, sound: low, gainDb: -i % 7, envelope: { fadeInMs: 10, fadeOutMs: 10 } });
    }
    let most = 0;
    let steepest = 0;
    let before = 0;
    for (let block = 0; block < 600; block++) {
      const { left } = render(mixer, 100);
      most = Math.max(most, mixer.voices);
      for (const value of left) {
        steepest = Math.max(steepest, Math.abs(value - before));
        before = value;
      }
    }
    expect(most).toBeLessThanOrEqual(8);
    // 50 Hz of four voices climbs by 0.0033 a sample, fades of 10 ms by a little more; a click would be a step of 0.1.
    expect(steepest).toBeLessThan(0.01);
    expect(peakOf(render(mixer, 60_000))).toBeGreaterThanOrEqual(0);
    expect(mixer.voices).toBe(0);
  });

  it('leaves out what comes when twice as many as may be heard are there', () => {
    const mixer = new EventMixer({ voices: 2 });
    for (let i = 0; i < 50; i++) mixer.add({ ptsUs: i * 21, sound: noise(9000, i, 0.1) });
    render(mixer, 4000);
    expect(mixer.voices).toBeLessThanOrEqual(4);
    expect(mixer.refused).toBe(46);
  });

  it('bounds how many may wait', () => {
    const mixer = new EventMixer({ waiting: 3 });
    const placements = Array.from({ length: 5 }, (_, i) => mixer.add({ ptsUs: 1e6 * (i + 1), sound: impulse(0) }));
    expect(placements).toEqual(['placed', 'placed', 'placed', 'dropped', 'dropped']);
  });

  it('bears any numbers', () => {
    fc.assert(
      fc.property(
        fc.record({ ptsUs: anyNumber, onsetSample: anyNumber, gainDb: anyNumber, pan: anyNumber, pitch: anyNumber }),
        fc.record({ fadeInMs: anyNumber, fadeOutMs: anyNumber, lengthMs: anyNumber }),
        (numbers, envelope) => {
          const out = rendered([{ ...numbers, envelope, sound: noise(300, 1, 1) }], 1000);
          expect(out.left.every(Number.isFinite) && out.right.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });
});
