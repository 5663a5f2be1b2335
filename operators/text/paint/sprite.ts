import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { CodeColors } from './code-colors.js';
import type { Rgb } from './contrast.js';
import type { Bounds } from './find-ink.js';
import { fontCss } from './fonts.js';
import type { Measure, SetText } from './set-text.js';

/** Size at which strings are measured, pixels. */
const MEASURED_AT = 100;
const LONGEST_SIDE = 2048;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** A picture of text with transparency, drawn once and warped into many frames. */
export interface Sprite {
  /** The rectangle it takes, in the units of its line. */
  readonly bounds: Bounds;
  /** In full size for luma, in half for chroma. */
  readonly levels: readonly [SpriteLevel, SpriteLevel];
}

/** Samples of a {@link Sprite}, row by row. */
export interface SpriteLevel {
  readonly width: number;
  readonly height: number;
  /** Opacity, 0–1. */
  readonly alpha: Float32Array;
  /** Luma, Cb and Cr, codes of 8 bits, times opacity. */
  readonly planes: readonly [Float32Array, Float32Array, Float32Array];
}

/** How letters look. */
export interface Lettering {
  readonly families: readonly string[];
  readonly weight: number;
  readonly ink: Rgb;
  /** Around letters. */
  readonly outline?: { readonly color: Rgb; readonly width: number };
  /** A plate behind all letters, with round corners: its bounds and corners in units of the line. */
  readonly plate?: { readonly color: Rgb; readonly opacity: number; readonly bounds: Bounds; readonly radius: number };
  /** Standard deviation of the softness of edges, units of the line. */
  readonly blur?: number;
}

/** Measures strings in a font, for a size of 1. */
export function measurer(families: readonly string[], weight: number): Measure {
  const context = createCanvas(1, 1).getContext('2d');
  context.font = fontCss(families, weight, MEASURED_AT);
  return (text) => {
    const measured = context.measureText(text);
    return {
      width: measured.width / MEASURED_AT,
      ascent: measured.actualBoundingBoxAscent / MEASURED_AT,
      descent: measured.actualBoundingBoxDescent / MEASURED_AT,
    };
  };
}

/**
 * Draws text into a new sprite.
 *
 * @param density Samples for a unit of the line; less where the sprite would become huge.
 */
export function drawSprite(
  text: SetText,
  look: Lettering,
  bounds: Bounds,
  density: number,
  colors: CodeColors,
): Sprite {
  const [left, top, right, bottom] = bounds;
  const scale = Math.min(density, LONGEST_SIDE / Math.max(right - left, bottom - top));
  // Even sides, so that half of them is exact.
  const side = (length: number): number => 2 * Math.max(2, Math.ceil((length * scale) / 2));
  const canvas = createCanvas(side(right - left), side(bottom - top));
  const context = canvas.getContext('2d');
  const [scaleX, scaleY] = [canvas.width / (right - left), canvas.height / (bottom - top)];
  context.setTransform(scaleX, 0, 0, scaleY, -left * scaleX, -top * scaleY);
  if (look.plate !== undefined) drawPlate(context, look.plate);
  const blur = (look.blur ?? 0) * scale;
  if (blur > 0.3) context.filter = `blur(${blur.toFixed(2)}px)`;
  drawLines(context, text, look);
  const full = levelOf(canvas, colors);
  return { bounds, levels: [full, halved(full)] };
}

/** How much of each sample the text covers, 0–1: `columns × rows` over the bounds. */
export function drawCoverage(
  text: SetText,
  look: Lettering,
  bounds: Bounds,
  columns: number,
  rows: number,
): Float32Array {
  const [left, top, right, bottom] = bounds;
  const canvas = createCanvas(columns, rows);
  const context = canvas.getContext('2d');
  const [scaleX, scaleY] = [columns / (right - left), rows / (bottom - top)];
  context.setTransform(scaleX, 0, 0, scaleY, -left * scaleX, -top * scaleY);
  drawLines(context, text, look);
  const { data } = context.getImageData(0, 0, columns, rows);
  const coverage = new Float32Array(columns * rows);
  for (let at = 0; at < coverage.length; at++) coverage[at] = (data[4 * at + 3] as number) / 255;
  return coverage;
}

function drawPlate(context: SKRSContext2D, plate: NonNullable<Lettering['plate']>): void {
  const [left, top, right, bottom] = plate.bounds;
  context.fillStyle = css(plate.color, plate.opacity);
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, plate.radius);
  context.fill();
}

function drawLines(context: SKRSContext2D, text: SetText, look: Lettering): void {
  // Canvas fonts have steps below a few pixels; letters are drawn at a size that is measured well, and scaled.
  const scale = text.size / MEASURED_AT;
  context.font = fontCss(look.families, look.weight, MEASURED_AT);
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.lineJoin = 'round';
  for (const line of text.lines) {
    context.save();
    context.direction = RIGHT_TO_LEFT.test(line.text) ? 'rtl' : 'ltr';
    context.translate(line.x, line.baseline);
    context.scale(scale * text.stretch, scale);
    if (look.outline !== undefined) {
      context.lineWidth = (2 * look.outline.width * MEASURED_AT) / text.size;
      context.strokeStyle = css(look.outline.color);
      context.strokeText(line.text, 0, 0);
    }
    context.fillStyle = css(look.ink);
    context.fillText(line.text, 0, 0);
    context.restore();
  }
}

function levelOf(canvas: Canvas, colors: CodeColors): SpriteLevel {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const level = emptyLevel(width, height);
  for (let at = 0; at < width * height; at++) {
    const alpha = (data[4 * at + 3] as number) / 255;
    if (alpha === 0) continue;
    level.alpha[at] = alpha;
    const codes = colors.codes([data[4 * at] as number, data[4 * at + 1] as number, data[4 * at + 2] as number]);
    for (const i of [0, 1, 2] as const) level.planes[i][at] = codes[i] * alpha;
  }
  return level;
}

function halved(full: SpriteLevel): SpriteLevel {
  const level = emptyLevel(full.width / 2, full.height / 2);
  const halve = (from: Float32Array, to: Float32Array): void => {
    for (let y = 0, at = 0; y < level.height; y++) {
      for (let x = 0; x < level.width; x++, at++) {
        const first = 2 * y * full.width + 2 * x;
        const upper = (from[first] as number) + (from[first + 1] as number);
        to[at] = (upper + (from[first + full.width] as number) + (from[first + full.width + 1] as number)) / 4;
      }
    }
  };
  halve(full.alpha, level.alpha);
  for (const i of [0, 1, 2] as const) halve(full.planes[i], level.planes[i]);
  return level;
}

function emptyLevel(width: number, height: number): SpriteLevel {
  const plane = (): Float32Array => new Float32Array(width * height);
  return { width, height, alpha: plane(), planes: [plane(), plane(), plane()] };
}

function css([red, green, blue]: Rgb, opacity = 1): string {
  return `rgba(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)}, ${opacity})`;
}
