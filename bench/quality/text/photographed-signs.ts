import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Canvas, createCanvas, loadImage } from '@napi-rs/canvas';
import { rectangleToQuad } from '../../../operators/text/plane-map.js';
import type { Point, TextQuad } from '../../../operators/text/texts-meta.js';
import { boardQuad, inkQuad, signBoard } from './sign-board.js';
import { signTexts } from './street-signs.js';

/** Sizes of fonts, pixels. */
export const signSizes = [24, 32, 40, 48, 60] as const;
/** Size of the pictures. */
const [WIDTH, HEIGHT] = [960, 320];
const PHOTOS = 'data/photos/bsds500/test';
const MOST_PHOTOS = 40;
/** Room that detectors leave around ink, sizes of the font. */
const ROOM = 0.08;

/** Inks on boards, and on the photograph itself, with an outline. */
const looks = [
  { ink: '#ffffff', board: '#0b7a3b' },
  { ink: '#b01018', board: '#f6f2ea' },
  { ink: '#ffffff', outline: '#101010' },
  { ink: '#ffe14a', board: '#a3201c' },
  { ink: '#1d2a55', board: '#c9d8ea' },
  { ink: '#101010', board: '#f3c419' },
  { ink: '#ffe9a0', outline: '#201008' },
  { ink: '#e8e8e8', board: '#33302e' },
] as const;
/** Slopes and tapers of boards. */
const tilts = [
  [0, 0],
  [0.06, 0.1],
  [-0.05, 0.14],
  [0, -0.16],
  [0.1, 0],
] as const;
const families = [
  ['Liberation Sans', 'Arial', 'DejaVu Sans'],
  ['DejaVu Sans', 'Verdana', 'Liberation Sans'],
  ['DejaVu Serif', 'Georgia', 'Liberation Serif'],
] as const;

/** A photograph with a sign drawn into it. */
export interface PhotographedSign {
  readonly picture: Canvas;
  /** Around its text, as detectors find it. */
  readonly quad: TextQuad;
  readonly text: string;
  readonly from: string;
  readonly translation: string;
  readonly to: string;
  /** Of the font, pixels. */
  readonly size: number;
  /** Letters with an outline on the photograph itself, as titles have it; else they stand on a board. */
  readonly isOutlined: boolean;
}

/** Photographs that signs are drawn into; none where they are not there. */
export async function signPhotos(shared: string): Promise<readonly string[]> {
  const folder = join(shared, PHOTOS);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .slice(0, MOST_PHOTOS)
    .map((name) => join(folder, name));
}

/** How many signs {@link drawSign} can draw: each text in both directions and all sizes. */
export const signCount = 2 * signTexts.length * signSizes.length;

/** Draws the n-th sign into a photograph: always the same. */
export async function drawSign(n: number, photos: readonly string[]): Promise<PhotographedSign> {
  const sign = signTexts[n % signTexts.length] as (typeof signTexts)[number];
  const isBack = Math.trunc(n / signTexts.length) % 2 === 1;
  const size = signSizes[Math.trunc(n / (2 * signTexts.length)) % signSizes.length] as number;
  const said = { text: sign.text, from: sign.language, translation: sign.translation, to: 'en' };
  const words = isBack ? { text: said.translation, from: 'en', translation: said.text, to: said.from } : said;
  const [slope, taper] = tilts[n % tilts.length] as (typeof tilts)[number];
  const look = looks[(3 * n + Math.trunc(n / 8)) % looks.length] as (typeof looks)[number];
  const weight = n % 2 === 0 ? 700 : 400;
  const board = signBoard({ ...look, text: words.text, size, weight, families: families[n % 3] as readonly string[] });
  const lies: Point = [(WIDTH - board.width) / 2, (HEIGHT - board.height - slope * board.width) / 2];
  const corners = boardQuad(board, { slope, taper }, lies);
  const picture = await background(photos, n);
  board.draw(picture, rectangleToQuad(board.width, board.height, corners));
  return { picture, quad: inkQuad(board, corners, ROOM * size), ...words, size, isOutlined: 'outline' in look };
}

/** The middle of the n-th photograph; a slope of grey where there is none. */
export async function background(
  photos: readonly string[],
  n: number,
  [across, down]: readonly [width: number, height: number] = [WIDTH, HEIGHT],
): Promise<Canvas> {
  const canvas = createCanvas(across, down);
  const context = canvas.getContext('2d');
  const photo = photos[n % photos.length];
  if (photo === undefined) {
    const gradient = context.createLinearGradient(0, 0, across, down);
    gradient.addColorStop(0, '#4a5560');
    gradient.addColorStop(1, '#b5aa98');
    context.fillStyle = gradient;
    context.fillRect(0, 0, across, down);
    return canvas;
  }
  const image = await loadImage(photo);
  const scale = Math.max(across / image.width, down / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  context.drawImage(image, (across - width) / 2, (down - height) / 2, width, height);
  return canvas;
}
