import { describe, expect, it } from 'vitest';
import { HardCut } from '../../../operators/shot-change/hard-cut.js';
import { lumaGrid } from '../../../operators/shot-change/luma-grid.js';
import { ShotChange } from '../../../operators/shot-change/shot-change.js';
import type { PixelFormat } from '../../../pipeline/picture.js';
import { grainy, type Luma, landscape, picture, stage } from '../colorize/pictures.js';

/** For each picture, whether it counts as the first of a shot. */
function firsts(pictures: readonly Luma[], cuts = new HardCut(), pixelFormat: PixelFormat = 'yuv420p') {
  return pictures.map((luma) => {
    const frame = picture(0, { luma, pixelFormat });
    const first = cuts.isFirst(lumaGrid(frame));
    frame.close();
    return first;
  });
}

/** Somebody in front of a plain wall. */
const personAt =
  (at: number): Luma =>
  (x, y) =>
    Math.abs(x - at) < 0.08 && y > 0.2 ? 0.15 : 0.8;

describe('HardCut', () => {
  it.each<PixelFormat>(['yuv420p', 'yuv422p10'])('sees a hard cut, there and back, in %s', (pixelFormat) => {
    const pictures = [landscape, landscape, stage, stage, landscape];
    expect(firsts(pictures, new HardCut(), pixelFormat)).toEqual([true, false, true, false, true]);
  });

  it('is not misled by somebody who runs across a plain picture, where the layout alone would be', () => {
    const run = [0.2, 0.4, 0.6, 0.8].map(personAt);
    expect(firsts(run, new ShotChange() as unknown as HardCut)).toEqual([true, true, true, true]);
    expect(firsts(run)).toEqual([true, false, false, false]);
  });

  it('is not misled by grain, and by light that changes', () => {
    const dim: Luma = (x, y) => 0.5 * landscape(x, y);
    expect(firsts([grainy(landscape, 0.1, 1), grainy(landscape, 0.1, 2), dim, landscape])).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('the grid', () => {
  it.each([
    ['one pixel', 1, 1],
    ['odd sides', 301, 203],
    ['a strip', 2, 400],
  ])('reads 64×36 points of a picture of %s', (_, width, height) => {
    const frame = picture(0, { width, height, luma: () => 0.5 });
    const { luma } = lumaGrid(frame);
    frame.close();
    expect(luma).toHaveLength(64 * 36);
    for (const value of luma) expect(value).toBeCloseTo(0.5, 1);
  });
});
