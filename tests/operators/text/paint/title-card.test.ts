import { describe, expect, it } from 'vitest';
import { areOneText } from '../../../../operators/text/paint/title-card.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';

function line(left: number, top: number, width: number, height = 30): TextQuad {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

describe('areOneText', () => {
  it('is true for lines in the middle of a card, and for a paragraph', () => {
    expect(areOneText([line(100, 100, 400), line(150, 145, 300), line(220, 190, 160)])).toBe(true);
    expect(areOneText([line(130, 100, 370), line(100, 145, 400), line(100, 190, 120)])).toBe(true);
    expect(areOneText([line(10, 10, 50)])).toBe(true);
    expect(areOneText([])).toBe(true);
  });

  it('is false for a poster: gaps between lines, lines that begin anywhere, and headings', () => {
    expect(areOneText([line(100, 100, 400), line(100, 200, 400)])).toBe(false);
    expect(areOneText([line(10, 100, 120), line(400, 145, 300), line(150, 190, 90)])).toBe(false);
    expect(areOneText([line(100, 100, 400, 80), line(100, 190, 400, 30)])).toBe(false);
  });
});
