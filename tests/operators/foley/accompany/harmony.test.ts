import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chord, chordOf, scaleOver } from '../../../../operators/foley/accompany/chord.js';
import {
  type Key,
  keyName,
  nearTonics,
  parseKey,
  pitchClass,
  scaleOf,
  stepOnScale,
  stepsBetween,
} from '../../../../operators/foley/accompany/pitch.js';
import { type BarRole, barChords, phraseRoles, turnInto } from '../../../../operators/foley/accompany/progression.js';
import { SeededRandom } from '../../../../operators/foley/accompany/seeded-random.js';
import {
  areParallel,
  breaksLeading,
  leadVoices,
  VOICE_RANGES,
  type Voicing,
} from '../../../../operators/foley/accompany/voice-leading.js';

const keys = fc.record({
  tonic: fc.integer({ min: 0, max: 11 }),
  mode: fc.constantFrom('major' as const, 'minor' as const),
});
const seeds = fc.integer({ min: 0, max: 1_000_000 });

function progression(key: Key, seed: number, busy: number): readonly { role: BarRole; chords: readonly Chord[] }[] {
  const random = new SeededRandom(seed);
  let before: Chord | undefined;
  return [...phraseRoles(4, 'half'), ...phraseRoles(4, 'authentic'), ...phraseRoles(8, 'authentic')].map((role) => {
    const chords = barChords(role, key, before, busy, random);
    before = chords.at(-1);
    return { role, chords };
  });
}

describe('keys', () => {
  it.each([
    ['C', { tonic: 0 }],
    ['F# minor', { tonic: 6, mode: 'minor' }],
    ['Bb major', { tonic: 10, mode: 'major' }],
    ['Cb', { tonic: 11 }],
    ['auto', {}],
  ])('reads %s', (text, wanted) => {
    expect(parseKey(text)).toEqual(wanted);
  });

  it('refuses other names', () => {
    for (const text of ['H', 'c', 'C dur', '']) {
      expect(() => parseKey(text)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    }
  });

  it('is named as musicians do', () => {
    expect(keyName({ tonic: 10, mode: 'minor' })).toBe('Bb minor');
  });

  it('goes only to keys that share most of their tones', () => {
    fc.assert(
      fc.property(keys, (key) => {
        for (const [tonic] of nearTonics(key)) {
          const shared = (['major', 'minor'] as const).map(
            (mode) => scaleOf({ tonic, mode }).filter((tone) => scaleOf(key).includes(tone)).length,
          );
          expect(Math.max(...shared)).toBeGreaterThanOrEqual(6);
        }
      }),
    );
  });

  it('counts steps of the scale there and back', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: -12, max: 12 }), (key, steps) => {
        const from = 60 + key.tonic;
        expect(stepsBetween(from, stepOnScale(from, steps, scaleOf(key)), scaleOf(key)) + 0).toBe(steps + 0);
      }),
    );
  });
});

describe('progressions', () => {
  it('begin on the tonic and end with dominant and tonic', () => {
    fc.assert(
      fc.property(keys, seeds, (key, seed) => {
        const bars = progression(key, seed, 0.5);
        for (const [i, { role, chords }] of bars.entries()) {
          if (role === 'opening' || role === 'resolution') expect(chords.map(({ symbol }) => symbol)).toEqual(['I']);
          if (role === 'half') expect(chords.at(-1)?.symbol).toBe('V');
          if (role === 'resolution') expect(bars[i - 1]?.chords.at(-1)?.symbol).toBe('V7');
        }
      }),
    );
  });

  it('let the dominant of a chord be followed by that chord', () => {
    fc.assert(
      fc.property(keys, seeds, (key, seed) => {
        const chords = progression(key, seed, 0.8).flatMap((bar) => bar.chords);
        for (const [i, { symbol }] of chords.entries()) {
          const goal = symbol.split('/')[1];
          const next = chords[i + 1];
          // A new phrase begins on the tonic, whatever was before.
          if (goal !== undefined && next?.symbol !== 'I') expect(next?.symbol.replace('7', '')).toBe(goal);
        }
      }),
    );
  });

  it('give melodies seven tones over each chord, the chord’s among them', () => {
    fc.assert(
      fc.property(keys, seeds, (key, seed) => {
        for (const chord of progression(key, seed, 1).flatMap((bar) => bar.chords)) {
          const scale = scaleOver(key, chord);
          expect(scale).toHaveLength(7);
          for (const tone of chord.tones) expect(scale).toContain(tone);
        }
      }),
    );
  });

  it('turn into another key by its dominant', () => {
    const random = new SeededRandom(1);
    expect(turnInto({ tonic: 7, mode: 'major' }, 4, random).at(-1)).toEqual(chordOf({ tonic: 7, mode: 'minor' }, 'V7'));
    expect(turnInto({ tonic: 7, mode: 'major' }, 2, random)).toHaveLength(1);
  });
});

describe('voice leading', () => {
  it('keeps voices in their ranges and order, with root and third in each chord', () => {
    everyStep((_, __, chord, voicing) => {
      for (const [voice, tone] of voicing.entries()) {
        const [least, most] = VOICE_RANGES[voice] as readonly [number, number];
        expect(tone).toBeGreaterThanOrEqual(least);
        expect(tone).toBeLessThanOrEqual(most);
      }
      expect([...voicing].sort((a, b) => a - b)).toEqual([...voicing]);
      const classes = voicing.map(pitchClass);
      expect(classes).toEqual(expect.arrayContaining([chord.tones[0], chord.tones[1]]));
      for (const tone of classes) expect(chord.tones).toContain(tone);
    });
  });

  it('has no parallel fifths or octaves between bass and soprano', () => {
    everyStep((before, _, __, now) => {
      if (before !== undefined) expect(areParallel(before[0], before[3], now[0], now[3])).toBe(false);
    });
  });

  it('lets leading tones of the outer voices rise', () => {
    everyStep((before, chordBefore, chord, now) => {
      if (before === undefined || chordBefore === undefined) return;
      for (const voice of [0, 3] as const) {
        expect(breaksLeading(before[voice], now[voice] - before[voice], chordBefore, chord)).toBe(false);
      }
    });
  });

  it('knows parallels when it sees them', () => {
    expect(areParallel(48, 55, 50, 57)).toBe(true);
    expect(areParallel(48, 72, 53, 77)).toBe(true);
    expect(areParallel(48, 55, 48, 55)).toBe(false);
    expect(areParallel(48, 64, 50, 65)).toBe(false);
  });
});

type Step = (before: Voicing | undefined, chordBefore: Chord | undefined, chord: Chord, now: Voicing) => void;

function everyStep(check: Step): void {
  fc.assert(
    fc.property(keys, seeds, fc.integer({ min: 62, max: 81 }), (key, seed, soprano) => {
      let before: Voicing | undefined;
      let chordBefore: Chord | undefined;
      for (const { role, chords } of progression(key, seed, 0.5)) {
        for (const chord of chords) {
          const now = leadVoices(chord, { soprano, rootInBass: role !== 'free' }, before, chordBefore);
          check(before, chordBefore, chord, now);
          before = now;
          chordBefore = chord;
        }
      }
    }),
    { numRuns: 25 },
  );
}
