import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { chained, mapped, type PlaneMap, rectangleToQuad, scaledBy } from '../../../operators/text/plane-map.js';
import { mapQuad } from '../../../operators/text/quad-math.js';
import type { Point, TextQuad } from '../../../operators/text/texts-meta.js';
import type { SignText } from './street-signs.js';
import { warpOnto } from './warp-canvas.js';

/** Space between the ink and the edge of the board, sizes of the font. */
const MARGIN = [0.55, 0.42] as const;
/** Samples of the flat board for a pixel of the picture. */
export const DENSITY = 3;

/** What a board looks like: a sign, perhaps without a board but with an outline. */
export interface BoardLook extends Omit<SignText, 'board' | 'slope' | 'taper' | 'language' | 'translation'> {
  readonly board?: string | undefined;
  /** CSS. */
  readonly outline?: string | undefined;
}

/** A sign, flat. */
export interface SignBoard {
  /** Pixels of the picture. */
  readonly width: number;
  readonly height: number;
  /** Around the ink, from the left upper corner of the board. */
  readonly ink: TextQuad;
  /** Draws it. @param map From pixels of the board to those of the canvas. */
  draw(canvas: Canvas, map: PlaneMap): void;
}

/** Lays a sign out: a line of text on a board with round corners, or without one on whatever is behind it. */
export function signBoard(sign: BoardLook): SignBoard {
  const font = `${sign.weight} ${sign.size}px ${sign.families.map((family) => `"${family}"`).join(', ')}`;
  const measuring = createCanvas(1, 1).getContext('2d');
  measuring.font = font;
  const ink = measuring.measureText(sign.text);
  const [left, right] = [-ink.actualBoundingBoxLeft, ink.actualBoundingBoxRight];
  const [above, below] = [ink.actualBoundingBoxAscent, ink.actualBoundingBoxDescent];
  const [marginX, marginY] = [MARGIN[0] * sign.size, MARGIN[1] * sign.size];
  const [width, height] = [right - left + 2 * marginX, above + below + 2 * marginY];
  const draw = (canvas: Canvas, map: PlaneMap): void => {
    const flat = flatBoard(sign, width, height);
    const context = flat.getContext('2d');
    context.font = font;
    if (sign.outline !== undefined) {
      context.lineWidth = 0.14 * sign.size;
      context.lineJoin = 'round';
      context.strokeStyle = sign.outline;
      context.strokeText(sign.text, marginX - left, marginY + above);
    }
    context.fillStyle = sign.ink;
    context.fillText(sign.text, marginX - left, marginY + above);
    warpOnto(canvas, flat, chained(map, scaledBy(1 / DENSITY, 1 / DENSITY)));
  };
  const corner = (x: number, y: number): Point => [
    x === 0 ? marginX : width - marginX,
    y === 0 ? marginY : height - marginY,
  ];
  return { width, height, ink: [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)], draw };
}

/** Corners of a board whose left upper one is at a place: it slopes, and one end is lower than the other. */
export function boardQuad(
  { width, height }: Pick<SignBoard, 'width' | 'height'>,
  { slope, taper }: Pick<SignText, 'slope' | 'taper'>,
  [x, y]: Point,
): TextQuad {
  const down = slope * width;
  const less = (taper * height) / 2;
  return [
    [x, y + Math.max(0, -less)],
    [x + width, y + down + Math.max(0, less)],
    [x + width, y + down + height - Math.max(0, less)],
    [x, y + height - Math.max(0, -less)],
  ];
}

/** Where the ink of a board is that has these corners. @param room Around it, pixels of the board. */
export function inkQuad(board: SignBoard, corners: TextQuad, room = 0): TextQuad {
  const map = rectangleToQuad(board.width, board.height, corners);
  const [[left, top], , [right, bottom]] = board.ink;
  const [x1, y1, x2, y2] = [left - room, top - room, right + room, bottom + room];
  return mapQuad(
    [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
    ],
    (point) => mapped(map, point),
  );
}

/** A canvas with the board of a sign, if it has one, seen straight on; `DENSITY` samples a pixel, in pixels of the sign. */
export function flatBoard(
  { board, size }: { readonly board?: string | undefined; readonly size: number },
  width: number,
  height: number,
): Canvas {
  const flat = createCanvas(Math.ceil(width * DENSITY), Math.ceil(height * DENSITY));
  const context = flat.getContext('2d');
  context.scale(DENSITY, DENSITY);
  if (board !== undefined) {
    context.fillStyle = board;
    context.beginPath();
    context.roundRect(0, 0, width, height, 0.12 * size);
    context.fill();
  }
  return flat;
}
