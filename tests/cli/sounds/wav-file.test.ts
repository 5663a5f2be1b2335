import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wavFile } from '../../../cli/sounds/wav-file.js';

describe('a WAV file', () => {
  it('holds samples as 24-bit integers, channel after channel', () => {
    const wav = wavFile([Float32Array.of(0, 1, -1), Float32Array.of(0.5, 0, Number.NaN)], 48_000);
    const samples = Array.from({ length: 6 }, (_, i) => wav.readIntLE(44 + 3 * i, 3));
    expect(samples).toEqual([0, 4_194_304, 8_388_607, 0, -8_388_607, 0]);
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect(wav.readUInt32LE(40)).toBe(18);
  });

  it('takes any numbers', () => {
    fc.assert(
      fc.property(fc.float32Array(), (samples) => {
        expect(wavFile([samples], 48_000)).toHaveLength(44 + 3 * samples.length);
      }),
    );
  });
});
