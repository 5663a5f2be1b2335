import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { findInk, type Ink } from '../../../../operators/text/paint/find-ink.js';
import { typefaces } from '../../../../operators/text/paint/fonts.js';
import { emptyPatch, PatchGrid, readPatch } from '../../../../operators/text/paint/line-patch.js';
import { rectangleToQuad } from '../../../../operators/text/plane-map.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import { testFrame } from '../../../helpers/frames.js';

const [WIDTH, HEIGHT] = [260, 80];
const QUAD: TextQuad = [
  [30, 20],
  [228, 20],
  [228, 58],
  [30, 58],
];

/** What is found of letters on a ground, white ones unless told otherwise. @param outline Width of the dark line around them, pixels. @param ground Luma at a place. */
function inkOf(
  outline: number,
  ground: (x: number, y: number) => number,
  text = 'Bonjour là',
  ink = 235,
  weight = 700,
): Ink {
  typefaces(undefined);
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  const covers = (draw: () => void): Uint8ClampedArray => {
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.font = `${weight} 36px "Vitascope Sans"`;
    draw();
    return context.getImageData(0, 0, WIDTH, HEIGHT).data.filter((_, at) => at % 4 === 3);
  };
  context.lineJoin = 'round';
  const letters = covers(() => context.fillText(text, 34, 50));
  const around = covers(() => {
    context.lineWidth = 2 * outline;
    if (outline > 0) context.strokeText(text, 34, 50);
  });
  const frame = testFrame(0, { width: WIDTH, height: HEIGHT });
  const luma = frame.plane(0);
  for (let at = 0; at < luma.length; at++) {
    const dark = (around[at] as number) / 255;
    const light = (letters[at] as number) / 255;
    const under = ground(at % WIDTH, Math.trunc(at / WIDTH)) * (1 - dark) + 20 * dark;
    luma[at] = Math.round(under * (1 - light) + ink * light);
  }
  frame.plane(1).fill(128);
  frame.plane(2).fill(128);
  const [width, height] = [198, 38];
  const grid = new PatchGrid(width, height);
  const patch = emptyPatch(grid);
  readPatch(frame, grid, rectangleToQuad(width, height, QUAD), patch);
  frame.close();
  return findInk(patch, grid, new Float32Array(grid.columns * grid.rows));
}

const random = mulberry32(5);
const blobs = Float32Array.from({ length: 40 * 40 }, () => 60 + 150 * random());
/** Brightness that changes every seven pixels. */
const restless = (x: number, y: number): number => blobs[40 * Math.trunc(y / 7) + Math.trunc(x / 7)] as number;

describe('findOutline', () => {
  it('knows the dark line around light letters, how wide it is, and both colours', () => {
    for (const ground of [restless, () => 130]) {
      const { outline } = inkOf(3, ground);
      expect(outline?.ink[0]).toBeGreaterThan(210);
      expect(outline?.color[0]).toBeLessThan(60);
      expect(outline?.width).toBeGreaterThan(1);
      expect(outline?.width).toBeLessThan(5);
    }
  });

  it('knows it around letters that are as light as their ground', () => {
    for (const ground of [() => 235, (x: number) => 215 + x / 8, () => 205]) {
      const { outline, coverage, color } = inkOf(3, ground);
      expect(outline?.ink[0]).toBeGreaterThan(210);
      expect(outline?.color[0]).toBeLessThan(60);
      expect(outline?.width).toBeGreaterThan(1);
      expect(outline?.width).toBeLessThan(5);
      expect(color[0]).toBeGreaterThan(210);
      const share = coverage.reduce((sum, value) => sum + value, 0) / coverage.length;
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.25);
    }
  });

  it('takes holes of dark letters for no letters', () => {
    for (const ground of [235, 205]) expect(inkOf(0, () => ground, 'BOB 0880 eaga', 15).outline).toBeUndefined();
  });

  it('knows none where letters stand on their ground as they are', () => {
    expect(inkOf(0, () => 40).outline).toBeUndefined();
    expect(inkOf(0, (x) => 30 + x / 3).outline).toBeUndefined();
    expect(inkOf(0, restless).outline).toBeUndefined();
  });

  it('leaves lights of the ground alone that are as light as letters, but have no line around them', () => {
    // Between the words.
    const light = (x: number, y: number): number => (x > 165 && x < 180 && y > 22 && y < 34 ? 235 : 120);
    const { bounds, coverage } = inkOf(3, light);
    const plain = inkOf(3, () => 120);
    expect(bounds).toEqual(plain.bounds);
    const sum = (shares: Float32Array): number => shares.reduce((all, share) => all + share, 0);
    expect(sum(coverage) / sum(plain.coverage)).toBeCloseTo(1, 1);
  });

  it('counts letters by what they cover, soft edges included', () => {
    const { coverage } = inkOf(3, () => 120);
    const thin = inkOf(3, () => 120, 'Bonjour là', 235, 400);
    const sum = (shares: Float32Array): number => shares.reduce((all, share) => all + share, 0);
    expect(sum(coverage) / sum(thin.coverage)).toBeGreaterThan(1.25);
  });

  it('takes out letters and outline, and leaves restless ground between words alone', () => {
    const { mask } = inkOf(3, restless);
    const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.6);
  });
});
