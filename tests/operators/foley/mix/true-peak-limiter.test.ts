import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Stereo, stereo } from '../../../../operators/foley/mix/stereo.js';
import { LIMITER_LATENCY, TruePeakLimiter } from '../../../../operators/foley/mix/true-peak-limiter.js';
import { TruePeakMeter } from '../../../../operators/foley/mix/true-peak-meter.js';
import { workspace } from '../../../helpers/workspace.js';
import { ebur128 } from './ebur128.js';
import { bytesOf, inBlocks, joined, noise, sine } from './sounds.js';

/** What comes out of it, latency taken away. The sound is left as it is. */
function limited(sound: Stereo, sizes: readonly number[] = [1024]): Stereo {
  const limiter = new TruePeakLimiter();
  const all = joined(sound, stereo(LIMITER_LATENCY));
  for (const block of inBlocks(all, sizes)) limiter.process(block);
  return { left: all.left.subarray(LIMITER_LATENCY), right: all.right.subarray(LIMITER_LATENCY) };
}

function truePeakOf(sound: Stereo): number {
  const meter = new TruePeakMeter();
  meter.push(sound);
  return meter.dbtp;
}

/** Pieces of sound that limiters are tried with. */
type Piece =
  | { readonly kind: 'noise'; readonly samples: number; readonly peak: number; readonly seed: number }
  | { readonly kind: 'square'; readonly half: number; readonly peak: number }
  | { readonly kind: 'click'; readonly at: number; readonly peak: number }
  | { readonly kind: 'tone'; readonly hertz: number; readonly dbfs: number; readonly phase: number }
  | { readonly kind: 'silence'; readonly samples: number };

const peak = fc.double({ min: 0.01, max: 60, noNaN: true });
const piece = fc.oneof<fc.Arbitrary<Piece>[]>(
  fc.record({ kind: fc.constant('noise'), samples: fc.integer({ min: 1, max: 3000 }), peak, seed: fc.nat() }),
  fc.record({ kind: fc.constant('square'), half: fc.integer({ min: 1, max: 400 }), peak }),
  fc.record({ kind: fc.constant('click'), at: fc.nat(999), peak }),
  fc.record({
    kind: fc.constant('tone'),
    hertz: fc.integer({ min: 20, max: 23_000 }),
    dbfs: fc.integer({ min: -20, max: 30 }),
    phase: fc.double({ min: 0, max: 6, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('silence'), samples: fc.integer({ min: 1, max: 2000 }) }),
);
const programme = fc.array(piece, { minLength: 1, maxLength: 6 });

function soundOf(pieces: readonly Piece[]): Stereo {
  return joined(...pieces.map(soundOfPiece));
}

function soundOfPiece(piece: Piece): Stereo {
  if (piece.kind === 'tone') return sine(0.06, piece.hertz, piece.dbfs, piece.phase);
  if (piece.kind === 'silence') return stereo(piece.samples);
  const { peak } = piece;
  if (piece.kind === 'noise') {
    const { samples, seed } = piece;
    return { left: noise(samples, seed, peak), right: noise(samples, seed + 1, peak) };
  }
  const sound = stereo(piece.kind === 'click' ? 1000 : 3000);
  if (piece.kind === 'click') sound.left[piece.at] = peak;
  else for (let i = 0; i < 3000; i++) sound.left[i] = Math.floor(i / piece.half) % 2 === 0 ? peak : -peak;
  return sound;
}

describe('TruePeakMeter', () => {
  it('reads the tones of EBU Tech 3341 within +0.2 and −0.4 dB', () => {
    // Numbers 15 to 18: peaks between samples are √2 and 2/√3 higher than those at samples.
    const readings = [
      [sine(1, 12_000, -6.02, 0), -6.02],
      [sine(1, 12_000, -6.02, Math.PI / 4), -6.02],
      [sine(1, 8_000, -6.02, Math.PI / 3), -6.02],
      [sine(1, 6_000, -6.02, (67.5 * Math.PI) / 180), -6.02],
      [sine(1, 12_000, 3.01, Math.PI / 4), 3.01],
    ] as const;
    for (const [tone, expected] of readings) {
      // The standard's tones fade in, or their edges would be peaks of their own.
      const faded = (value: number, i: number): number =>
        value * Math.min(1, i / 480, (tone.left.length - 1 - i) / 480);
      const read = truePeakOf({ left: tone.left.map(faded), right: tone.right.map(faded) });
      expect(read - expected).toBeLessThan(0.2);
      expect(read - expected).toBeGreaterThan(-0.4);
    }
  });

  it('reads the same in blocks of any size', () => {
    const sound = joined(sine(0.05, 11_000, -3, 1), sine(0.05, 900, -20));
    for (const sizes of [[1], [5, 700, 12], [13]]) {
      const meter = new TruePeakMeter();
      for (const block of inBlocks(sound, sizes)) meter.push(block);
      expect(meter.dbtp).toBe(truePeakOf(sound));
    }
  });
});

describe('TruePeakLimiter', () => {
  const inFolder = workspace();

  it('keeps any sound under −1 dBTP, by the meter of the standard', () => {
    fc.assert(
      fc.property(programme, (pieces) => {
        expect(truePeakOf(limited(soundOf(pieces)))).toBeLessThanOrEqual(-1);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps any sound under −1 dBTP, by the meter of FFmpeg', () => {
    fc.assert(
      fc.property(programme, (pieces) => {
        expect(ebur128(limited(soundOf(pieces)), inFolder('limited.wav')).truePeak).toBeLessThanOrEqual(-1);
      }),
      { numRuns: 30 },
    );
  });

  it('passes sound bit by bit where nothing is too loud, and loses nothing of the loudness it may have', () => {
    const quiet = sine(0.5, 997, -3);
    expect(bytesOf(limited(quiet))).toEqual(bytesOf(quiet));
    const loud = truePeakOf(limited(sine(0.5, 997, 12)));
    expect(loud).toBeGreaterThan(-1.3);
    expect(loud).toBeLessThanOrEqual(-1);
  });

  it('delays by its latency exactly: a peak that it lowers stays where it is', () => {
    const sound = stereo(4000);
    sound.left[1234] = 5;
    const out = limited(sound);
    expect(out.left.findIndex((value) => value !== 0)).toBe(1234);
    expect(out.left[1234]).toBeGreaterThan(0.8);
  });

  it('gives the same samples for blocks of any size, silence in between included', () => {
    fc.assert(
      fc.property(
        programme,
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 }),
        (pieces, sizes) => {
          const sound = soundOf(pieces);
          const withPause = joined(sound, stereo(9000), sound);
          expect(bytesOf(limited(withPause, sizes)).equals(bytesOf(limited(withPause, [1 << 20])))).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('moves both channels alike', () => {
    const { left } = sine(0.2, 440, 12);
    const out = limited({ left, right: left.map((value) => value / 4) });
    out.left.forEach((value, i) => {
      expect(Math.abs(value / 4 - (out.right[i] as number))).toBeLessThan(1e-6);
    });
  });

  it('makes sound of what is none', () => {
    const sound = stereo(2000);
    sound.left.set([Number.NaN, Number.POSITIVE_INFINITY, 3e38, -3e38, Number.NEGATIVE_INFINITY], 500);
    const out = limited(sound);
    expect(out.left.every(Number.isFinite)).toBe(true);
    expect(truePeakOf(out)).toBeLessThanOrEqual(-1);
  });
});
