import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { frameOf } from '../../bench/quality/text/plane-picture.js';
import { findInk } from '../../operators/text/paint/find-ink.js';
import { Fontconfig } from '../../operators/text/paint/fontconfig.js';
import { fontCss, typefaces } from '../../operators/text/paint/fonts.js';
import type { Covered } from '../../operators/text/paint/letter-stems.js';
import { emptyPatch, PatchGrid, readPatch } from '../../operators/text/paint/line-patch.js';
import { quadSize, rectangleToQuad } from '../../operators/text/plane-map.js';
import type { TextQuad } from '../../operators/text/texts-meta.js';
import { VitascopeError } from '../../pipeline/errors.js';
import { FramePool } from '../../pipeline/frame-pool.js';
import type { VideoFrame } from '../../pipeline/video-frame.js';

const texts = [
  ...['Sortie de secours', 'RUE PASTEUR', 'Entrada', 'Bitte nicht rauchen', 'HÔTEL DE VILLE', 'Ausgang', 'EXIT'],
  ...['Boulangerie', 'Farmacia', 'CAFÉ', 'Zimmer frei', 'ESTACIÓN CENTRAL', 'Musée', 'Horaires d’ouverture'],
  ...['ACCÈS INTERDIT', 'Salida', 'Vous êtes ici', 'TABAC'],
] as const;
/** Share of the words that is bold. */
const BOLD = 0.4;
/** Heights of lines, pixels: low ones are more. The operator looks for serifs from 20 px on, and corners are inexact by up to 1.5 px. */
const LOWEST = 21;
const HIGHEST = 60;
/** Between ink and the sides of its line, heights of the ink; corners are off by half of it at most. */
const PADDING = 0.07;
/** Free ground around the line, pixels. */
const AROUND = 40;
/** Brightness of what is light and what is dark, 0–255. */
const LIGHT = [190, 240] as const;
const DARK = [15, 70] as const;
/** Softness of the picture, pixels, and its grain, codes. */
const BLUR = [0.2, 0.8] as const;
const GRAIN = [1, 4] as const;

const pool = new FramePool({ slots: 1, name: 'serif-weights' });

/** A word as the operator sees it. */
export interface SeenWord {
  /** Of its line, pixels. */
  readonly height: number;
  /** Its ink; nothing where that could not be told from the ground. */
  readonly covered: Covered | undefined;
}

/** Whether words can be drawn in a family: it is made ready where only fontconfig knows it. */
export function isInstalled(family: string): boolean {
  if (GlobalFonts.has(family)) return true;
  try {
    // One that asks afresh: it answers only so many questions.
    typefaces(family, new Fontconfig());
    return true;
  } catch (error) {
    if (error instanceof VitascopeError && error.code === 'OPTION_INVALID') return false;
    throw error;
  }
}

/** Draws one of some words of signs in a family, as a somewhat soft and grainy picture, and finds its ink as the operator does, in a line that is known only about. */
export function seeWord(family: string, random: () => number): SeenWord {
  const { canvas, quad } = drawWord(family, random);
  const frame = frameOf(canvas, pool);
  try {
    addGrain(frame, between(GRAIN, random()), random);
    return seeLine(frame, quad);
  } finally {
    frame.close();
  }
}

function drawWord(family: string, random: () => number): { readonly canvas: Canvas; readonly quad: TextQuad } {
  const text = texts[Math.floor(random() * texts.length)] as string;
  const weight = random() < BOLD ? 700 : 400;
  const measure = createCanvas(1, 1).getContext('2d');
  measure.font = fontCss([family], weight, 100);
  const { width, actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = measure.measureText(text);
  const height = (LOWEST + (HIGHEST - LOWEST) * random() ** 1.5) / (1 + 2 * PADDING);
  const scale = height / (above + below);
  const canvas = createCanvas(even(width * scale + 2 * AROUND), even(height + 2 * AROUND));
  const isDarkOnLight = random() < 0.5;
  const context = canvas.getContext('2d');
  context.fillStyle = gray(between(isDarkOnLight ? LIGHT : DARK, random()));
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = gray(between(isDarkOnLight ? DARK : LIGHT, random()));
  context.filter = `blur(${between(BLUR, random()).toFixed(2)}px)`;
  context.font = fontCss([family], weight, 100 * scale);
  const [left, top] = [AROUND + random(), AROUND + random()];
  context.fillText(text, left, top + above * scale);
  return { canvas, quad: roughly([left, top, left + width * scale, top + height], PADDING * height, random) };
}

/** A line around ink, corner by corner off by up to half its padding. */
function roughly(
  [left, top, right, bottom]: readonly [number, number, number, number],
  padding: number,
  random: () => number,
): TextQuad {
  const off = (): number => (random() - 0.5) * padding;
  return [
    [left - padding + off(), top - padding + off()],
    [right + padding + off(), top - padding + off()],
    [right + padding + off(), bottom + padding + off()],
    [left - padding + off(), bottom + padding + off()],
  ];
}

function addGrain(frame: VideoFrame, most: number, random: () => number): void {
  const luma = frame.plane(0);
  for (const [at, code] of luma.entries()) {
    luma[at] = Math.min(255, Math.max(0, Math.round(code + 2 * most * (random() + random() - 1))));
  }
}

function seeLine(frame: VideoFrame, quad: TextQuad): SeenWord {
  const { width, height } = quadSize(quad);
  const grid = new PatchGrid(width, height);
  const patch = emptyPatch(grid);
  readPatch(frame, grid, rectangleToQuad(width, height, quad), patch);
  const { columns, rows, marginY, density } = grid;
  const { coverage, bounds, isClear } = findInk(patch, grid, new Float32Array(columns * rows));
  const [top, bottom] = [bounds[1], bounds[3]].map((y) => (y + marginY) * density[1]) as [number, number];
  return { height, covered: isClear ? { values: coverage, columns, rows, top, bottom } : undefined };
}

function between([least, most]: readonly [number, number], share: number): number {
  return least + (most - least) * share;
}

function gray(brightness: number): string {
  const level = Math.round(brightness);
  return `rgb(${level},${level},${level})`;
}

function even(length: number): number {
  return 2 * Math.ceil(length / 2);
}
