import { describe, expect, it } from 'vitest';
import {
  alignedQuad,
  areaOf,
  isConvex,
  mostChange,
  mostStretch,
  quadOverlap,
  reachBeyond,
  sharedArea,
} from '../../../operators/text/quad-math.js';
import { inReadingOrder } from '../../../operators/text/read/reading-order.js';
import { textLikeness } from '../../../operators/text/read/text-likeness.js';
import { legibleBoxes } from '../../../operators/text/read/text-sight.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';

function box(x: number, y: number, width: number, height: number): TextQuad {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

const diamond: TextQuad = [
  [10, 0],
  [20, 10],
  [10, 20],
  [0, 10],
];

describe('quadrangles of text', () => {
  it('reach beyond others at their ends, along the text', () => {
    expect(reachBeyond(box(-3, 5, 110, 10), box(0, 0, 100, 20))).toEqual([3, 7]);
    const upwards = (start: number, end: number): TextQuad => [
      [0, start],
      [0, end],
      [10, end],
      [10, start],
    ];
    expect(reachBeyond(upwards(100, 10), upwards(100, 20))).toEqual([0, 10]);
  });

  it('share the area that both cover', () => {
    expect(sharedArea(box(0, 0, 20, 20), diamond)).toBeCloseTo(200);
    expect(sharedArea(box(0, 0, 10, 10), diamond)).toBeCloseTo(50);
    expect(sharedArea(box(30, 0, 10, 10), diamond)).toBe(0);
    expect(quadOverlap(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(1 / 3);
    expect(areaOf(diamond)).toBe(200);
  });

  it('are stretched by their edge that changes most, and turned without that', () => {
    expect(mostStretch(box(0, 0, 20, 10), box(5, 5, 20, 12))).toBeCloseTo(1.2);
    expect(mostStretch(box(0, 0, 20, 10), box(5, 5, 10, 10))).toBeCloseTo(2);
    expect(mostChange(box(0, 0, 20, 10), box(5, 5, 20, 12))).toBeCloseTo(0.2);
    const turned: TextQuad = [
      [10, 0],
      [10, 20],
      [0, 20],
      [0, 0],
    ];
    expect(mostStretch(box(0, 0, 20, 10), turned)).toBeCloseTo(1);
    expect(mostChange(box(0, 0, 20, 10), turned)).toBeCloseTo(Math.SQRT2);
  });

  it('are convex or not', () => {
    expect(isConvex(diamond)).toBe(true);
    expect(isConvex([diamond[0], diamond[2], diamond[1], diamond[3]])).toBe(false);
  });

  it('begin where those begin that they continue', () => {
    const [a, b, c, d] = box(0, 0, 50, 10);
    expect(alignedQuad([c, d, a, b], box(3, 1, 50, 10))).toEqual([a, b, c, d]);
  });

  it('are read row by row from above, each from the left', () => {
    const items = [box(60, 32, 40, 10), box(5, 30, 40, 10), box(20, 2, 40, 10)].map((quad) => ({ quad }));
    expect(inReadingOrder(items).map(({ quad }) => quad[0][0])).toEqual([20, 5, 60]);
  });
});

describe('legible boxes', () => {
  const size = { width: 200, height: 100 };
  const legible = (quads: readonly TextQuad[], most = 9) =>
    legibleBoxes(
      quads.map((quad) => ({ quad, score: 0.9 })),
      most,
      size,
    ).map(({ quad }) => quad);

  it('are the highest', () => {
    const [small, large] = [box(10, 10, 50, 8), box(10, 40, 50, 20)];
    expect(legible([small, large])).toEqual([large, small]);
    expect(legible([small, large], 1)).toEqual([large]);
  });

  it('are none that are too small, dented, or cut lengthwise by the edge', () => {
    expect(legible([box(10, 10, 50, 3)])).toEqual([]);
    expect(legible([box(10, 0, 50, 12)])).toEqual([]);
    expect(legible([[diamond[0], diamond[2], diamond[1], diamond[3]]])).toEqual([]);
    expect(legible([box(0, 40, 50, 12)])).toHaveLength(1);
  });
});

describe('readings', () => {
  it('are alike whatever their case, spaces and punctuation', () => {
    expect(textLikeness('Good/morning; Paris)', 'good morning, Paris')).toBe(1);
    expect(textLikeness('exit', 'ex1t')).toBe(0.75);
    expect(textLikeness('Bonjour', 'Au revoir')).toBeLessThan(0.5);
  });
});
