import { describe, expect, it } from 'vitest';
import { Fourier } from '../../../cli/sounds/fourier.js';
import { FLOOR_DB, heightOf, spectrogramOf } from '../../../cli/sounds/spectrogram.js';

describe('the Fourier transform', () => {
  it('is what its definition says', () => {
    const values = Array.from({ length: 16 }, (_, i) => [Math.sin(i * i), Math.cos(3 * i)] as const);
    const [real, imaginary] = [Float64Array.from(values, ([re]) => re), Float64Array.from(values, ([, im]) => im)];
    new Fourier(16).run(real, imaginary);
    for (let k = 0; k < 16; k++) {
      let [re, im] = [0, 0];
      for (const [n, [a, b]] of values.entries()) {
        const angle = (-2 * Math.PI * k * n) / 16;
        re += a * Math.cos(angle) - b * Math.sin(angle);
        im += a * Math.sin(angle) + b * Math.cos(angle);
      }
      expect(real[k]).toBeCloseTo(re, 9);
      expect(imaginary[k]).toBeCloseTo(im, 9);
    }
  });
});

describe('a spectrogram', () => {
  const options = { sampleRate: 48_000, seconds: 1, columns: 50, rows: 120 };

  it('has a sine of full scale at 0 dB, in the row of its frequency, for as long as it lasts', () => {
    const tone = Float32Array.from({ length: 24_000 }, (_, i) => Math.sin((2 * Math.PI * 1500 * i) / 48_000));
    const { levels, rows, columns } = spectrogramOf(tone, options);
    const column = (at: number) => Array.from({ length: rows }, (_, row) => levels[row * columns + at] as number);
    const early = column(10);
    expect(Math.max(...early)).toBeCloseTo(0, 1);
    expect(early.indexOf(Math.max(...early))).toBe(Math.floor((1 - heightOf(1500)) * rows));
    expect(Math.max(...column(40))).toBe(FLOOR_DB);
  });

  it('shows silence and nothing at all alike', () => {
    for (const samples of [new Float32Array(0), new Float32Array(48_000)]) {
      expect(spectrogramOf(samples, options).levels.every((level) => level === FLOOR_DB)).toBe(true);
    }
  });
});
