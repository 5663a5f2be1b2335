import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../../operators/text/quad-math.js';
import { letterColumns } from '../../../../operators/text/read/letter-columns.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';

const box = (x: number, y: number, width: number, height: number): TextQuad => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];
/** Letters one below the other. */
const stack = (count: number, { x = 100, y = 50, width = 20, height = 24, gap = 10, lean = 0 } = {}): TextQuad[] =>
  Array.from({ length: count }, (_, i) => box(x + lean * i, y + i * (height + gap), width, height));

describe('columns of letters', () => {
  it('are made of boxes that stand above each other, begun at the right upper corner, as text that runs down', () => {
    const parts = stack(4);
    const [column, ...others] = letterColumns([...parts].reverse());
    expect(others).toEqual([]);
    expect(column?.parts).toEqual(parts);
    expect(boundsOf(column?.quad as TextQuad).map(Math.round)).toEqual([100, 50, 120, 176]);
    expect(column?.quad[0].map(Math.round)).toEqual([120, 50]);
    expect(column?.quad[1].map(Math.round)).toEqual([120, 176]);
  });

  it('are made of single letters and pieces with several of them, narrow ones and one that was not found', () => {
    const parts = [box(100, 50, 22, 24), box(100, 84, 20, 90), box(106, 184, 8, 24), box(101, 240, 20, 24)];
    expect(letterColumns(parts).map(({ parts }) => parts.length)).toEqual([4]);
  });

  it('may lean a little', () => {
    expect(letterColumns(stack(5, { lean: 3 }))).toHaveLength(1);
    expect(letterColumns(stack(5, { lean: 16 }))).toEqual([]);
  });

  it.each<readonly [string, readonly TextQuad[]]>([
    ['lines of text', stack(4, { width: 120 })],
    ['short words', stack(4, { width: 40 })],
    ['two letters', stack(2, { gap: 2 })],
    ['letters far apart', stack(3, { gap: 60 })],
    ['boxes of other sizes', [box(100, 50, 20, 24), box(60, 84, 110, 130)]],
    ['the first column of a table', [...stack(4), ...stack(4, { x: 128, width: 90 })]],
    ['one box', stack(1, { height: 200 })],
  ])('are not made of %s', (_, quads) => {
    expect(letterColumns(quads)).toEqual([]);
  });

  it('are bounded in a wall of letters', () => {
    const wall = Array.from({ length: 40 }, (_, i) => stack(5, { x: 100 * i })).flat();
    expect(letterColumns(wall).length).toBeLessThanOrEqual(6);
  });
});
