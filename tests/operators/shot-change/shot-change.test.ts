import { describe, expect, it } from 'vitest';
import { lumaGrid } from '../../../operators/shot-change/luma-grid.js';
import { ShotChange } from '../../../operators/shot-change/shot-change.js';
import { grainy, type Luma, landscape, picture, stage } from '../colorize/pictures.js';

/** For each picture, whether it counts as the first of a shot. */
function firsts(...pictures: Luma[]): readonly boolean[] {
  const shots = new ShotChange();
  return pictures.map((luma) => {
    const frame = picture(0, { luma });
    const first = shots.isFirst(lumaGrid(frame));
    frame.close();
    return first;
  });
}

const shifted =
  (luma: Luma, by: number): Luma =>
  (x, y) =>
    luma(x + by, y);

describe('ShotChange', () => {
  it('sees a hard cut, there and back', () => {
    expect(firsts(landscape, landscape, stage, stage, landscape)).toEqual([true, false, true, false, true]);
  });

  it('sees a cut to a flat picture that is laid out alike', () => {
    const pale: Luma = (x, y) => 0.5 + 0.1 * landscape(x, y);
    expect(firsts(landscape, pale)).toEqual([true, true]);
  });

  it('is not misled by grain, flicker and flashes', () => {
    const flash: Luma = (x, y) => 0.3 + 0.6 * landscape(x, y);
    const dim: Luma = (x, y) => 0.5 * landscape(x, y);
    const pictures = [grainy(landscape, 0.1, 1), grainy(landscape, 0.1, 2), flash, dim, landscape];
    expect(firsts(...pictures)).toEqual([true, false, false, false, false]);
  });

  it('is not misled by a pan', () => {
    expect(firsts(landscape, shifted(landscape, 0.02), shifted(landscape, 0.04))).toEqual([true, false, false]);
  });

  it('takes a picture after black for another shot, and black after black for the same', () => {
    const black: Luma = () => 0;
    expect(firsts(landscape, black, black, stage)).toEqual([true, true, false, true]);
  });
});
