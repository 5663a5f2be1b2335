import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accompanyDefinition, accompanyOperatorOptions } from '../../../../operators/foley/accompany/accompany.js';
import type { Stereo } from '../../../../operators/foley/mix/stereo.js';
import type { HeardPicture, SoundMaker } from '../../../../operators/foley/track/sound-operator.js';
import { bytesOf, peakOf } from '../mix/sounds.js';
import {
  firstSoundFrom,
  foleyMaker,
  impact,
  levelOf,
  type Manner,
  played,
  SECOND_US,
  trackOf,
} from '../track/playing.js';
import { silentFilm } from './silent-film.js';

const SECONDS = 12;
const END_US = SECONDS * SECOND_US;

function film(seconds = SECONDS, startUs = 0): readonly HeardPicture[] {
  return [...silentFilm({ seconds, shots: [3, 5], startUs })].map(({ ptsUs, ...music }) => ({
    ptsUs,
    meta: { music },
  }));
}

const musician = (options: object = {}, pace?: 'file' | 'live'): Promise<SoundMaker> =>
  accompanyDefinition.sound.make(accompanyOperatorOptions.parse(options), 0, pace);

async function musicOf(options: object = {}, manner: Manner = {}): Promise<Stereo> {
  return played(trackOf([await musician(options)]), film(), END_US, manner);
}

describe('the music of a film', () => {
  it('is the same bit by bit, however it is asked for', async () => {
    const sound = bytesOf(await musicOf());
    expect(bytesOf(await musicOf({}, { stepUs: 70_007 })).equals(sound)).toBe(true);
    expect(bytesOf(await musicOf({}, { stepUs: 3 * SECOND_US, earlyUs: 900_000 })).equals(sound)).toBe(true);
  }, 60_000);

  it('is another piece with another seed', async () => {
    expect(bytesOf(await musicOf({ seed: 2 })).equals(bytesOf(await musicOf()))).toBe(false);
  }, 60_000);

  it('begins with the first picture', async () => {
    const late = film(4, 3 * SECOND_US);
    const sound = played(trackOf([await musician()]), late, 7 * SECOND_US);
    const first = firstSoundFrom(sound, 0);
    expect(first).toBeGreaterThan(2.9 * 48_000);
    expect(first).toBeLessThan(3.2 * 48_000);
  }, 60_000);

  it('comes to its end with the last picture: a chord that is held and dies away', async () => {
    const sound = await musicOf({ instrument: 'organ' });
    expect(levelOf(sound, END_US - 1_500_000, END_US - SECOND_US)).toBeGreaterThan(0.01);
    expect(Math.abs(sound.left.at(-1) as number)).toBeLessThan(1e-4);
    // The end is known in time: nothing is struck after the last chord, which begins one to two and a half seconds before it.
    const last = Math.max(...onsets(await musicOf())) * 1000;
    expect(last).toBeLessThan(END_US - 900_000);
    expect(last).toBeGreaterThan(END_US - 3 * SECOND_US);
  }, 60_000);

  it('is as loud as asked, and is heard beside other sounds', async () => {
    const [usual, soft] = [await musicOf(), await musicOf({ level: -12 })];
    expect(levelOf(soft, SECOND_US, END_US) / levelOf(usual, SECOND_US, END_US)).toBeCloseTo(10 ** (-12 / 20), 2);
    const pictures = film().map(({ ptsUs, meta }) => {
      return { ptsUs, meta: { ...meta, sounds: ptsUs === SECOND_US ? [impact(ptsUs, { energy: 1 })] : [] } };
    });
    const both = played(trackOf([await musician({ level: -12 }), foleyMaker()]), pictures, END_US);
    expect(levelOf(both, SECOND_US, 1_100_000)).toBeGreaterThan(2 * levelOf(soft, SECOND_US, 1_100_000));
    expect(levelOf(both, 5 * SECOND_US, 6 * SECOND_US)).toBeCloseTo(levelOf(soft, 5 * SECOND_US, 6 * SECOND_US), 6);
  }, 90_000);

  it('of a live stream asks for nothing ahead, and begins where sound has not left yet', async () => {
    const maker = await musician({}, 'live');
    const track = trackOf([maker]);
    expect(track.lookAheadUs).toBe(trackOf([]).lookAheadUs);
    const sound = played(track, film(5), 5 * SECOND_US, { stepUs: 40_000 });
    expect(levelOf(sound, SECOND_US, 4 * SECOND_US)).toBeGreaterThan(0.01);
  }, 60_000);

  it('passes over facts that are none', async () => {
    const hostile = fc.oneof(
      fc.anything(),
      fc.record({
        cut: fc.oneof(fc.boolean(), fc.anything()),
        motion: fc.oneof(fc.double(), fc.constant(null)),
        brightness: fc.oneof(fc.double(), fc.string()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 20 }), async (all) => {
        const pictures = all.map((music, i) => ({ ptsUs: i * 40_000, meta: { music } }));
        const track = trackOf([await musician()], { loudness: { kind: 'fixed', gainDb: 18 } });
        const sound = played(track, pictures, 500_000);
        expect(sound.left.every(Number.isFinite) && sound.right.every(Number.isFinite)).toBe(true);
        expect(peakOf(sound)).toBeLessThan(10 ** (-1 / 20));
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});

/** Times of attacks, ms: where 10 ms are much louder than the 30 ms before. */
function onsets({ left }: Stereo): readonly number[] {
  const levels: number[] = [];
  for (let at = 0; at + 480 <= left.length; at += 480) {
    levels.push(Math.sqrt(left.subarray(at, at + 480).reduce((sum, x) => sum + x * x, 0) / 480));
  }
  return levels.flatMap((level, i) => {
    const before = Math.max(levels[i - 1] ?? 0, levels[i - 2] ?? 0, levels[i - 3] ?? 0);
    return level > 0.004 && level > 1.5 * before ? [10 * i] : [];
  });
}
