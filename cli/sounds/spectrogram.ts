import { Fourier } from './fourier.js';

/** How loud each frequency is over time. */
export interface Spectrogram {
  readonly columns: number;
  readonly rows: number;
  /** float32 [rows, columns], the highest frequency first; decibels, 0 for a sine of full scale, at least {@link FLOOR_DB}. */
  readonly levels: Float32Array;
}

/** What a {@link spectrogramOf} shows. */
export interface SpectrogramOptions {
  /** Of the samples, hertz. */
  readonly sampleRate: number;
  /** From the first sample on; what the sound does not last is silence. */
  readonly seconds: number;
  readonly columns: number;
  readonly rows: number;
}

/** What silence is given. */
export const FLOOR_DB = -140;
/** What rows run over, evenly in ratio, hertz. */
export const [LOWEST_HZ, HIGHEST_HZ] = [50, 20_000] as const;
/** 43 ms at 48 kHz: tells tones apart, and blurs an onset by half of it. */
const WINDOW = 2048;

const transform = new Fourier(WINDOW);
const hann = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));

/** A spectrogram with a logarithmic axis of frequency. Columns are centred on their moments. `samples` (mono) is borrowed. */
export function spectrogramOf(samples: Float32Array, options: SpectrogramOptions): Spectrogram {
  const { sampleRate, seconds, columns, rows } = options;
  const levels = new Float32Array(rows * columns);
  const edges = rowEdges(rows, sampleRate);
  for (let column = 0; column < columns; column++) {
    const middle = Math.round(((column + 0.5) / columns) * seconds * sampleRate);
    const power = powerAround(samples, middle);
    for (let row = 0; row < rows; row++) {
      levels[row * columns + column] = loudest(power, edges[rows - 1 - row] as number, edges[rows - row] as number);
    }
  }
  return { columns, rows, levels };
}

/** Where a frequency lies, 0 at the bottom to 1 at the top. */
export function heightOf(hz: number): number {
  return Math.log(hz / LOWEST_HZ) / Math.log(HIGHEST_HZ / LOWEST_HZ);
}

/** Bins, with fractions, between which rows lie, the lowest first. */
function rowEdges(rows: number, sampleRate: number): Float64Array {
  return Float64Array.from(
    { length: rows + 1 },
    (_, i) => (LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (i / rows) * WINDOW) / sampleRate,
  );
}

/** Of each bin; 1 for a sine of full scale. */
function powerAround(samples: Float32Array, middle: number): Float64Array {
  const real = new Float64Array(WINDOW);
  const imaginary = new Float64Array(WINDOW);
  for (let i = 0; i < WINDOW; i++) real[i] = (hann[i] as number) * (samples[middle - WINDOW / 2 + i] ?? 0);
  transform.run(real, imaginary);
  const scale = (4 / WINDOW) ** 2;
  return Float64Array.from({ length: WINDOW / 2 }, (_, i) => {
    return scale * ((real[i] as number) ** 2 + (imaginary[i] as number) ** 2);
  });
}

/** Decibels of the strongest bin of a row; of one that is narrower than a bin, on the straight line between two. */
function loudest(power: Float64Array, low: number, high: number): number {
  let most = 0;
  for (let bin = Math.ceil(low); bin < high; bin++) most = Math.max(most, power[bin] ?? 0);
  if (Math.ceil(low) >= high) {
    const part = low - Math.floor(low);
    most = (1 - part) * (power[Math.floor(low)] ?? 0) + part * (power[Math.ceil(low)] ?? 0);
  }
  return most > 0 ? Math.max(FLOOR_DB, 10 * Math.log10(most)) : FLOOR_DB;
}
