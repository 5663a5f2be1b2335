import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accompanyOptions } from '../../../../operators/foley/accompany/accompany-options.js';
import { scaleOver } from '../../../../operators/foley/accompany/chord.js';
import { Composer } from '../../../../operators/foley/accompany/composer.js';
import { MELODY_RANGE } from '../../../../operators/foley/accompany/melody.js';
import { type Mood, moods } from '../../../../operators/foley/accompany/mood.js';
import { LOWEST } from '../../../../operators/foley/accompany/patterns.js';
import { STRAY_US } from '../../../../operators/foley/accompany/performer.js';
import { pitchClass } from '../../../../operators/foley/accompany/pitch.js';
import type { Score, ScoreHarmony } from '../../../../operators/foley/accompany/score.js';
import { areParallel, breaksLeading } from '../../../../operators/foley/accompany/voice-leading.js';
import { type FilmWishes, scoreOf, silentFilm } from './silent-film.js';

const seeds = fc.integer({ min: 0, max: 4_294_967_295 });
const film = (wishes: Partial<FilmWishes> = {}) => silentFilm({ seconds: 60, ...wishes });
const overSeeds = (check: (score: Score) => void, runs = 12) =>
  fc.assert(
    fc.property(seeds, seeds, fc.constantFrom(120, 4000), (seed, of, lookAheadMs) =>
      check(scoreOf(film({ seed: of }), { seed, lookAheadMs })),
    ),
    { numRuns: runs },
  );

describe('composing', () => {
  it('gives the same piece for the same seed, and another one for another', () => {
    expect(scoreOf(film(), { seed: 5 })).toEqual(scoreOf(film(), { seed: 5 }));
    expect(scoreOf(film(), { seed: 5 }).notes).not.toEqual(scoreOf(film(), { seed: 6 }).notes);
  });

  it('does not depend on how often it is asked', () => {
    for (const lookAheadMs of [120, 4000]) {
      const often = scoreOf(film(), { lookAheadMs }, 0);
      expect(scoreOf(film(), { lookAheadMs }, 700_000)).toEqual(often);
      expect(scoreOf(film(), { lookAheadMs }, 5_000_000)).toEqual(often);
    }
  });

  it('does not know more than its look-ahead', () => {
    const composer = new Composer(accompanyOptions.parse({ lookAheadMs: 1000 }));
    const knowing = new Composer(accompanyOptions.parse({ lookAheadMs: 1000 }));
    const facts = [...film({ seconds: 40 })];
    for (const one of facts) knowing.hear(one);
    for (const one of facts) if (one.ptsUs <= 21_000_000) composer.hear(one);
    expect(composer.composeUntil(20_000_000)).toEqual(knowing.composeUntil(20_000_000));
  });

  it('begins with the first picture', () => {
    const { notes } = scoreOf(film({ startUs: 7_000_000 }));
    const first = Math.min(...notes.map(({ startUs }) => startUs));
    expect(Math.abs(first - 7_000_000)).toBeLessThanOrEqual(STRAY_US);
    expect(new Composer(accompanyOptions.parse({})).composeUntil(60_000_000).notes).toEqual([]);
  });

  it('keeps notes within the keyboard, and melody and left hand in their ranges', () => {
    overSeeds(({ notes }) => {
      expect(notes.length).toBeGreaterThan(60);
      for (const { midi, velocity, durationUs, part } of notes) {
        expect(midi).toBeGreaterThanOrEqual(part === 'melody' ? MELODY_RANGE[0] : LOWEST);
        expect(midi).toBeLessThanOrEqual(MELODY_RANGE[1]);
        expect(velocity).toBeGreaterThanOrEqual(1);
        expect(velocity).toBeLessThanOrEqual(127);
        expect(durationUs).toBeGreaterThan(0);
      }
    });
  });

  it('uses only tones of the key, but for what a chord raises', () => {
    overSeeds(({ notes, harmonies }) => {
      for (const { startUs, midi } of notes) {
        const { key, chord } =
          harmonies.findLast((one) => one.startUs <= startUs + STRAY_US + 1000) ?? (harmonies[0] as ScoreHarmony);
        expect(scaleOver(key, chord)).toContain(pitchClass(midi));
      }
    });
  });

  it('has neither parallels between the outer voices nor leading tones that fall', () => {
    overSeeds(({ harmonies }) => {
      for (const [i, { chord, voicing }] of harmonies.slice(1).entries()) {
        const before = harmonies[i] as ScoreHarmony;
        expect(areParallel(before.voicing[0], before.voicing[3], voicing[0], voicing[3])).toBe(false);
        for (const voice of [0, 3] as const) {
          const step = voicing[voice] - before.voicing[voice];
          expect(breaksLeading(before.voicing[voice], step, before.chord, chord)).toBe(false);
        }
      }
    }, 20);
  });

  it('begins sections at cuts, after a dominant, where it knows them ahead', () => {
    const misses: number[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      const { sections, harmonies } = scoreOf(film({ seconds: 90, seed }), { seed });
      for (const { startUs, cutUs, reason } of sections) {
        if (reason !== 'cut') continue;
        misses.push(Math.abs(startUs - (cutUs as number)));
        expect(harmonies.findLast((one) => one.startUs < startUs)?.chord.symbol).toBe('V7');
        expect(harmonies.find((one) => one.startUs === startUs)?.chord.symbol).toBe('I');
      }
    }
    expect(misses.length).toBeGreaterThan(20);
    expect(misses.filter((missUs) => missUs <= 100_000).length).toBeGreaterThan(0.9 * misses.length);
    expect(Math.max(...misses)).toBeLessThanOrEqual(600_000);
  });

  it('follows cuts within a few beats where it learns of them as they come', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const { sections } = scoreOf(film({ seed }), { seed, lookAheadMs: 120 });
      expect(sections.some(({ reason }) => reason === 'cut')).toBe(true);
      for (const { startUs, cutUs = startUs } of sections) expect(Math.abs(startUs - cutUs)).toBeLessThan(4_500_000);
    }
  });

  it('keeps tempo within 40–200, and changes it smoothly', () => {
    overSeeds(({ beats }) => {
      for (const [i, { bpm }] of beats.entries()) {
        expect(bpm).toBeGreaterThanOrEqual(40);
        expect(bpm).toBeLessThanOrEqual(200);
        const before = beats[i - 1]?.bpm ?? bpm;
        expect(Math.max(bpm / before, before / bpm)).toBeLessThan(1.141);
      }
    });
  });

  it('stays near the tempo and in the key that were asked for', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 40, max: 200 }), (seed, tempo) => {
        const { beats, sections } = scoreOf(film({ seconds: 30 }), { seed, tempo, key: 'Eb minor' });
        for (const { bpm } of beats) expect(Math.abs(bpm / tempo - 1)).toBeLessThanOrEqual(0.0801);
        for (const { key } of sections) expect(key).toEqual({ tonic: 3, mode: 'minor' });
      }),
      { numRuns: 8 },
    );
  });

  it('ends with dominant and tonic together with the picture', () => {
    overSeeds(({ harmonies, sections, notes }) => {
      expect(sections.at(-1)?.reason).toBe('end');
      const [dominant, tonic] = harmonies.slice(-2).map(({ chord }) => chord.symbol);
      expect(['V', 'V7']).toContain(dominant);
      expect(tonic).toBe('I');
      const endUs = Math.max(...notes.map(({ startUs, durationUs }) => startUs + durationUs));
      expect(endUs).toBeGreaterThan(58_000_000);
      expect(endUs).toBeLessThan(69_000_000);
    });
  });

  it('is silent where there never was a picture', () => {
    expect(scoreOf([]).notes).toEqual([]);
  });

  it('keeps nothing of what has passed, in a film of two hours', () => {
    const composer = new Composer(accompanyOptions.parse({}));
    const sizes: number[] = [];
    let notes = 0;
    for (const facts of silentFilm({ seconds: 7200 })) {
      composer.hear(facts);
      if (facts.ptsUs % 1_000_000 !== 0) continue;
      const score = composer.composeUntil(facts.ptsUs - 4_000_000);
      sizes.push(score.notes.length);
      notes += score.notes.length;
    }
    expect(notes).toBeGreaterThan(15_000);
    expect(Math.max(...sizes)).toBeLessThan(60);
  });
});

describe('moods', () => {
  const inMood = (mood: Mood) => {
    const scores = [1, 2, 3].map((seed) => scoreOf(film({ motion: 0.5 }), { mood, seed, key: 'auto' }));
    const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0);
    const sections = scores.flatMap((score) => score.sections);
    return {
      notesPerSecond: sum(({ notes }) => notes.length) / 180,
      beats: sum(({ beats }) => beats.length) / 180,
      minor: sections.filter(({ key }) => key.mode === 'minor').length / sections.length,
      velocity: sum(({ notes }) => notes.reduce((total, { velocity }) => total + velocity, 0) / notes.length) / 3,
    };
  };
  const figures = Object.fromEntries(moods.map((mood) => [mood, inMood(mood)])) as Record<
    Mood,
    ReturnType<typeof inMood>
  >;

  it('differ in how many notes there are', () => {
    expect(figures.lively.notesPerSecond).toBeGreaterThan(1.4 * figures.calm.notesPerSecond);
    expect(figures.tense.notesPerSecond).toBeGreaterThan(2 * figures.sad.notesPerSecond);
  });

  it('differ in tempo', () => {
    expect(figures.sad.beats).toBeLessThan(figures.calm.beats);
    expect(figures.calm.beats).toBeLessThan(figures.comic.beats);
    expect(figures.comic.beats).toBeLessThan(figures.lively.beats);
  });

  it('differ in mode', () => {
    expect([figures.sad.minor, figures.tense.minor, figures.lively.minor]).toEqual([1, 1, 0]);
    expect(figures.calm.minor).toBeLessThan(0.4);
  });

  it('come from the picture when they are left to it', () => {
    const moodsOf = (wishes: Partial<FilmWishes>) => new Set(scoreOf(film(wishes)).sections.map(({ mood }) => mood));
    expect(moodsOf({ motion: 0.1, brightness: 0.6 })).toEqual(new Set(['calm']));
    expect(moodsOf({ motion: 0.1, brightness: 0.2 })).toEqual(new Set(['sad']));
    expect(moodsOf({ motion: 0.8, brightness: 0.2 })).toEqual(new Set(['tense']));
    expect(moodsOf({ motion: 0.7, brightness: 0.6 })).toEqual(new Set(['lively']));
  });

  it('play louder when more moves', () => {
    const loudness = (motion: number) => {
      const { notes } = scoreOf(film({ motion }), { mood: 'lively' });
      return notes.reduce((sum, { velocity }) => sum + velocity, 0) / notes.length;
    };
    expect(loudness(0.9)).toBeGreaterThan(loudness(0.1) + 15);
  });
});
