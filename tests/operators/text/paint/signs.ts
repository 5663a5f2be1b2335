import { createCanvas } from '@napi-rs/canvas';
import { typefaces } from '../../../../operators/text/paint/fonts.js';
import type { SeenText, TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import type { FrameProperties, VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';

export const WIDTH = 320;
export const HEIGHT = 160;

/** Luma of letters, and of the ground. */
export const INK = 40;
export const GROUND = 200;

/** A gray frame with a word in dark letters on a light ground, and grain. @param x Of the left end of the word. */
export function signFrame(
  index: number,
  changes: Partial<FrameProperties> = {},
  { x = 100, grain = 0, word = 'SORTIE' } = {},
): VideoFrame {
  typefaces(undefined);
  const frame = testFrame(index, { width: WIDTH, height: HEIGHT, ...changes });
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.font = '700 36px "Vitascope Sans"';
  context.fillText(word, x, 90);
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  const unit = 2 ** (frame.bitDepth - 8);
  const random = mulberry32(index + 1);
  const luma = frame.plane(0);
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const share = (data[4 * at + 3] as number) / 255;
    luma[at] = Math.round(
      (GROUND + (INK - GROUND) * share + grain * (random() + random() + random() - 1.5) * 2) * unit,
    );
  }
  frame.plane(1).fill(128 * unit);
  frame.plane(2).fill(128 * unit);
  return frame;
}

/** Where the word is read in frames of {@link signFrame}. */
export function signQuad(x = 100, shift = 0): TextQuad {
  return [
    [x - 3 + shift, 58 + shift],
    [x + 138 + shift, 58],
    [x + 138, 96 - shift],
    [x - 3, 96],
  ];
}

export function seen(changes: Partial<SeenText> = {}): SeenText {
  return { id: 1, quad: signQuad(), text: 'SORTIE', score: 0.9, opacity: 1, translation: 'EXIT', ...changes };
}

/** Mean place of dark pixels within columns and rows. */
export function darkCenter(frame: VideoFrame, limit = 120): readonly [x: number, y: number, count: number] {
  const luma = frame.plane(0);
  let [sumX, sumY, weight] = [0, 0, 0];
  for (let at = 0; at < luma.length; at++) {
    const dark = Math.max(0, limit - (luma[at] as number));
    sumX += dark * (at % frame.width);
    sumY += dark * Math.trunc(at / frame.width);
    weight += dark;
  }
  return [sumX / weight, sumY / weight, weight];
}
