import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Accompanist } from '../../../../operators/foley/accompany/accompanist.js';
import type { AccompanyOptions } from '../../../../operators/foley/accompany/accompany-options.js';
import { moods } from '../../../../operators/foley/accompany/mood.js';
import { silentFilm } from './silent-film.js';

const SECONDS = 8;

/** The sound of a film of eight seconds and five more, asked for in blocks of some length. */
function soundOf(options: AccompanyOptions, blockUs = 400_000, startUs = 0): Float32Array {
  const accompanist = new Accompanist(options);
  for (const facts of silentFilm({ seconds: SECONDS, startUs, shots: [3, 6] })) accompanist.hear(facts);
  accompanist.end();
  const blocks: Float32Array[] = [];
  const untilUs = startUs + (SECONDS + 5) * 1_000_000;
  for (let us = blockUs; us < untilUs + blockUs; us += blockUs)
    blocks.push(accompanist.audioUntil(Math.min(us, untilUs)));
  const sound = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    sound.set(block, at);
    at += block.length;
  }
  return sound;
}

const loudest = (sound: Float32Array): number => sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('Accompanist', () => {
  it('gives the same samples for the same seed, in blocks of any size', () => {
    for (const instrument of ['piano', 'organ'] as const) {
      const sound = soundOf({ instrument });
      expect(sound).toHaveLength(2 * 48_000 * (SECONDS + 5));
      expect(soundOf({ instrument }, 33_367)).toEqual(sound);
      expect(soundOf({ instrument }, 1_700_000)).toEqual(sound);
    }
  });

  it('gives other samples for another seed', () => {
    expect(soundOf({ seed: 1 })).not.toEqual(soundOf({ seed: 2 }));
  });

  it('is silent before the first picture, and after the end', () => {
    const sound = soundOf({}, 400_000, 2_000_000);
    expect(loudest(sound.subarray(0, 2 * 48_000 * 1.98))).toBe(0);
    expect(loudest(sound.subarray(2 * 48_000 * 2, 2 * 48_000 * 3))).toBeGreaterThan(0.01);
    expect(loudest(sound.subarray(-2 * 4800))).toBeLessThan(0.002);
  });

  it('neither clips nor breaks, in any mood', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...moods),
        fc.constantFrom('piano' as const, 'organ' as const),
        fc.integer({ min: 0, max: 1000 }),
        (mood, instrument, seed) => {
          const sound = soundOf({ mood, instrument, seed });
          expect(sound.every(Number.isFinite)).toBe(true);
          expect(loudest(sound)).toBeGreaterThan(0.02);
          expect(loudest(sound)).toBeLessThan(0.96);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('hands the score out once', () => {
    const accompanist = new Accompanist();
    for (const facts of silentFilm({ seconds: 10 })) accompanist.hear(facts);
    accompanist.audioUntil(5_000_000);
    expect(accompanist.score().notes.length).toBeGreaterThan(5);
    expect(accompanist.score().notes).toEqual([]);
  });

  it('gives nothing for a time that has passed', () => {
    const accompanist = new Accompanist({}, 1_000_000);
    expect(accompanist.audioUntil(1_010_000)).toHaveLength(960);
    expect(accompanist.audioUntil(1_005_000)).toHaveLength(0);
    expect(accompanist.audioUntil(1_020_000)).toHaveLength(960);
  });

  it('goes on when pictures stop coming', () => {
    const accompanist = new Accompanist({ lookAheadMs: 120 });
    for (const facts of silentFilm({ seconds: 2 })) accompanist.hear(facts);
    accompanist.audioUntil(10_000_000);
    expect(loudest(accompanist.audioUntil(14_000_000))).toBeGreaterThan(0.01);
  });

  it.each([
    [{ tempo: 30 }],
    [{ mood: 'angry' }],
    [{ key: 'H' }],
    [{ instrument: 'kazoo' }],
    [{ tempo: 90, volume: 3 }],
  ])('refuses %j', (options) => {
    expect(() => new Accompanist(options as AccompanyOptions)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
