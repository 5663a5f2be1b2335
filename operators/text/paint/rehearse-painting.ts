import { FramePool, unspecifiedColor, VideoFrame } from '../../../pipeline/index.js';
import { rectangleToQuad } from '../plane-map.js';
import type { SeenText, TextQuad } from '../texts-meta.js';
import { blendLine } from './blend-line.js';
import { CodeColors } from './code-colors.js';
import type { Rgb } from './contrast.js';
import { BUNDLED_FAMILY, familiesFor, typefaces } from './fonts.js';
import { setText } from './set-text.js';
import { drawSprite, measurer } from './sprite.js';
import { type PaintSettings, TextPainting } from './text-painting.js';

const WIDTH = 640;
const HEIGHT = 360;
const FRAME_US = 40_000;
/** Times that signs come, and frames for which they stay: by then V8 has compiled what is slow. */
const APPEARANCES = 2;
const STAY = 4;

interface MadeUpSign {
  readonly text: string;
  readonly translation: string;
  readonly ink: Rgb;
  readonly plate: Rgb;
}

const signs: readonly MadeUpSign[] = [
  { text: 'Sortie de secours', translation: 'Emergency exit', ink: [240, 240, 236], plate: [20, 96, 60] },
  { text: 'GESCHLOSSEN', translation: 'CLOSED', ink: [30, 30, 34], plate: [226, 220, 198] },
  { text: 'Salida 24', translation: 'Exit 24', ink: [250, 226, 60], plate: [36, 40, 90] },
];

/** Letters that signs of western Europe have: a sign would else wait while fonts are asked for each of its own. */
const LETTERS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?¡¿\'’"«»()&%+-–/€ÀÂÄÁÃÇÈÉÊËÍÎÏÑÓÔÖÕÙÚÛÜŒÆßàâäáãçèéêëíîïñóôöõùúûüœæ';

let rehearsed: Promise<void> | undefined;

/**
 * Paints over made-up signs, once in a process: the first sign of a stream would else hold its pictures up for a second, while code is compiled and fonts
 * are looked for. After a failure the next call tries again.
 *
 * @throws VitascopeError `OPTION_INVALID` for a font that is not installed.
 */
export function rehearsePainting(settings: PaintSettings): Promise<void> {
  rehearsed ??= rehearse(settings).catch((error: unknown) => {
    rehearsed = undefined;
    throw error;
  });
  return rehearsed;
}

async function rehearse(settings: PaintSettings): Promise<void> {
  for (const { family, style } of typefaces(settings.font)) familiesFor(LETTERS, family, style);
  const pool = new FramePool({ slots: 1, name: 'rehearsal' });
  const painting = new TextPainting(settings);
  for (let index = 0; index < APPEARANCES * STAY; index++) {
    const frame = await VideoFrame.create(pool, {
      ...{ pixelFormat: 'yuv420p', width: WIDTH, height: HEIGHT, sampleAspectRatio: { num: 1, den: 1 } },
      ...{ color: unspecifiedColor, ptsUs: index * FRAME_US, durationUs: FRAME_US, index, fieldOrder: 'progressive' },
    });
    try {
      for (const plane of [0, 1, 2] as const) frame.plane(plane).fill(plane === 0 ? 150 : 128);
      const texts = signs.map((sign, row) => standing(frame, sign, row, index));
      painting.see(frame, { texts });
      painting.paint(frame, { texts });
    } finally {
      frame.close();
    }
    // Streams that run already go on in between.
    await new Promise(setImmediate);
  }
}

/** Puts a sign into a frame, a little farther right than in the one before. */
function standing(
  frame: VideoFrame,
  { text, translation, ink, plate }: MadeUpSign,
  row: number,
  index: number,
): SeenText {
  const [width, height] = [210, 34 + 6 * row];
  const [x, y] = [60 + 130 * row + index, 30 + 110 * row];
  const quad: TextQuad = [
    [x, y],
    [x + width, y + 12],
    [x + width, y + 12 + height],
    [x, y + height],
  ];
  const families = [BUNDLED_FAMILY];
  const measure = measurer(families, 400);
  const box = [0, 0, width, height] as const;
  const plan = {
    box,
    room: [0, 0],
    size: 0.8 * height,
    stretch: 1,
    align: 'left',
    mostLines: 1,
    overheight: 1,
  } as const;
  const look = { families, weight: 400, ink, plate: { color: plate, opacity: 1, bounds: box, radius: 2 } };
  const sprite = drawSprite(setText(text, plan, measure), look, box, 1, new CodeColors(frame));
  blendLine(frame, rectangleToQuad(width, height, quad), { sprite, opacity: 1, id: row });
  const id = 1 + row + signs.length * Math.floor(index / STAY);
  return { id, quad, text, translation, score: 1, opacity: 1 };
}
