import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { CodeColors } from '../../../../operators/text/paint/code-colors.js';
import { findInk } from '../../../../operators/text/paint/find-ink.js';
import { BUNDLED_FAMILY, fontCss, typefaces } from '../../../../operators/text/paint/fonts.js';
import { emptyPatch, PatchGrid, readPatch } from '../../../../operators/text/paint/line-patch.js';
import { matchLettering } from '../../../../operators/text/paint/match-lettering.js';
import { haveSerifs, serifMarks } from '../../../../operators/text/paint/serif-marks.js';
import { quadSize, rectangleToQuad } from '../../../../operators/text/plane-map.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { testFrame } from '../../../helpers/frames.js';

/** Stems and bars: H, I and H, with serifs and thin bars, or without. */
function drawnLetters(hasSerifs: boolean, height: number) {
  const unit = height / 20;
  const [columns, rows] = [Math.ceil(70 * unit), Math.ceil(30 * unit)];
  const canvas = createCanvas(columns, rows);
  const context = canvas.getContext('2d');
  context.scale(unit, unit);
  const stem = (x: number): void => {
    context.fillRect(x, 5, 3, 20);
    if (!hasSerifs) return;
    context.fillRect(x - 2, 5, 7, 1.2);
    context.fillRect(x - 2, 23.8, 7, 1.2);
  };
  for (const x of [6, 18, 32, 46, 58]) stem(x);
  for (const x of [6, 46]) context.fillRect(x, 14, 14, hasSerifs ? 1.2 : 2.8);
  const { data } = context.getImageData(0, 0, columns, rows);
  const values = Float32Array.from({ length: columns * rows }, (_, at) => (data[4 * at + 3] as number) / 255);
  return { values, columns, rows, top: 5 * unit, bottom: 25 * unit };
}

/** How a word in some family is matched, in a picture of it. */
function matchedFamily(family: string, word: string, size: number): string | undefined {
  const faces = typefaces(undefined);
  const [width, height] = [400, 90];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#dddddd';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#222222';
  context.font = fontCss([family], 400, size);
  context.fillText(word, 20.3, 60.4);
  const measured = context.measureText(word);
  const [top, bottom] = [60.4 - measured.actualBoundingBoxAscent - 2, 60.4 + measured.actualBoundingBoxDescent + 2];
  const end = 22 + measured.width;
  const quad: TextQuad = [
    [18, top],
    [end, top],
    [end, bottom],
    [18, bottom],
  ];
  const frame = testFrame(0, { width, height });
  const { data } = context.getImageData(0, 0, width, height);
  const luma = frame.plane(0);
  for (let at = 0; at < luma.length; at++) luma[at] = data[4 * at] as number;
  frame.plane(1).fill(128);
  frame.plane(2).fill(128);
  const lengths = quadSize(quad);
  const grid = new PatchGrid(lengths.width, lengths.height);
  const patch = emptyPatch(grid);
  readPatch(frame, grid, rectangleToQuad(lengths.width, lengths.height, quad), patch);
  const ink = findInk(patch, grid, new Float32Array(grid.columns * grid.rows));
  const matched = matchLettering(ink, grid, word, 'Exit', faces, new CodeColors(frame));
  frame.close();
  return matched?.look.families[0];
}

const words = ['Sortie de secours', 'Entrada', 'Bitte nicht rauchen', 'Boulangerie', 'Horaires'];
const serif = typefaces(undefined).find(({ style }) => style === 'serif')?.family;
const others = ['Liberation Serif', 'DejaVu Serif', 'EB Garamond', 'Tinos', 'Gentium Plus'].filter(
  (family) => family !== serif && GlobalFonts.has(family),
);

describe('haveSerifs', () => {
  it('sees feet and thin bars, at any size from 20 samples on', () => {
    for (const height of [20, 28, 40]) {
      expect(haveSerifs(drawnLetters(true, height))).toBe(true);
      expect(haveSerifs(drawnLetters(false, height))).toBe(false);
    }
  });

  it('says nothing of what has no stems', () => {
    const empty = { values: new Float32Array(400), columns: 20, rows: 20, top: 2, bottom: 18 };
    expect(haveSerifs(empty)).toBeUndefined();
    expect(serifMarks({ ...empty, values: empty.values.map((_, at) => (at % 20 < 12 ? 1 : 0)) })).toBeUndefined();
  });
});

describe('matchLettering', () => {
  it('sets in the bundled sans what has no serifs', () => {
    for (const word of words) expect(matchedFamily(BUNDLED_FAMILY, word, 32)).toBe(BUNDLED_FAMILY);
  });

  it.skipIf(serif === undefined || others.length === 0)(
    'sets in a serif what has serifs, in other families too',
    () => {
      const right = others.flatMap((family) => words.map((word) => matchedFamily(family, word, 36) === serif));
      expect(right.filter((is) => is).length / right.length).toBeGreaterThanOrEqual(0.75);
    },
  );
});
