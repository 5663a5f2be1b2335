import { describe, expect, it } from 'vitest';
import { DigitShape } from '../../../../operators/pose/draw/digit-shape.js';
import { FramePainter } from '../../../../operators/pose/draw/frame-painter.js';
import { Capsule, disc } from '../../../../operators/pose/draw/shape.js';
import { pixelFormats } from '../../../../pipeline/picture.js';
import type { FrameProperties, VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';
import { codeAt } from './people.js';

function blank(changes: Partial<FrameProperties>): VideoFrame {
  const frame = testFrame(0, { width: 33, height: 21, ...changes });
  const unit = 2 ** (frame.bitDepth - 8);
  frame.plane(0).fill(16 * unit);
  frame.plane(1).fill(128 * unit);
  frame.plane(2).fill(128 * unit);
  return frame;
}

const color = (matrix: number, range: 'tv' | 'pc' = 'tv') => ({
  range,
  matrix,
  primaries: 2,
  transfer: 2,
  chromaLocation: 0,
});

describe('FramePainter', () => {
  it.each(pixelFormats)('paints pure red in the codes of %s, and nothing beside the shape', (pixelFormat) => {
    const frame = blank({ pixelFormat, color: color(6) });
    const painter = new FramePainter(frame);
    painter.add(disc(16, 10, 5), 1);
    painter.paint([255, 0, 0]);
    const unit = 2 ** (frame.bitDepth - 8);
    // BT.601, limited range.
    expect(codeAt(frame, 0, 16, 10) / unit).toBeCloseTo(81.5, -0.5);
    expect(codeAt(frame, 1, 16, 10) / unit).toBeCloseTo(90.2, -0.5);
    expect(codeAt(frame, 2, 16, 10) / unit).toBeCloseTo(240, -0.5);
    for (const [x, y] of [
      [0, 0],
      [32, 20],
      [16, 18],
      [24, 10],
      [7, 10],
    ] as const) {
      expect([codeAt(frame, 0, x, y), codeAt(frame, 1, x, y), codeAt(frame, 2, x, y)]).toEqual([
        16 * unit,
        128 * unit,
        128 * unit,
      ]);
    }
    frame.close();
  });

  it.each([
    ['BT.601', color(6), [145, 54, 34]],
    ['BT.709', color(1), [173, 42, 26]],
    ['BT.2020', color(9), [164, 47, 25]],
    ['BT.601, full range', color(6, 'pc'), [150, 44, 21]],
  ] as const)('follows the matrix and range of the frame: green in %s', (_name, tags, [y, cb, cr]) => {
    const frame = blank({ pixelFormat: 'yuv444p', color: tags });
    const painter = new FramePainter(frame);
    painter.add(disc(16, 10, 5), 1);
    painter.paint([0, 255, 0]);
    expect([codeAt(frame, 0, 16, 10), codeAt(frame, 1, 16, 10), codeAt(frame, 2, 16, 10)]).toEqual([y, cb, cr]);
    frame.close();
  });

  it('has soft edges: a line half over a pixel covers half of it', () => {
    const frame = blank({ pixelFormat: 'yuv444p', color: color(6) });
    const painter = new FramePainter(frame);
    // Rows 8 and 9 wholly, 7 and 10 by half.
    painter.add(new Capsule(4, 9, 28, 9, 1.5), 1);
    painter.paint([255, 255, 255]);
    expect([6, 7, 8, 9, 10, 11].map((y) => codeAt(frame, 0, 16, y))).toEqual(
      [16, 126, 235, 235, 126, 16].map((v) => v),
    );
    frame.close();
  });

  it('gives a chroma sample the mean coverage of its four pixels', () => {
    const frame = blank({ color: color(6) });
    const painter = new FramePainter(frame);
    // Row 8 only: half of the chroma row 4.
    painter.add(new Capsule(4, 8.5, 28, 8.5, 0.5), 1);
    painter.paint([255, 0, 0]);
    expect(codeAt(frame, 2, 16, 8)).toBe(184);
    expect(codeAt(frame, 2, 16, 10)).toBe(128);
    frame.close();
  });

  it('paints shapes that overlap no denser than one of them', () => {
    const frame = blank({ color: color(6) });
    const painter = new FramePainter(frame);
    painter.add(new Capsule(4, 10, 18, 10, 3), 0.5);
    painter.add(new Capsule(14, 10, 28, 10, 3), 0.5);
    painter.paint([255, 255, 255]);
    expect(codeAt(frame, 0, 16, 10)).toBe(codeAt(frame, 0, 8, 10));
    expect(codeAt(frame, 0, 16, 10)).toBe(126);
    painter.paint([0, 0, 0]);
    expect(codeAt(frame, 0, 16, 10), 'the mask is empty after painting').toBe(126);
    frame.close();
  });

  it.each([
    ['beside the picture', new Capsule(-40, -40, -20, -9, 3)],
    ['at places that are no numbers', new Capsule(Number.NaN, 4, 9, Number.NaN, 3)],
    ['at endless places', new Capsule(Number.NEGATIVE_INFINITY, 4, Number.POSITIVE_INFINITY, 4, 3)],
  ])('leaves the picture alone for a line %s', (_name, shape) => {
    const frame = blank({ color: color(6) });
    const before = frame.plane(0).slice();
    const painter = new FramePainter(frame);
    painter.add(shape, 1);
    painter.paint([255, 255, 255]);
    expect(frame.plane(0)).toEqual(before);
    frame.close();
  });

  it('cuts off what reaches over each edge', () => {
    const frame = blank({ color: color(6) });
    const painter = new FramePainter(frame);
    painter.add(new Capsule(-1000, 10, 1000, 10, 2), 1);
    painter.add(new Capsule(16, -1000, 16, 1000, 2), 1);
    painter.paint([255, 255, 255]);
    for (const [x, y] of [
      [0, 10],
      [32, 10],
      [16, 0],
      [16, 20],
    ] as const)
      expect(codeAt(frame, 0, x, y)).toBe(235);
    expect(codeAt(frame, 0, 3, 3)).toBe(16);
    frame.close();
  });

  it('covers a slanted line as much by its rows as a test of every pixel does', () => {
    const shape = new Capsule(5, 3, 27, 17, 2.3);
    const frame = blank({ pixelFormat: 'yuv444p', color: color(6) });
    const painter = new FramePainter(frame);
    painter.add(shape, 1);
    painter.paint([255, 255, 255]);
    for (let y = 0; y < frame.height; y++) {
      for (let x = 0; x < frame.width; x++) {
        const share = Math.round(shape.coverage(x + 0.5, y + 0.5) * 255) / 255;
        expect(codeAt(frame, 0, x, y)).toBe(Math.round(16 + 219 * share));
      }
    }
    frame.close();
  });

  it('draws ten digits that differ', () => {
    const drawings = Array.from({ length: 10 }, (_, digit) => {
      const shape = new DigitShape(digit, 0, 0, 2);
      const cells = Array.from({ length: 140 }, (_, i) => shape.coverage((i % 10) + 0.5, Math.floor(i / 10) + 0.5));
      return cells.map((value) => (value > 0.5 ? '#' : '.')).join('');
    });
    expect(new Set(drawings).size).toBe(10);
    for (const drawing of drawings) expect(drawing).toMatch(/#/);
  });
});
