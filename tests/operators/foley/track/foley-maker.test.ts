import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions, bedKinds, materials } from '../../../../operators/foley/bank/vocabulary.js';
import type { SoundCue } from '../../../../operators/foley/cues.js';
import type { Stereo } from '../../../../operators/foley/mix/stereo.js';
import type { HeardPicture } from '../../../../operators/foley/track/sound-operator.js';
import { bytesOf, peakOf } from '../mix/sounds.js';
import {
  bed,
  cut,
  firstSoundFrom,
  foleyMaker,
  impact,
  levelOf,
  type Manner,
  picturesWith,
  played,
  SECOND_US,
  trackOf,
} from './playing.js';

type MakerOptions = Parameters<typeof foleyMaker>[0];

/** What is heard of cues in some seconds. */
function soundOf(cues: readonly SoundCue[], seconds: number, options: MakerOptions = {}, manner: Manner = {}): Stereo {
  return played(trackOf([foleyMaker(options)]), picturesWith(cues, seconds), seconds * SECOND_US, manner);
}

/** The same, with when and how what is added is to be heard. */
function eventsOf(cues: readonly SoundCue[], seconds: number, options: MakerOptions = {}) {
  const events: { readonly ptsUs: number; readonly gainDb: number; readonly peak: number }[] = [];
  const maker = foleyMaker(options);
  for (const picture of picturesWith(cues, seconds)) {
    maker.hear(picture, {
      openUs: 0,
      add: ({ ptsUs, gainDb = 0, sound }) => {
        const peak = (sound as Float32Array).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
        events.push({ ptsUs, gainDb, peak });
      },
      bed: () => undefined,
      cut: () => undefined,
    });
  }
  return events;
}

const loudnessOf = ({ gainDb, peak }: { gainDb: number; peak: number }): number => gainDb + 20 * Math.log10(peak);
const scene = [
  cut(0, 'medium'),
  bed(0, 'wind', 0.5),
  ...[0.5, 0.9, 1.31, 1.7].map((s) => impact(s * SECOND_US, { action: 'step', material: 'gravel', pan: s - 1 })),
  cut(1_600_000, 'outdoors'),
  bed(1_700_000, 'wind', 0),
  bed(1_720_000, 'street', 0.8),
];

describe('the sound of an impact', () => {
  it.each([0.5 * SECOND_US, 812_345, 1_001_001])('begins at the very sample of the impact: %i µs', (atUs) => {
    const sound = soundOf([impact(atUs, { material: 'metal' })], 2);
    expect(firstSoundFrom(sound, 0)).toBe(Math.round(atUs * 0.048));
  });

  it('does so an hour on', () => {
    const startUs = 3600 * SECOND_US;
    const atUs = startUs + 512_345;
    const pictures = [{ ptsUs: startUs + 520_000, meta: { sounds: [impact(atUs)] } }];
    const track = trackOf([foleyMaker({ startUs })], { startUs });
    for (const picture of pictures) track.hear(picture);
    const left = track.end(startUs + SECOND_US).flatMap(({ frame }) => {
      frame.close();
      return [...(frame.channels[0] as Float32Array)];
    });
    expect(left.findIndex((x) => x !== 0)).toBe(Math.round(atUs * 0.048) - 3600 * 48_000);
  });

  it('comes from where the impact is', () => {
    const side = (pan: number): number => {
      const { left, right } = soundOf([impact(SECOND_US / 2, { pan })], 1);
      const power = (channel: Float32Array): number => channel.reduce((sum, x) => sum + x * x, 0);
      return power(right) / power(left);
    };
    expect(side(0)).toBeCloseTo(1, 5);
    expect(side(0.8)).toBeGreaterThan(3);
    expect(side(-0.8)).toBeLessThan(1 / 3);
  });

  it('is louder for harder impacts, and softer for those that are not sure', () => {
    const level = (changes: Parameters<typeof impact>[1]): number =>
      loudnessOf(eventsOf([impact(SECOND_US / 2, changes)], 1)[0] as never);
    expect(level({ energy: 0.9 })).toBeGreaterThan(level({ energy: 0.5 }) + 8);
    expect(level({ energy: 0.5 })).toBeGreaterThan(level({ energy: 0.1 }) + 8);
    expect(level({ score: 0.2 })).toBeCloseTo(level({ score: 1 }) - 4.8, 5);
  });

  it('is never the same twice in a row, however alike impacts are', () => {
    const cues = Array.from({ length: 20 }, (_, i) => impact((i + 0.5) * 0.4 * SECOND_US));
    const parts = cues.map(({ atUs }) => atUs * 0.048);
    const { left } = soundOf(cues, 9);
    const waves = parts.map((at) => left.slice(at, at + 4000).map((x) => x / 0.05));
    for (let i = 1; i < waves.length; i++) expect(waves[i]).not.toEqual(waves[i - 1]);
  });

  it('has the reflections of the room that the last cut led to', () => {
    const cues = [
      impact(SECOND_US / 4, { material: 'plastic' }),
      cut(SECOND_US / 2, 'large'),
      impact(0.75 * SECOND_US, { material: 'plastic' }),
    ];
    const tail = (sound: Stereo, atUs: number): number => levelOf(sound, atUs + 105_000, atUs + 140_000);
    const dry = soundOf(
      cues.filter(({ kind }) => kind === 'impact'),
      1,
    );
    const wet = soundOf(cues, 1);
    expect(tail(wet, SECOND_US / 4)).toBe(tail(dry, SECOND_US / 4));
    expect(tail(wet, 0.75 * SECOND_US)).toBeGreaterThan(2 * tail(dry, 0.75 * SECOND_US));
  });
});

describe('what is made of the same cues', () => {
  it('is the same bit by bit, however it is asked for, and however early pictures are known', () => {
    const sound = bytesOf(soundOf(scene, 2.5));
    for (const manner of [{ stepUs: 33_367 }, { stepUs: SECOND_US }, { stepUs: 5_000_000 }, { earlyUs: 700_000 }]) {
      expect(bytesOf(soundOf(scene, 2.5, {}, manner)).equals(sound), JSON.stringify(manner)).toBe(true);
    }
  });

  it('is something else with another seed', () => {
    expect(bytesOf(soundOf(scene, 2.5, { seed: 2 })).equals(bytesOf(soundOf(scene, 2.5)))).toBe(false);
  });

  it('is the same of metadata that has been JSON', () => {
    const pictures = picturesWith(scene, 2.5);
    const again = JSON.parse(JSON.stringify(pictures)) as readonly HeardPicture[];
    const [one, other] = [pictures, again].map((all) => played(trackOf([foleyMaker()]), all, 2_500_000));
    expect(bytesOf(one as Stereo).equals(bytesOf(other as Stereo))).toBe(true);
  });
});

describe('hits that follow one another too fast', () => {
  const hits = (gapUs: number, changes: Parameters<typeof impact>[1] = {}) =>
    eventsOf(
      Array.from({ length: 20 }, (_, i) => impact(SECOND_US / 2 + i * gapUs, changes)),
      6,
    );

  it('are thinned, so that nothing is hit more often than every 60 ms', () => {
    const times = hits(20_000).map(({ ptsUs }) => ptsUs);
    expect(times.length).toBe(7);
    for (let i = 1; i < times.length; i++)
      expect((times[i] as number) - (times[i - 1] as number)).toBeGreaterThanOrEqual(60_000);
  });

  it('grow softer below 90 ms', () => {
    const levels = hits(80_000).map(loudnessOf);
    expect(levels).toHaveLength(20);
    const slow = hits(200_000).map(loudnessOf);
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
    expect(mean(levels.slice(5))).toBeLessThan(mean(slow.slice(5)) - 9);
  });

  it('are all heard, as they are, where hands could do that', () => {
    const levels = hits(120_000).map(loudnessOf);
    expect(levels).toHaveLength(20);
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(8);
  });

  it('are never all as loud as one another', () => {
    const levels = hits(200_000).map(loudnessOf);
    expect(new Set(levels.map((level) => level.toFixed(1))).size).toBeGreaterThan(8);
  });

  it('leave an accent, and what is hit elsewhere', () => {
    const first = impact(SECOND_US / 2, { energy: 0.3 });
    expect(eventsOf([first, impact(530_000, { energy: 0.9 })], 1)).toHaveLength(2);
    expect(eventsOf([first, impact(530_000, { energy: 0.3 })], 1)).toHaveLength(1);
    expect(eventsOf([first, impact(530_000, { energy: 0.3, pan: 0.8 })], 1)).toHaveLength(2);
  });
});

describe('places', () => {
  it('are heard as loud as they are, beside the ambience that is wished for', () => {
    const level = (share: number, ambience: number | 'off'): number =>
      levelOf(soundOf([bed(0, 'rain', share)], 2, { ambience }), SECOND_US, 2 * SECOND_US - 400_000);
    const usual = level(1, 0);
    expect(level(0.5, 0) / usual).toBeCloseTo(0.5, 3);
    expect(level(1, -18) / usual).toBeCloseTo(10 ** (-18 / 20), 3);
    expect(level(1, 'off')).toBe(0);
    expect(level(0.01, 0)).toBe(0);
  });

  it('are wide: left and right are two of them', () => {
    const { left, right } = soundOf([bed(0, 'fire', 1)], 2);
    const product = left.reduce((sum, x, i) => sum + x * (right[i] as number), 0);
    const powers = [left, right].map((channel) => channel.reduce((sum, x) => sum + x * x, 0)) as [number, number];
    expect(Math.abs(product) / Math.sqrt(powers[0] * powers[1])).toBeLessThan(0.2);
  });

  it('change at the cut, quickly, though they are recognised after it', () => {
    const sound = soundOf([bed(0, 'rain', 1), cut(2 * SECOND_US), bed(2_300_000, 'rain', 0)], 4);
    expect(levelOf(sound, 1_700_000, 1_990_000)).toBeGreaterThan(0.02);
    expect(levelOf(sound, 2_130_000, 4 * SECOND_US)).toBe(0);
  });

  it('fade slowly while a shot goes on', () => {
    const sound = soundOf([bed(0, 'rain', 1), bed(2 * SECOND_US, 'rain', 0)], 4);
    expect(levelOf(sound, 2_300_000, 2_500_000)).toBeGreaterThan(0.01);
    expect(levelOf(sound, 3_300_000, 4 * SECOND_US)).toBe(0);
  });

  it('stay as loud together while one takes the place of another', () => {
    const sound = soundOf([bed(0, 'rain', 1), bed(2 * SECOND_US, 'rain', 0), bed(2 * SECOND_US, 'wind', 1)], 5);
    const levels = Array.from({ length: 12 }, (_, i) =>
      levelOf(sound, (1.5 + i / 5) * SECOND_US, (1.7 + i / 5) * SECOND_US),
    );
    expect(Math.min(...levels)).toBeGreaterThan(0.4 * Math.max(...levels));
  });

  it('fade out at the end', () => {
    const { left } = soundOf([bed(0, 'rain', 1)], 2);
    expect(Math.abs(left.at(-1) as number)).toBeLessThan(1e-3);
  });

  it('of live streams change where they are recognised', () => {
    const sound = soundOf([bed(0, 'rain', 1), cut(2 * SECOND_US), bed(2_300_000, 'rain', 0)], 4, { pace: 'live' });
    expect(levelOf(sound, 2_130_000, 2_290_000)).toBeGreaterThan(0.02);
    expect(levelOf(sound, 2_450_000, 4 * SECOND_US)).toBe(0);
  });
});

describe('hostile metadata', () => {
  const good = impact(SECOND_US / 2);
  const spoilt = <Cue extends SoundCue>(cue: Cue, key: keyof Cue, value: unknown): unknown => ({
    ...cue,
    [key]: value,
  });

  it.each([
    ['a time that is none', spoilt(good, 'atUs', null)],
    ['a time far away', spoilt(good, 'atUs', 1e15)],
    ['an unknown action', spoilt(good, 'action', 'explode')],
    ['an unknown material', spoilt(good, 'material', '__proto__')],
    ['an energy beyond its range', spoilt(good, 'energy', 7)],
    ['an energy that is none', spoilt(good, 'energy', Number.NaN)],
    ['no pan', spoilt(good, 'pan', undefined)],
    ['too few features', spoilt(good, 'features', [1, 2])],
    ['an unknown kind', spoilt(good, 'kind', 'bang')],
    ['an unknown bed', spoilt(bed(SECOND_US / 2, 'rain', 1), 'bed', 'constructor')],
    ['a level that is none', spoilt(bed(SECOND_US / 2, 'rain', 1), 'level', '1')],
    ['a room that is none', spoilt(cut(SECOND_US / 2), 'room', null)],
    ['nothing', null],
  ])('is passed over: %s', (_, sound) => {
    const pictures = [{ ptsUs: SECOND_US / 2, meta: { sounds: [sound] } }];
    const silent = played(trackOf([foleyMaker()]), pictures, SECOND_US);
    expect(firstSoundFrom(silent, 0)).toBe(-1);
    const beside = [{ ptsUs: SECOND_US / 2, meta: { sounds: [sound, good] } }];
    expect(firstSoundFrom(played(trackOf([foleyMaker()]), beside, SECOND_US), 0)).toBe(24_000);
  });

  it('never breaks, clips or blows up', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.double({ min: 0, max: 1 }), fc.constant(null));
    const word = fc.oneof(
      fc.constantFrom(...actions, ...materials, ...bedKinds, 'large', 'impact', 'bed'),
      fc.string(),
    );
    const cue = fc.record(
      {
        kind: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom('impact', 'bed', 'cut') },
          { weight: 1, arbitrary: fc.anything() },
        ),
        atUs: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 700_000 }) }, number),
        action: fc.oneof(fc.constantFrom(...actions), word),
        material: fc.oneof(fc.constantFrom(...materials), word),
        energy: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), number),
        pan: fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), number),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        materialScore: fc.oneof(fc.double({ min: 0.7, max: 1, noNaN: true }), number),
        features: fc.oneof(fc.constant([]), fc.array(number, { maxLength: 50 })),
        bed: fc.oneof(fc.constantFrom(...bedKinds), word),
        level: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), number),
        room: fc.oneof(fc.constantFrom('none', 'small', 'large'), word),
      },
      { requiredKeys: ['kind', 'atUs', 'features', 'score', 'materialScore'] },
    );
    const sounds = fc.oneof(
      { weight: 6, arbitrary: fc.array(cue, { maxLength: 12 }) },
      { weight: 1, arbitrary: fc.anything() },
    );
    fc.assert(
      fc.property(fc.array(sounds, { maxLength: 8 }), fc.boolean(), (all, isLive) => {
        const pictures = all.map((one, i) => ({ ptsUs: i * 40_000, meta: { sounds: one } }));
        const maker = foleyMaker({ ambience: 12, pace: isLive ? 'live' : 'file' });
        const sound = played(trackOf([maker], { loudness: { kind: 'fixed', gainDb: 18 } }), pictures, 600_000, {
          stepUs: 90_000,
        });
        expect(sound.left.every(Number.isFinite) && sound.right.every(Number.isFinite)).toBe(true);
        expect(peakOf(sound)).toBeLessThan(10 ** (-1 / 20));
      }),
      { numRuns: 12 },
    );
  });
});
