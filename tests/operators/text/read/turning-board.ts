import { createCanvas } from '@napi-rs/canvas';
import { Observable } from 'rxjs';
import type { LineReader } from '../../../../models/adapters/text/line-reader.js';
import type { TextDetector } from '../../../../models/adapters/text/text-detector.js';
import { BUNDLED_FAMILY, typefaces } from '../../../../operators/text/paint/fonts.js';
import { chained, inverse, mapped, type PlaneMap, quadOf } from '../../../../operators/text/plane-map.js';
import { boundsOf, quadOverlap } from '../../../../operators/text/quad-math.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import { testFrame } from '../../../helpers/frames.js';

const [WIDTH, HEIGHT] = [640, 360];
/** Of the camera, pixels. */
const FOCAL_LENGTH = 560;
/** Of the board, in pixels that it has in the picture from a focal length away, and samples for each of them. */
const [BOARD_WIDTH, BOARD_HEIGHT] = [440, 200];
const DENSITY = 2;
/** Samples of a pixel, right and down. */
const SAMPLES = 2;
const GRAIN = 4;
const GROUND = 110;

/** What stands on the board; `at` is where it begins, from the middle. */
const written = [
  { text: 'Boulangerie du marché', size: 34, at: [-190, -30] },
  { text: 'Sortie de secours', size: 48, at: [-190, 45] },
  { text: 'ouvert tous les jours de 9h à 19h', size: 20, at: [-190, 84] },
] as const;

/** Where the board hangs at a frame: from pixels of the board, around its middle, to pixels of the picture. */
export type BoardView = (index: number) => PlaneMap;

/** Turned about its vertical axis, radians, with its middle at a place that the camera sees, in pixels of the board. */
export function boardAt(angle: number, [x, y, distance]: readonly [number, number, number]): PlaneMap {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const camera: PlaneMap = [FOCAL_LENGTH, 0, WIDTH / 2, 0, FOCAL_LENGTH, HEIGHT / 2, 0, 0, 1];
  return chained(camera, [cos, 0, x, 0, 1, y, -sin, 0, distance]);
}

export const FAR = FOCAL_LENGTH;

/** A film of the board on grey, with grain that differs from frame to frame. */
export function boardFilm(count: number, view: BoardView): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const board = drawnBoard();
    for (let index = 0; index < count && !subscriber.closed; index++) {
      const frame = testFrame(index, { width: WIDTH, height: HEIGHT });
      const luma = frame.plane(0);
      photograph(board, view(index), luma as Uint8Array);
      const random = mulberry32(index + 1);
      for (let i = 0; i < luma.length; i++) {
        const grain = (random() + random() + random() + random() - 2) * Math.sqrt(3) * GRAIN;
        luma[i] = Math.round(Math.min(255, Math.max(0, (luma[i] as number) + grain)));
      }
      subscriber.next({ frame, meta: {} });
    }
    subscriber.complete();
  });
}

/** Corners of the lines at a frame, by text. */
export function linesAt(view: PlaneMap): ReadonlyMap<string, TextQuad> {
  return new Map(drawnBoard().lines.map(({ text, box }) => [text, quadOf(view, box)]));
}

/** Finds the lines where they are. */
export function boardDetector(view: BoardView): TextDetector {
  return {
    detect: async ({ index }) => [...linesAt(view(index)).values()].map((quad) => ({ quad, score: 0.9 })),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Reads the lines by where they are. */
export function boardReader(view: BoardView): LineReader {
  return {
    languages: ['fr'],
    read: async ({ index }, quads) =>
      quads.map((quad) => {
        const lines = [...linesAt(view(index))].sort(([, a], [, b]) => quadOverlap(b, quad) - quadOverlap(a, quad));
        return { text: lines[0]?.[0] ?? '', score: 0.95, characters: [] };
      }),
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Board {
  /** Luma, {@link DENSITY} samples a pixel. */
  readonly luma: Float32Array;
  readonly lines: readonly { readonly text: string; readonly box: readonly [number, number, number, number] }[];
}

let drawn: Board | undefined;

function drawnBoard(): Board {
  drawn ??= drawBoard();
  return drawn;
}

function drawBoard(): Board {
  typefaces(undefined);
  const canvas = createCanvas(BOARD_WIDTH * DENSITY, BOARD_HEIGHT * DENSITY);
  const context = canvas.getContext('2d');
  context.fillStyle = '#22406a';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(DENSITY, DENSITY);
  context.translate(BOARD_WIDTH / 2, BOARD_HEIGHT / 2);
  context.fillStyle = '#f4f0e4';
  const lines = written.map(({ text, size, at: [x, y] }) => {
    context.font = `${size}px "${BUNDLED_FAMILY}"`;
    context.fillText(text, x, y);
    const ink = context.measureText(text);
    const [left, right] = [x - ink.actualBoundingBoxLeft - 2, x + ink.actualBoundingBoxRight + 2];
    return {
      text,
      box: [left, y - ink.actualBoundingBoxAscent - 2, right, y + ink.actualBoundingBoxDescent + 2],
    } as const;
  });
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const luma = Float32Array.from({ length: data.length / 4 }, (_, i) => {
    const [red, green, blue] = data.subarray(4 * i, 4 * i + 3) as unknown as [number, number, number];
    return 16 + (219 / 255) * (0.2126 * red + 0.7152 * green + 0.0722 * blue);
  });
  return { luma, lines };
}

/** @param view From pixels of the board, around its middle, to those of the picture. */
function photograph({ luma }: Board, view: PlaneMap, to: Uint8Array): void {
  const [columns, rows] = [BOARD_WIDTH * DENSITY, BOARD_HEIGHT * DENSITY];
  const [halfWidth, halfHeight] = [BOARD_WIDTH / 2, BOARD_HEIGHT / 2];
  const [left, top, right, bottom] = boundsOf(quadOf(view, [-halfWidth, -halfHeight, halfWidth, halfHeight]));
  const back = inverse(view);
  to.fill(GROUND);
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(HEIGHT, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(WIDTH, right); x++) {
      let sum = 0;
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        const px = x + ((i % SAMPLES) + 0.5) / SAMPLES;
        const py = y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
        const [boardX, boardY] = mapped(back, [px, py]);
        const [u, v] = [(boardX + halfWidth) * DENSITY - 0.5, (boardY + halfHeight) * DENSITY - 0.5];
        sum += u >= 0 && v >= 0 && u < columns - 1 && v < rows - 1 ? sampled(luma, columns, u, v) : GROUND;
      }
      to[y * WIDTH + x] = sum / SAMPLES ** 2;
    }
  }
}

function sampled(luma: Float32Array, columns: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = (dx: number, dy: number): number => luma[(top + dy) * columns + left + dx] as number;
  return (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(1, 0)) + fy * ((1 - fx) * at(0, 1) + fx * at(1, 1));
}
