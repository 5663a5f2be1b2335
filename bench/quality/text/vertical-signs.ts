import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { chained, rectangleToQuad, scaledBy } from '../../../operators/text/plane-map.js';
import { boundsOf } from '../../../operators/text/quad-math.js';
import type { Point, TextQuad } from '../../../operators/text/texts-meta.js';
import { background } from './photographed-signs.js';
import { type BoardLook, DENSITY, flatBoard, inkQuad, type SignBoard, signBoard } from './sign-board.js';
import { warpOnto } from './warp-canvas.js';

/** How the letters of a sign run: turned ones as a whole, stacked ones upright one below the other. */
export const directions = ['upright', 'upside-down', 'clockwise', 'counter-clockwise', 'stacked'] as const;
export type SignDirection = (typeof directions)[number];

/** Sides of the pictures, and sizes of fonts, pixels. */
const SIDE = 640;
const sizes = [20, 26, 34, 44] as const;
/** Words as they stand on such signs, by BCP 47. */
const words = Object.entries({
  en: [
    'HOTEL',
    'BAR',
    'PARKING',
    'CINEMA',
    'PHARMACY',
    'TAXI',
    'GARAGE',
    'BANK',
    'BOOKS',
    'SUSHI',
    'MOTEL 24',
    'ROOM 307',
  ],
  fr: ['CAFÉ', 'MUSÉE', 'THÉÂTRE', 'MARCHÉ', 'LIBRAIRIE', 'TABAC'],
  de: ['BÄCKEREI', 'APOTHEKE', 'ZIMMER', 'KIOSK'],
  es: ['MUSEO', 'PANADERÍA'],
}).flatMap(([language, texts]) => texts.map((text) => ({ text, language })));
const looks = [
  { ink: '#ffffff', board: '#0b7a3b' },
  { ink: '#b01018', board: '#f6f2ea' },
  { ink: '#ffe14a', board: '#a3201c' },
  { ink: '#ffffff', outline: '#101010' },
  { ink: '#1d2a55', board: '#c9d8ea' },
  { ink: '#101010', board: '#f3c419' },
  { ink: '#e8e8e8', board: '#33302e' },
] as const;
const families = [
  ['Liberation Sans', 'Arial', 'DejaVu Sans'],
  ['DejaVu Sans', 'Verdana', 'Liberation Sans'],
  ['DejaVu Serif', 'Georgia', 'Liberation Serif'],
  ['Liberation Sans Narrow', 'Arial Narrow', 'Liberation Sans'],
] as const;
/** Turn of a sign beside its direction, degrees: nothing hangs quite level. */
const leans = [0, 3, -4, 0, 6, -2] as const;
/** From one stacked letter to the next, sizes of the font. */
const pitches = [1.02, 1.12, 1.3] as const;
/** Space between the ink and the edge of the board, sizes of the font. */
const MARGIN = 0.45;
/** Room that detectors leave around ink, sizes of the font. */
const ROOM = 0.08;

/** A picture with a sign in one direction. */
export interface VerticalSign {
  readonly picture: Canvas;
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
  readonly direction: SignDirection;
  /** Around the ink; begun where the text begins, stacked letters at the left upper corner of the first. */
  readonly quad: TextQuad;
  /** Of the font, pixels. */
  readonly size: number;
  /** Letters with an outline on the photograph itself; else they stand on a board. */
  readonly isOutlined: boolean;
}

/** How many signs {@link drawVerticalSign} can draw in each direction. */
export const verticalSignCount = words.length * sizes.length;

/** Draws the n-th sign in a direction into a photograph: always the same. @param photos Paths; a slope of grey where there is none. */
export async function drawVerticalSign(
  n: number,
  direction: SignDirection,
  photos: readonly string[],
): Promise<VerticalSign> {
  const { text, language } = words[n % words.length] as (typeof words)[number];
  const size = sizes[Math.trunc(n / words.length) % sizes.length] as number;
  const look = looks[(2 * n + Math.trunc(n / 24)) % looks.length] as (typeof looks)[number];
  const sign: BoardLook = { ...look, text, size, weight: n % 2 === 0 ? 700 : 400, families: families[n % 4] ?? [] };
  const pitch = pitches[n % pitches.length] as number;
  const board = direction === 'stacked' ? stackedBoard(sign, pitch) : signBoard(sign);
  const corners = hungQuad(board, turnOf(direction) + (leans[n % leans.length] as number), [SIDE / 2, SIDE / 2]);
  const picture = await background(photos, n, [SIDE, SIDE]);
  board.draw(picture, rectangleToQuad(board.width, board.height, corners));
  const quad = inkQuad(board, corners, ROOM * size);
  return { picture, text, language, direction, quad, size, isOutlined: 'outline' in look };
}

/** The part of a picture with a sign, as it hangs there. @param size Of the font as it is shown, pixels. @param room Around the ink, sizes of the font. */
export function cutSign(sign: VerticalSign, size: number, room = 0.3): Canvas {
  const [left, top, right, bottom] = boundsOf(sign.quad);
  const [scale, margin] = [size / sign.size, room * sign.size];
  const [width, height] = [right - left + 2 * margin, bottom - top + 2 * margin];
  const canvas = createCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext('2d');
  context.drawImage(sign.picture, left - margin, top - margin, width, height, 0, 0, width * scale, height * scale);
  return canvas;
}

function turnOf(direction: SignDirection): number {
  return { upright: 0, 'upside-down': 180, clockwise: 90, 'counter-clockwise': -90, stacked: 0 }[direction];
}

/** Corners of a board around a place, turned by degrees clockwise. */
function hungQuad({ width, height }: SignBoard, degrees: number, [x, y]: Point): TextQuad {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (u: number, v: number): Point => {
    const [along, down] = [(u - 0.5) * width, (v - 0.5) * height];
    return [x + along * cos - down * sin, y + along * sin + down * cos];
  };
  return [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
}

/** Lays a sign out whose letters stand one below the other, each in the middle. @param pitch From one to the next, sizes of the font. */
function stackedBoard(sign: BoardLook, pitch: number): SignBoard {
  const font = `${sign.weight} ${sign.size}px ${sign.families.map((family) => `"${family}"`).join(', ')}`;
  const measuring = createCanvas(1, 1).getContext('2d');
  measuring.font = font;
  const letters = [...sign.text].map((letter) => ({ letter, ink: measuring.measureText(letter) }));
  const inkWidth = Math.max(...letters.map(({ ink }) => ink.actualBoundingBoxRight + ink.actualBoundingBoxLeft));
  const margin = MARGIN * sign.size;
  const [first, last] = [letters[0]?.ink, letters.at(-1)?.ink];
  const top = margin + (first?.actualBoundingBoxAscent ?? 0);
  const lowest = top + (letters.length - 1) * pitch * sign.size + (last?.actualBoundingBoxDescent ?? 0);
  const [width, height] = [inkWidth + 2 * margin, lowest + margin];
  const draw: SignBoard['draw'] = (canvas, map) => {
    const flat = flatBoard(sign, width, height);
    const context = flat.getContext('2d');
    context.font = font;
    context.lineWidth = 0.14 * sign.size;
    context.lineJoin = 'round';
    letters.forEach(({ letter, ink }, i) => {
      const x = width / 2 - (ink.actualBoundingBoxRight - ink.actualBoundingBoxLeft) / 2;
      const y = top + i * pitch * sign.size;
      if (sign.outline !== undefined) {
        context.strokeStyle = sign.outline;
        context.strokeText(letter, x, y);
      }
      context.fillStyle = sign.ink;
      context.fillText(letter, x, y);
    });
    warpOnto(canvas, flat, chained(map, scaledBy(1 / DENSITY, 1 / DENSITY)));
  };
  const ink: TextQuad = [
    [margin, margin],
    [width - margin, margin],
    [width - margin, lowest],
    [margin, lowest],
  ];
  return { width, height, ink, draw };
}
