import { describe, expect, it } from 'vitest';
import { frequencyOf, inharmonicity, pianoPartials } from '../../../../operators/foley/accompany/synth/piano-string.js';
import { MOST_VOICES, Synthesizer } from '../../../../operators/foley/accompany/synth/synthesizer.js';
import { QUANTUM } from '../../../../operators/foley/accompany/synth/voice.js';
import { SAMPLE_RATE } from '../../../../operators/foley/sample-rate.js';

const note = (midi: number, velocity = 90, startUs = 0, durationUs = 500_000) =>
  ({ midi, velocity, startUs, durationUs, part: 'melody' }) as const;

/** Left channel of a synthesizer that plays. */
function left(synthesizer: Synthesizer, seconds: number): Float32Array {
  const out = new Float32Array(2 * QUANTUM);
  const sound = new Float32Array(Math.ceil((seconds * SAMPLE_RATE) / QUANTUM) * QUANTUM);
  for (let at = 0; at < sound.length; at += QUANTUM) {
    synthesizer.render(out);
    for (let i = 0; i < QUANTUM; i++) sound[at + i] = out[2 * i] as number;
  }
  return sound;
}

/** Strength of a frequency in a sound: the size of its Fourier component. */
function strength(sound: Float32Array, frequency: number): number {
  let [re, im] = [0, 0];
  for (const [i, value] of sound.entries()) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / sound.length);
    re += window * value * Math.cos((2 * Math.PI * frequency * i) / SAMPLE_RATE);
    im += window * value * Math.sin((2 * Math.PI * frequency * i) / SAMPLE_RATE);
  }
  return Math.hypot(re, im) / sound.length;
}

function power(sound: Float32Array): number {
  return sound.reduce((sum, value) => sum + value * value, 0) / sound.length;
}

describe.each(['piano', 'organ'] as const)('the %s', (instrument) => {
  it.each([40, 57, 69, 81])('sounds key %i at its pitch', (midi) => {
    const synthesizer = new Synthesizer(instrument, 0);
    synthesizer.schedule({ notes: [note(midi)], pedals: [] });
    const sound = left(synthesizer, 0.5);
    const at = (ratio: number) => strength(sound, frequencyOf(midi) * ratio);
    expect(at(1)).toBeGreaterThan(5 * Math.max(at(2 ** (1 / 12)), at(2 ** (-1 / 12))));
    expect(at(1)).toBeGreaterThan(1e-3);
  });

  it('begins a note at its sample', () => {
    const synthesizer = new Synthesizer(instrument, 0);
    synthesizer.schedule({ notes: [note(69, 100, 20_000)], pedals: [] });
    const sound = left(synthesizer, 0.1);
    const first = sound.findIndex((value) => value !== 0);
    expect(first).toBeGreaterThanOrEqual(960);
    expect(first).toBeLessThanOrEqual(962);
  });

  it('stops when the key is let go', () => {
    const synthesizer = new Synthesizer(instrument, 0);
    synthesizer.schedule({ notes: [note(60, 100, 0, 500_000)], pedals: [] });
    const sound = left(synthesizer, 3);
    expect(power(sound.subarray(2 * SAMPLE_RATE))).toBeLessThan(1e-4 * power(sound.subarray(0, SAMPLE_RATE / 2)));
    expect(synthesizer.voices).toBe(0);
  });

  it('bounds how many notes sound', () => {
    const synthesizer = new Synthesizer(instrument, 0);
    const notes = Array.from({ length: 70 }, (_, i) => note(28 + i, 127, i * 1000, 5_000_000));
    synthesizer.schedule({ notes, pedals: [{ atUs: 0, down: true }] });
    const sound = left(synthesizer, 0.3);
    expect(synthesizer.voices).toBeLessThanOrEqual(MOST_VOICES);
    expect(sound.every((value) => Math.abs(value) < 0.96)).toBe(true);
  });
});

describe('piano strings', () => {
  it('are stiff: partials lie ever higher above the multiples of the first', () => {
    const partials = pianoPartials(60, 0.7).filter(({ amplitude }) => Math.abs(amplitude) > 0);
    const highest = Math.max(...partials.map(({ frequency }) => frequency));
    const ratio = highest / frequencyOf(60);
    expect(ratio - Math.floor(ratio)).toBeGreaterThan(0.1);
    expect(inharmonicity(60)).toBeGreaterThan(1e-4);
    expect(inharmonicity(60)).toBeLessThan(1e-3);
    expect(inharmonicity(96)).toBeGreaterThan(inharmonicity(60));
  });

  it('are brighter when they are struck harder', () => {
    const highShare = (strengthOfBlow: number) => {
      const partials = pianoPartials(48, strengthOfBlow);
      const sum = (of: typeof partials) => of.reduce((total, { amplitude }) => total + amplitude ** 2, 0);
      return sum(partials.filter(({ frequency }) => frequency > 800)) / sum(partials);
    };
    expect(highShare(0.9)).toBeGreaterThan(1.5 * highShare(0.2));
  });

  it('sound longer in the bass, and longer than keys are held under the pedal', () => {
    const late = (midi: number, down: boolean) => {
      const synthesizer = new Synthesizer('piano', 0);
      synthesizer.schedule({ notes: [note(midi, 100, 0, 200_000)], pedals: [{ atUs: 0, down }] });
      const sound = left(synthesizer, 2);
      return power(sound.subarray(SAMPLE_RATE)) / power(sound.subarray(0, SAMPLE_RATE / 4));
    };
    expect(late(40, true)).toBeGreaterThan(2 * late(84, true));
    expect(late(60, true)).toBeGreaterThan(100 * late(60, false));
  });
});
