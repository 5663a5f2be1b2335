import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { chained, rectangleToQuad, scaledBy } from '../../../operators/text/plane-map.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../pipeline/mulberry32.js';
import { type PlanePicture, planesOf } from './plane-picture.js';
import { boardQuad, inkQuad, signBoard } from './sign-board.js';
import { type SignText, signTexts } from './street-signs.js';

/** Size of the picture that is taken of the street. */
export const [PICTURE_WIDTH, PICTURE_HEIGHT] = [640, 360];
/** Size of the street: even. */
export const [STREET_WIDTH, STREET_HEIGHT] = [1560, 404];
/** Samples of the street for a pixel, right and down. */
export const DENSITY = 2;
/** Upper edges of the three rows of signs, and where each begins. */
const rows = [
  { y: 58, x: 46 },
  { y: 178, x: 128 },
  { y: 292, x: 30 },
] as const;

/** A sign with its place. */
export interface StreetSign extends SignText {
  /** Corners around the ink, pixels of the street. */
  readonly quad: TextQuad;
}

/** A street as samples, and what stands on its signs. */
export interface Street {
  readonly signs: readonly StreetSign[];
  /** {@link DENSITY} samples a pixel. */
  readonly planes: PlanePicture;
}

/**
 * Draws a row of houses with the twelve signs, always the same.
 *
 * @param isShown Which signs are drawn; the others are in {@link Street.signs} as well.
 * @param texts What they say.
 */
export function drawStreet(
  isShown: (sign: number) => boolean = () => true,
  texts: readonly SignText[] = signTexts,
): Street {
  const canvas = createCanvas(STREET_WIDTH * DENSITY, STREET_HEIGHT * DENSITY);
  const context = canvas.getContext('2d');
  context.scale(DENSITY, DENSITY);
  drawHouses(context);
  roughen(canvas);
  const signs = placed(texts).map(({ sign, board, corners }, i): StreetSign => {
    if (isShown(i))
      board.draw(canvas, chained(scaledBy(DENSITY, DENSITY), rectangleToQuad(board.width, board.height, corners)));
    return { ...sign, quad: inkQuad(board, corners) };
  });
  return { signs, planes: planesOf(canvas, PICTURE_HEIGHT) };
}

/** Signs in three rows, one after the other with even gaps. */
function placed(texts: readonly SignText[]) {
  const boards = texts.map((sign) => ({ sign, board: signBoard(sign) }));
  return boards.map(({ sign, board }, i) => {
    const row = rows[i % rows.length] as (typeof rows)[number];
    const inRow = boards.filter((_, j) => j % rows.length === i % rows.length);
    const taken = inRow.reduce((sum, one) => sum + one.board.width, 0);
    const gap = (STREET_WIDTH - 60 - row.x - taken) / (inRow.length - 1);
    const before = boards.filter((_, j) => j < i && j % rows.length === i % rows.length);
    const x = row.x + before.reduce((sum, one) => sum + one.board.width + gap, 0);
    return { sign, board, corners: boardQuad(board, sign, [x, row.y]) };
  });
}

function drawHouses(context: SKRSContext2D): void {
  const random = mulberry32(12);
  const shade = (hue: number, light: number): string => `hsl(${hue}, ${10 + 18 * random()}%, ${light}%)`;
  for (let x = 0; x < STREET_WIDTH; ) {
    const width = 150 + 130 * random();
    const hue = 15 + 40 * random();
    context.fillStyle = shade(hue, 42 + 28 * random());
    context.fillRect(x, 0, width + 1, STREET_HEIGHT);
    context.fillStyle = shade(hue, 26);
    context.fillRect(x, 0, 3, STREET_HEIGHT);
    for (const y of [8, 138, 262]) drawWindows(context, x, y, width, random);
    context.fillStyle = shade(hue, 34);
    context.fillRect(x, STREET_HEIGHT - 26, width + 1, 26);
    x += width;
  }
}

function drawWindows(context: SKRSContext2D, x: number, y: number, width: number, random: () => number): void {
  const count = Math.max(2, Math.round(width / 80));
  const [pitch, wide, high] = [width / count, 34 + 8 * random(), 62 + 24 * random()];
  for (let i = 0; i < count; i++) {
    const left = x + (i + 0.5) * pitch - wide / 2;
    context.fillStyle = `hsl(35, 15%, ${70 + 15 * random()}%)`;
    context.fillRect(left - 4, y - 4, wide + 8, high + 8);
    context.fillStyle = `hsl(${205 + 20 * random()}, 25%, ${16 + 22 * random()}%)`;
    context.fillRect(left, y, wide, high);
    context.fillStyle = 'hsl(35, 12%, 62%)';
    context.fillRect(left + wide / 2 - 1.5, y, 3, high);
    context.fillRect(left, y + 0.4 * high, wide, 3);
  }
}

/** Plaster: brightness that varies from place to place, coarsely and finely. */
function roughen(canvas: Canvas): void {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  const image = context.getImageData(0, 0, width, height);
  const random = mulberry32(7);
  const coarse = Float32Array.from(
    { length: Math.ceil(width / 16) * Math.ceil(height / 16) },
    () => 22 * (random() - 0.5),
  );
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const change = (coarse[(y >> 4) * Math.ceil(width / 16) + (x >> 4)] as number) + 16 * (random() - 0.5);
      for (const i of [0, 1, 2]) image.data[at + i] = (image.data[at + i] as number) + change;
    }
  }
  context.putImageData(image, 0, 0);
}
