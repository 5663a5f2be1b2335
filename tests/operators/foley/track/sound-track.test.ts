import { describe, expect, it } from 'vitest';
import type { BedSound } from '../../../../operators/foley/mix/bed-mixer.js';
import type { HeardPicture, SoundDesk, SoundMaker } from '../../../../operators/foley/track/sound-operator.js';
import { combineWishes, soundNodes } from '../../../../operators/foley/track/sound-track.js';
import { createGraph } from '../../../../pipeline/graph/graph.js';
import { testOperator } from '../../../helpers/operators.js';
import { bytesOf, noise, peakOf, sine } from '../mix/sounds.js';
import { firstSoundFrom, framesOf, levelOf, PICTURE_US, picturesWith, played, SECOND_US, trackOf } from './playing.js';

const END_US = 3 * SECOND_US;
const none = picturesWith([], 3);

/** Notes what it hears, and may put something on the desk. */
function listener(lookAheadUs?: number, onHear: (picture: HeardPicture, desk: SoundDesk) => void = () => undefined) {
  const heardUs: number[] = [];
  const ends: number[] = [];
  const maker: SoundMaker = {
    ...(lookAheadUs === undefined ? {} : { lookAheadUs }),
    hear: (picture, desk) => {
      heardUs.push(picture.ptsUs);
      onHear(picture, desk);
    },
    end: (ptsUs) => void ends.push(ptsUs),
  };
  return { maker, heardUs, ends };
}

const loud: BedSound = {
  render: ({ left, right }) => {
    left.fill(0.1);
    right.fill(0.1);
  },
};

/** Hums from the first picture on. */
const hum = (): SoundMaker =>
  listener(0, ({ ptsUs }, desk) => {
    if (ptsUs === 0) desk.bed('hum', () => loud, { ptsUs, gainDb: 0, fadeMs: 0 });
  }).maker;

describe('a SoundTrack', () => {
  it('gives every sample from its beginning to the end, at its time', () => {
    const track = trackOf([], { startUs: 1_234_567 });
    const samples = [...track.audioUntil(2_000_000), ...track.end(3_000_000)];
    let next = Math.round(1_234_567 * 0.048);
    for (const { frame } of samples) {
      expect(Math.round(frame.ptsUs * 0.048)).toBe(next);
      next += frame.samples;
      frame.close();
    }
    expect(next).toBe(3 * 48_000);
  });

  it('tells makers of pictures as late as they let it, whatever was heard already', () => {
    const { maker, heardUs } = listener(500_000);
    const track = trackOf([maker]);
    for (const picture of none) track.hear(picture);
    for (const { frame } of track.audioUntil(SECOND_US)) frame.close();
    expect(heardUs.at(-1)).toBeLessThanOrEqual(SECOND_US + track.lookAheadUs);
    expect(heardUs.at(-1)).toBeGreaterThan(SECOND_US + 500_000 - 2 * PICTURE_US);
  });

  it('wants to know as much as the maker that wants to know most', () => {
    const mixers = trackOf([]).lookAheadUs;
    expect(mixers).toBeLessThanOrEqual(2000);
    expect(trackOf([listener().maker, listener(70_000).maker, listener(500).maker]).lookAheadUs).toBe(mixers + 70_000);
  });

  it('tells makers of the end once, after the last picture, as early as they look ahead', () => {
    const { maker, heardUs, ends } = listener(SECOND_US);
    const track = trackOf([maker]);
    for (const picture of none) track.hear(picture);
    track.picturesEnd(END_US);
    for (const { frame } of track.audioUntil(1_900_000)) frame.close();
    expect(ends).toEqual([]);
    for (const { frame } of track.audioUntil(2_100_000)) frame.close();
    expect([ends, heardUs.length]).toEqual([[END_US], none.length]);
    for (const { frame } of track.end(END_US + SECOND_US)) frame.close();
    expect(ends).toEqual([END_US]);
  });

  it('lets beds and rooms that come late change from now on, without a click', () => {
    const { maker } = listener(0, ({ ptsUs }, desk) => {
      if (ptsUs === SECOND_US) desk.bed('hum', () => loud, { ptsUs: 500_000, gainDb: 0, fadeMs: 300 });
    });
    const { left } = played(trackOf([maker]), none, END_US);
    let most = 0;
    for (let i = 1; i < left.length; i++)
      most = Math.max(most, Math.abs((left[i] as number) - (left[i - 1] as number)));
    expect(most).toBeLessThan(0.005);
    expect(left.at(-1)).toBeCloseTo(0.1, 5);
  });

  it('plays alone where there is no track', () => {
    const sound = played(trackOf([hum()], { wish: { when: 'silent', mix: 'keep' } }), none, END_US);
    expect(levelOf(sound, 0.1 * SECOND_US, END_US)).toBeCloseTo(0.1, 3);
  });

  describe('beside sound that is there', () => {
    const own = sine(3, 440, -12);
    const play = (when: 'silent' | 'always' | 'replace' | 'never', mix: 'keep' | 'duck' | 'replace') => {
      const track = trackOf([hum()], { wish: { when, mix }, hasTrack: true });
      return { sound: played(track, none, END_US, { existing: framesOf(own) }), track };
    };

    it('keeps it', () => {
      const { sound, track } = play('always', 'keep');
      for (const i of [30_000, 100_000]) expect(sound.left[i]).toBeCloseTo((own.left[i] as number) + 0.1, 4);
      expect(track.figures.wasMadeSoundHeard).toBe(true);
    });

    it('ducks it', () => {
      const { sound } = play('always', 'duck');
      const beside = sound.left.map((x) => x - 0.1);
      expect(levelOf({ left: beside, right: beside }, SECOND_US, END_US)).toBeLessThan(
        0.5 * levelOf(own, SECOND_US, END_US),
      );
    });

    it.each([
      ['replace', 'keep'],
      ['always', 'replace'],
    ] as const)('leaves it out with when: %s and mix: %s', (when, mix) => {
      const { sound } = play(when, mix);
      expect(sound.left[100_000]).toBeCloseTo(0.1, 5);
    });

    it('makes way for it with when: silent', () => {
      const { sound, track } = play('silent', 'keep');
      for (const i of [30_000, 100_000]) expect(sound.left[i]).toBeCloseTo(own.left[i] as number, 4);
      expect(track.figures.wasMadeSoundHeard).toBe(false);
    });

    it('takes the place of a silent track that is known to be one from the beginning', () => {
      const silent = framesOf({ left: new Float32Array(144_000), right: new Float32Array(144_000) });
      const track = trackOf([hum()], { wish: { when: 'silent', mix: 'keep' }, hasTrack: true, known: 'silent' });
      expect(levelOf(played(track, none, END_US, { existing: silent }), 0.1 * SECOND_US, END_US)).toBeCloseTo(0.1, 3);
    });

    it('lets it pass bit by bit with when: never', () => {
      const quiet = { left: noise(48_000, 1, 0.4), right: noise(48_000, 2, 0.4) };
      const track = trackOf([hum()], { wish: { when: 'never', mix: 'replace' }, hasTrack: true });
      const sound = played(track, none, SECOND_US, { existing: framesOf(quiet) });
      expect(bytesOf(sound).equals(bytesOf(quiet))).toBe(true);
    });

    it('stays below −1 dBTP however loud all of it is', () => {
      const track = trackOf([hum()], {
        wish: { when: 'always', mix: 'keep' },
        hasTrack: true,
        loudness: { kind: 'fixed', gainDb: 18 },
      });
      const sound = played(track, none, END_US, { existing: framesOf(sine(3, 997, 6)) });
      expect(peakOf(sound)).toBeLessThan(10 ** (-1 / 20));
      expect(firstSoundFrom(sound, 0)).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('wishes', () => {
  const wish = (when: 'silent' | 'always' | 'replace' | 'never', mix: 'keep' | 'duck' | 'replace' = 'keep') => ({
    when,
    mix,
  });

  it.each([
    [[], undefined],
    [[wish('never', 'replace')], undefined],
    [[wish('silent')], wish('silent')],
    [[wish('silent'), wish('always', 'duck')], wish('always', 'duck')],
    [[wish('replace'), wish('silent', 'duck')], wish('replace', 'duck')],
    [[wish('never', 'replace'), wish('silent')], wish('silent')],
    [[wish('silent', 'replace'), wish('always', 'duck')], wish('always', 'replace')],
  ])('%j become %j', (wishes, combined) => expect(combineWishes(wishes)).toEqual(combined));

  it('are those of nodes of which sound can be made', () => {
    const sound = { wish: () => wish('silent'), hears: [], make: async () => listener().maker };
    const sounding = { ...testOperator('sounding'), sound };
    const graph = createGraph({ nodes: { plain: { use: testOperator('plain') }, noise: { use: sounding } } });
    expect(soundNodes(graph).map(({ node, operator }) => [node, operator.name])).toEqual([['noise', 'sounding']]);
  });
});
