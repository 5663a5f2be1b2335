import type { Box, Color, ColorPicture } from './color-picture.js';
import { heightOf, spectrogramOf } from './spectrogram.js';

/** Levels that are black and white, decibels of full scale. */
export interface LevelRange {
  readonly black: number;
  readonly white: number;
}

/** For sounds as loud as they are in a film. */
export const usualLevels: LevelRange = { black: -100, white: -15 };

/** From nothing to loud: evenly rising in lightness, so that it reads the same without colours. */
const ramp: readonly Color[] = [
  [4, 3, 12],
  [40, 17, 89],
  [104, 28, 128],
  [171, 51, 124],
  [232, 83, 98],
  [252, 150, 108],
  [253, 253, 190],
];
/** Tinted lines for these frequencies, hertz. */
const MARKED_HZ = [100, 1000, 10_000];

/** Draws the spectrogram of so many seconds of a sound (mono) into a box, with faint lines at 100 Hz, 1 kHz and 10 kHz. */
export function drawSpectrogram(
  picture: ColorPicture,
  box: Box,
  sound: { readonly samples: Float32Array; readonly sampleRate: number; readonly seconds: number },
  { black, white }: LevelRange = usualLevels,
): void {
  const { samples, sampleRate, seconds } = sound;
  const { levels, columns } = spectrogramOf(samples, { sampleRate, seconds, columns: box.width, rows: box.height });
  const marked = new Set(MARKED_HZ.map((hz) => Math.round((1 - heightOf(hz)) * box.height)));
  picture.shade(box, (column, row) => {
    const share = ((levels[row * columns + column] as number) - black) / (white - black);
    return colorOf(marked.has(row) && column % 4 === 0 ? Math.max(share, 0.3) : share);
  });
}

/** Of a share between nothing (0) and loud (1). */
function colorOf(share: number): Color {
  const at = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const below = ramp[Math.floor(at)] as Color;
  const above = ramp[Math.ceil(at)] as Color;
  const part = at - Math.floor(at);
  const mixed = (channel: 0 | 1 | 2): number => Math.round(below[channel] * (1 - part) + above[channel] * part);
  return [mixed(0), mixed(1), mixed(2)];
}
